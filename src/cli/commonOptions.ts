import type { OptionSpecs } from './optionSpec.ts';

/** Options that every command takes. */
export const commonOptions = {
	project: {
		type: 'string',
		value: 'DIR',
		help: 'the folder that contains .stat (default: this one, or the nearest above)',
	},
	json: { type: 'boolean', help: 'print exactly one JSON object on stdout; progress and logs stay on stderr' },
	yes: { type: 'boolean', help: 'answer yes to every question: a paid call, a new host, a removal' },
	verbose: { type: 'boolean', help: 'print more on stderr' },
	help: { type: 'boolean', help: 'show this help' },
} satisfies OptionSpecs;
