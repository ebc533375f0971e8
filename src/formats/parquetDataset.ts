import { open } from 'node:fs/promises';
import type { SchemaElement } from 'hyparquet';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { DatasetRow } from '../core/datasets/dataset.ts';
import type { StudentTemplate } from '../core/questions/studentTemplate.ts';
import { wellFormed } from '../core/text/wellFormed.ts';
import { trainingRow } from './trainingRow.ts';

/** Number of rows per group, the unit that viewers and streaming readers fetch. */
const rowGroupSize = 1000;

/**
 * Writes TRL's prompt and completion as Parquet, the Hub's own format: lists of {role, content} for a chat student,
 * text for a plain one. The file is on disk once the promise resolves.
 */
export async function writeParquet(
	file: string,
	rows: AsyncIterable<DatasetRow>,
	template: StudentTemplate,
): Promise<void> {
	const named = async function* () {
		for await (const row of rows) {
			yield encodable(trainingRow('trl', row, template)) as Record<string, unknown>;
		}
	};
	await parquetWriteRows({
		writer: fileWriter(file),
		rows: named(),
		columns: [{ name: 'prompt' }, { name: 'completion' }],
		schema: template.kind === 'chat' ? chatSchema : plainSchema,
		rowGroupSize,
		createdBy: 'stat-studio',
	});
	const handle = await open(file, 'r+');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

const text = (name: string): SchemaElement => ({
	name,
	type: 'BYTE_ARRAY',
	converted_type: 'UTF8',
	logical_type: { type: 'STRING' },
	repetition_type: 'REQUIRED',
});
const messages = (name: string): SchemaElement[] => [
	{ name, repetition_type: 'REQUIRED', converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 },
	{ name: 'list', repetition_type: 'REPEATED', num_children: 1 },
	{ name: 'element', repetition_type: 'REQUIRED', num_children: 2 },
	text('role'),
	text('content'),
];
const chatSchema: SchemaElement[] = [
	{ name: 'root', num_children: 2 },
	...messages('prompt'),
	...messages('completion'),
];
const plainSchema: SchemaElement[] = [{ name: 'root', num_children: 2 }, text('prompt'), text('completion')];

function encodable(value: unknown): unknown {
	if (typeof value === 'string') {
		return wellFormed(value);
	}
	if (Array.isArray(value)) {
		return value.map(encodable);
	}
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, encodable(field)]));
	}
	return value;
}
