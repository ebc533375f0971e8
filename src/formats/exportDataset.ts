import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetRow } from '../core/datasets/dataset.ts';
import { fileError } from '../core/errors/fileError.ts';
import type { StudentTemplate } from '../core/questions/studentTemplate.ts';
import { messageOf, StatError, throwIfCancelled } from '../core/errors/statError.ts';
import type { ExportFormat, TrainingShape } from '../core/training/exportFormat.ts';
import { exportFormatFacts, exportFormats } from '../core/training/exportFormat.ts';
import { refuseProjectFolder } from './refuseProjectFolder.ts';
import { axolotlConfig, llamaFactoryEntry, trainingRow } from './trainingRow.ts';

const flushCharacters = 1_000_000;
/** Maximum size of an existing dataset_info.json into which an entry is merged. */
const maxRegistry = 16 * 1024 * 1024;
/** A data file's ending, which the names of the files beside it leave out. */
const dataEnding = new RegExp(
	`\\.(${Object.values(exportFormatFacts)
		.flatMap(({ ending, proposedEnding }) => [ending, proposedEnding])
		.join('|')})$`,
	'i',
);

type Guide = (typeof exportFormatFacts)[ExportFormat]['guide'];

/**
 * Writes `rows` in order for another tool's trainer. Fields that its format does not have (question, skill, kind,
 * flags) go to `NAME.meta.jsonl` in the same order. `out` is a file, or a folder (existing, or ending in a slash) in
 * which the file is named after `name`; for `llama-factory` it is always a folder, whose existing `dataset_info.json`
 * keeps its other entries. Everything is written to temporary files and renamed at the end; an error or a cancelled run
 * leaves nothing behind. Throws StatError. The same rows give the same bytes. `replace: false` refuses existing files
 * and missing folders.
 */
export async function exportDataset(
	format: ExportFormat,
	name: string,
	rows: AsyncIterable<DatasetRow>,
	out: string,
	template: StudentTemplate,
	signal: AbortSignal,
	replace = true,
): Promise<{ rows: number; path: string; files: string[] }> {
	if (!exportFormats.includes(format)) {
		throw new StatError('formats.noExportFormat', { format: String(format), formats: exportFormats.join(', ') });
	}
	const target = await targetOf(format, name, out);
	await refuseProjectFolder(target.data);
	if (!replace) {
		await refuseSurprises(target, exportFormatFacts[format].guide);
	}
	const { rows: shapes, ending, guide } = exportFormatFacts[format];
	const shape = shapes[template.kind];
	const info = await infoText(guide, target, name, shape, template);
	const files = [target.meta, target.data, ...(target.info === null ? [] : [target.info])];
	// Unique, so that two exports to the same file do not write into each other's temporary files.
	const mark = randomUUID().slice(0, 8);
	const temporary = (file: string) => path.join(path.dirname(file), `.${path.basename(file)}.${mark}.tmp`);
	try {
		await mkdir(path.dirname(target.data), { recursive: true });
		const count = await writeRows(
			rows,
			ending === 'parquet' ? 'parquet' : shape,
			template,
			temporary(target.data),
			temporary(target.meta),
			target.data.endsWith('.json'),
			signal,
		);
		if (target.info !== null && info !== null) {
			await writeWhole(temporary(target.info), info);
		}
		throwIfCancelled({ signal });
		for (const file of files) {
			await rename(temporary(file), file);
		}
		return {
			rows: count,
			path: guide === 'registry' ? path.dirname(target.data) : target.data,
			files: [target.data, target.meta, ...(target.info === null ? [] : [target.info])],
		};
	} catch (error) {
		await Promise.all(files.map((file) => rm(temporary(file), { force: true })));
		throw error instanceof StatError || !(error instanceof Error && 'syscall' in error)
			? error
			: fileError(out, error);
	}
}

/**
 * Refuses to overwrite a file that the user did not name, or to create a folder because of a typing error.
 * LLaMA-Factory's registry is extended, not replaced.
 */
async function refuseSurprises({ data, meta, info }: Target, guide: Guide): Promise<void> {
	const there = async (file: string): Promise<boolean> => (await stat(file).catch(() => null)) !== null;
	for (const file of [data, meta, ...(info !== null && guide === 'config' ? [info] : [])]) {
		if (await there(file)) {
			throw new StatError('formats.exportExists', { file });
		}
	}
	// A folder for this export is created; its parent must exist.
	const parent = path.dirname(guide === 'registry' ? path.dirname(data) : data);
	if (!(await there(parent))) {
		throw new StatError('formats.noExportFolder', { folder: parent });
	}
}

/** Returns the content of the file that tells the trainer how to read the data; `null` if there is no such file. */
async function infoText(
	guide: Guide,
	{ info, data }: Target,
	name: string,
	shape: TrainingShape,
	template: StudentTemplate,
): Promise<string | null> {
	if (info === null) {
		return null;
	}
	return guide === 'config'
		? axolotlConfig(shape, path.basename(data))
		: mergedInfo(info, fileName(name), path.basename(data), shape, template);
}

interface Target {
	readonly data: string;
	readonly meta: string;
	/** The file that tells the trainer how to read the data: LLaMA-Factory's registry, or axolotl's lines. */
	readonly info: string | null;
}

async function targetOf(format: ExportFormat, name: string, out: string): Promise<Target> {
	if (out.trim() === '' || out.includes('\0')) {
		throw new StatError('formats.noExportTarget', {});
	}
	const { ending, guide } = exportFormatFacts[format];
	const found = await stat(out).catch(() => null);
	const folder = found?.isDirectory() === true || /[/\\]$/.test(out) || guide === 'registry';
	if (folder && found !== null && !found.isDirectory()) {
		throw new StatError('formats.exportNeedsFolder', { file: out, format });
	}
	const data = folder ? path.join(out, `${fileName(name)}.${ending}`) : out;
	const bare = path.join(path.dirname(data), path.basename(data).replace(dataEnding, ''));
	const meta = `${bare}.meta.jsonl`;
	for (const file of [data, meta]) {
		const there = await stat(file).catch(() => null);
		if (there !== null && !there.isFile()) {
			throw new StatError('formats.exportNeedsFile', { file });
		}
	}
	return { data, meta, info: infoFile(guide, out, bare) };
}

function infoFile(guide: Guide, folder: string, bare: string): string | null {
	switch (guide) {
		case 'registry':
			return path.join(folder, 'dataset_info.json');
		case 'config':
			return `${bare}.axolotl.yml`;
		case null:
			return null;
	}
}

/** Turns a dataset's name into a file name. The name may come from somebody else's card. */
function fileName(name: string): string {
	return (
		name
			.replace(/[^A-Za-z0-9._-]+/g, '_')
			.replace(/^\.+/, '')
			.slice(0, 80) || 'dataset'
	);
}

async function writeRows(
	rows: AsyncIterable<DatasetRow>,
	shape: TrainingShape | 'parquet',
	template: StudentTemplate,
	dataFile: string,
	metaFile: string,
	asList: boolean,
	signal: AbortSignal,
): Promise<number> {
	const meta = await TextWriter.open(metaFile);
	let count = 0;
	const checked = async function* () {
		for await (const row of rows) {
			throwIfCancelled({ signal });
			const { questionId, question, gold, subject, skill, forQuestion, kind, sample, flags } = row;
			if (question.trim() === '' || row.solution.trim() === '') {
				throw new StatError('formats.emptyField', {
					row: count,
					field: question.trim() === '' ? 'question' : 'solution',
				});
			}
			yield row;
			meta.add(
				`${jsonLine({ row: count, questionId, subject, skill: skill?.name ?? null, forQuestion, kind, sample, gold, flags })}\n`,
			);
			count++;
			await meta.flushWhenFull();
		}
	};
	try {
		if (shape === 'parquet') {
			await (await import('./parquetDataset.ts')).writeParquet(dataFile, checked(), template);
		} else {
			await writeText(checked(), shape, template, dataFile, asList);
		}
		await meta.finish();
		return count;
	} finally {
		await meta.close();
	}
}

async function writeText(
	rows: AsyncIterable<DatasetRow>,
	shape: TrainingShape,
	template: StudentTemplate,
	file: string,
	asList: boolean,
): Promise<void> {
	const data = await TextWriter.open(file);
	try {
		let separator = asList ? '[\n' : '';
		for await (const row of rows) {
			data.add(`${separator}${jsonLine(trainingRow(shape, row, template))}${asList ? '' : '\n'}`);
			separator = asList ? ',\n' : '';
			await data.flushWhenFull();
		}
		if (asList) {
			data.add(`${separator === ',\n' ? '' : separator}\n]\n`);
		}
		await data.finish();
	} finally {
		await data.close();
	}
}

/**
 * Renders a line that every reader treats as one line: separators that some readers treat as line ends are escaped, and
 * lone surrogates, which UTF-8 cannot encode, become U+FFFD.
 */
function jsonLine(value: unknown): string {
	const text = JSON.stringify(value).replace(
		/[\u0085\u2028\u2029]/g,
		(found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	// JSON.stringify writes only lone surrogates as \udXXX; after an even number of backslashes, the same characters
	// are text.
	return text.includes('\\ud')
		? text.replace(/\\(?:ud[89a-f][0-9a-f]{2}|.)/gs, (found) => (found.length === 6 ? '\ufffd' : found))
		: text;
}

/** Sets this dataset's entry in an existing dataset_info.json and preserves the other entries. */
async function mergedInfo(
	file: string,
	name: string,
	data: string,
	shape: TrainingShape,
	template: StudentTemplate,
): Promise<string> {
	let existing: unknown = {};
	const found = await stat(file).catch(() => null);
	if (found !== null) {
		try {
			if (found.size > maxRegistry) {
				throw new Error('it is too large');
			}
			existing = JSON.parse((await readFile(file, 'utf8')).replace(/^\ufeff/, '')) as unknown;
			if (typeof existing !== 'object' || existing === null || Array.isArray(existing)) {
				throw new Error('it is not an object');
			}
		} catch (error) {
			throw new StatError('formats.datasetInfo', { file, reason: messageOf(error) }, { cause: error });
		}
	}
	const entries = new Map(Object.entries(existing as Record<string, unknown>));
	entries.set(name, llamaFactoryEntry(shape, data, template));
	return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

async function writeWhole(file: string, text: string): Promise<void> {
	const writer = await TextWriter.open(file);
	try {
		writer.add(text);
		await writer.finish();
	} finally {
		await writer.close();
	}
}

/** Buffers UTF-8 text on its way to disk. */
class TextWriter {
	private parts: string[] = [];
	private length = 0;

	private constructor(private readonly handle: FileHandle) {}

	static async open(file: string): Promise<TextWriter> {
		return new TextWriter(await open(file, 'wx'));
	}

	add(text: string): void {
		this.parts.push(text);
		this.length += text.length;
	}

	async flushWhenFull(): Promise<void> {
		if (this.length >= flushCharacters) {
			await this.flush();
		}
	}

	/** Ensures that everything is on disk before the rename makes it visible. */
	async finish(): Promise<void> {
		await this.flush();
		await this.handle.sync();
	}

	async close(): Promise<void> {
		await this.handle.close();
	}

	private async flush(): Promise<void> {
		const bytes = Buffer.from(this.parts.join(''), 'utf8');
		this.parts = [];
		this.length = 0;
		for (let at = 0; at < bytes.length;) {
			at += (await this.handle.write(bytes, at)).bytesWritten;
		}
	}
}
