import type { ExportFormat } from '../../core/training/exportFormat.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { StudentTemplate } from '../../core/questions/studentTemplate.ts';
import type { Run } from '../../core/run.ts';
import { rowsAsCurated } from '../curation/rowsAsCurated.ts';
import { projectTemplate } from '../reading/projectTemplate.ts';

export interface ExportDatasetOptions {
	readonly name: string;
	readonly format: ExportFormat;
	readonly out: string;
	/** Whether to overwrite existing files and create missing folders; by default both are refused. */
	readonly replace?: boolean | undefined;
}
export interface ExportDatasetResult {
	rows: number;
	path: string;
	files: string[];
	format: ExportFormat;
	template: StudentTemplate;
	/** Number of synthesized problems left out, because they were rejected or are demanded and not yet decided. */
	leftOut: number;
}

/** Exports a dataset in another trainer's format, with prompts formatted by the project's student template. */
export async function exportDataset(
	parts: Parts,
	options: ExportDatasetOptions,
	run: Run,
): Promise<ExportDatasetResult> {
	const { pairs } = await parts.datasets.card(options.name);
	const template = await projectTemplate(parts.store);
	const { rows: curated, left } = await rowsAsCurated(parts, options.name, run);
	let done = 0;
	async function* rows() {
		for await (const row of curated) {
			yield row;
			done += 1;
			if (done % 500 === 0) {
				run.progress({ label: 'Exporting', done, total: pairs });
			}
		}
	}
	const written = await parts.files.export(
		options.format,
		options.name,
		rows(),
		options.out,
		template,
		run.signal,
		options.replace ?? false,
	);
	return { ...written, format: options.format, template, leftOut: left };
}
