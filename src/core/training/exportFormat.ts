import type { StudentTemplate } from '../questions/studentTemplate.ts';

/** The fields of a row in a trainer's file. */
export type TrainingShape = 'trl' | 'openai' | 'alpaca' | 'sharegpt' | 'segments';

interface ExportFormatFacts {
	readonly label: string;
	readonly detail: string;
	readonly rows: Readonly<Record<StudentTemplate['kind'], TrainingShape>>;
	/** The file's ending in a folder; it also decides between text and Parquet. */
	readonly ending: 'jsonl' | 'parquet';
	/** The ending that a save dialog proposes; a path that ends in `.json` gets one list. */
	readonly proposedEnding: 'jsonl' | 'json' | 'parquet';
	/**
	 * What tells the trainer how to read the file: an entry in the registry of its folder, which is then what is named
	 * for the export, or a configuration beside the file.
	 */
	readonly guide: 'registry' | 'config' | null;
}

/** Every format in which a dataset is exported, in the order of choice; all that differs by format derives from it. */
export const exportFormatFacts = {
	trl: {
		label: 'TRL',
		detail: 'prompt / completion, JSONL',
		rows: { chat: 'trl', plain: 'trl' },
		ending: 'jsonl',
		proposedEnding: 'jsonl',
		guide: null,
	},
	openai: {
		label: 'OpenAI',
		detail: 'messages, JSONL',
		rows: { chat: 'openai', plain: 'openai' },
		ending: 'jsonl',
		proposedEnding: 'jsonl',
		guide: null,
	},
	alpaca: {
		label: 'Alpaca',
		detail: 'instruction / input / output, JSON',
		rows: { chat: 'alpaca', plain: 'alpaca' },
		ending: 'jsonl',
		proposedEnding: 'json',
		guide: null,
	},
	sharegpt: {
		label: 'ShareGPT',
		detail: 'conversations, JSON',
		rows: { chat: 'sharegpt', plain: 'sharegpt' },
		ending: 'jsonl',
		proposedEnding: 'json',
		guide: null,
	},
	'llama-factory': {
		label: 'LLaMA-Factory',
		detail: 'alpaca + dataset_info.json',
		rows: { chat: 'sharegpt', plain: 'alpaca' },
		ending: 'jsonl',
		proposedEnding: 'jsonl',
		guide: 'registry',
	},
	axolotl: {
		label: 'axolotl',
		detail: 'messages, JSONL, and the lines for its YAML',
		rows: { chat: 'openai', plain: 'segments' },
		ending: 'jsonl',
		proposedEnding: 'jsonl',
		guide: 'config',
	},
	parquet: {
		label: 'Parquet',
		detail: 'prompt / completion, for the Hub and datasets',
		rows: { chat: 'trl', plain: 'trl' },
		ending: 'parquet',
		proposedEnding: 'parquet',
		guide: null,
	},
} as const satisfies Readonly<Record<string, ExportFormatFacts>>;

export type ExportFormat = keyof typeof exportFormatFacts;
export const exportFormats = Object.keys(exportFormatFacts) as readonly ExportFormat[];
