import { usageError } from './usageError.ts';
import path from 'node:path';
import { exportFormats } from '../core/training/exportFormat.ts';
import { exportDataset } from '../workflow/training/exportDataset.ts';
import { command } from './command.ts';

export const exportCommand = command({
	args: ['NAME'],
	about:
		'Exports a dataset as files for other trainers, streamed. trl: prompt and completion, loss on the completion ' +
		'only; llama-factory: with its dataset_info.json; axolotl: with the lines for its YAML.',
	options: {
		format: { type: 'string', value: 'F', help: 'format to write (default trl)' },
		out: { type: 'string', required: true, value: 'PATH', help: 'the file to write (llama-factory: the folder)' },
		replace: { type: 'boolean', help: 'overwrite existing files and create missing folders' },
	},
	async run({ parts, args: [name], values, run }) {
		const out = values.required('out', 'where should it go?');
		const format = values.oneOf('format', exportFormats) ?? 'trl';
		if (name === undefined) {
			throw usageError('which dataset?');
		}
		const result = await exportDataset(
			await parts(),
			{
				name,
				format,
				out: /[/\\]$/.test(out) ? `${path.resolve(out)}${path.sep}` : path.resolve(out),
				replace: values.flag('replace'),
			},
			run,
		);
		return {
			json: result,
			text:
				`${result.rows} rows as ${format} in ` +
				`${result.path}${result.leftOut > 0 ? `; curation leaves out ${result.leftOut} problems` : ''}`,
		};
	},
});
