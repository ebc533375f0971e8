import type { Command } from './command.ts';
import { oneLine } from './wording.ts';

/** Default number of rows shown as text. */
const limitDefault = 100;

export const setAside: Command = {
	usage: '[OPERATION…] [--limit N] [--offset N]',
	about:
		'What did not come through, and why: lines of imports, malformed or refused replies of the teacher, ' +
		'with their text. Of one operation ("import answers", "diagnose", "build NAME"), else of all.',
	options: {
		limit: { type: 'string', value: 'N', help: `rows shown (default ${limitDefault})` },
		offset: { type: 'string', value: 'N', help: 'rows left out first' },
	},
	words: { least: 0, most: Infinity },
	async run({ parts, words, values }) {
		const { store } = await parts();
		const { total, rows } = await store.read('setAside', {
			operation: words.length === 0 ? null : words.join(' '),
			offset: values.whole('offset') ?? 0,
			limit: values.whole('limit', 1) ?? limitDefault,
		});
		const lines = rows.map(
			({ operation, file, line, field, key, message }) =>
				`${operation}  ${file === null ? key : `${file}:${line ?? 0}`}${field ? ` ${field}` : ''}: ` +
				`${oneLine(message, 300)}`,
		);
		return { json: { total, rows }, text: [`${total} set aside`, ...lines].join('\n') };
	},
};
