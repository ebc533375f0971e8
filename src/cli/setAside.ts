import { command } from './command.ts';
import { oneLine } from './wording.ts';

/** Default number of rows shown as text. */
const limitDefault = 100;

export const setAside = command({
	args: ['[OPERATION…]'],
	about:
		'Lists what was set aside, and why: lines of imports, malformed or refused replies of the teacher, with ' +
		'their text. For one operation ("import answers", "diagnose", "build NAME"), or for all.',
	options: {
		limit: { type: 'string', value: 'N', help: `number of rows shown (default ${limitDefault})` },
		offset: { type: 'string', value: 'N', help: 'number of rows to skip' },
	},
	async run({ parts, args, values }) {
		const { store } = await parts();
		const { total, rows } = await store.read('setAside', {
			operation: args.length === 0 ? null : args.join(' '),
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
});
