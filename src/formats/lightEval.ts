import path from 'node:path';
import type { FileDescription } from '../core/ports/files.ts';
import { dialogueOf } from './dialogue.ts';
import { plainView } from './plainView.ts';
import { withoutInstructions } from './promptText.ts';
import { pythonList } from './pythonList.ts';
import type { Row } from './rowReader.ts';
import { isRow } from './rowReader.ts';
import type { RowView } from './view.ts';

/**
 * LightEval's details (Parquet): `doc` with `query`, `choices` and `gold_index`, `model_response` with the texts, and
 * `metric`. Until version 0.8 the columns were `example` or `full_prompt`, `predictions`, `gold` and `metrics`.
 */
export const lightEval: RowView = {
	name: 'lighteval',
	looksFor: 'doc with query, and model_response (LightEval, details)',
	hasAnswers: true,
	fits: (row) =>
		(isRow(row['doc']) && typeof row['doc']['query'] === 'string' && isRow(row['model_response'])) ||
		(typeof row['full_prompt'] === 'string' && 'predictions' in row && 'gold' in row),
	describe: (file) => Promise.resolve(studentOf(file)),
	view(row, reader, reads) {
		const doc = isRow(row['doc']) ? row['doc'] : row;
		const response = isRow(row['model_response']) ? row['model_response'] : {};
		const isNew = doc !== row;
		// What the task's own function put aside is closer to the dataset than the prompt.
		const specific = isRow(doc['specific']) ? plainView(doc['specific'], reads, reader) : {};
		const choices = doc['choices'];
		const golds = isNew ? goldTexts(doc['gold_index'], choices) : printed(row['gold']);
		const metric = row['metric'] ?? row['metrics'];
		// Of several samples, a metric is no verdict on one.
		const isSampled = Array.isArray(response['text']) && response['text'].length > 1;
		return {
			question: questionOf(doc, response),
			gold: golds === undefined ? undefined : { value: golds, from: isNew ? 'doc.choices' : 'gold' },
			subject: specific.subject,
			level: specific.level,
			solution: specific.solution,
			response: isNew
				? { value: response['text'], from: 'model_response' }
				: { value: printed(row['predictions']), from: 'predictions' },
			verdict: {
				value: isRow(metric) && !isSampled ? firstVerdict(metric) : undefined,
				from: row['metric'] === undefined ? 'metrics' : 'metric',
			},
		};
	},
};

/** The details of a model lie in `details/ORGANISATION/MODEL/DATE/`. */
function studentOf(file: string): Omit<FileDescription, 'format'> {
	const [, , model = '', owner = '', top] = path.resolve(file).split(path.sep).reverse();
	return top === 'details' ? { student: `${owner}/${model}`, reported: [] } : { reported: [] };
}

function questionOf(doc: Row, response: Row): { value: unknown; from: string } {
	const query = [doc['original_query'], doc['query'], doc['example']].find(
		(text) => typeof text === 'string' && text.trim() !== '',
	);
	if (typeof query === 'string') {
		return { value: withoutInstructions(query), from: doc['query'] === undefined ? 'example' : 'doc.query' };
	}
	const input = response['input'] ?? doc['full_prompt'];
	return { value: dialogueOf(input)?.question ?? input, from: 'full_prompt' };
}

function goldTexts(index: unknown, choices: unknown): unknown {
	if (!Array.isArray(choices)) {
		return undefined;
	}
	const places = (Array.isArray(index) ? index : [index]).filter(
		(place): place is number => typeof place === 'number',
	);
	const texts = places.map((place) => (choices as readonly unknown[])[place]);
	return texts.length === 1 ? texts[0] : texts;
}

/** Older versions print Python lists into a column of text. */
function printed(value: unknown): unknown {
	if (typeof value !== 'string' || !value.startsWith('[')) {
		return value;
	}
	const list = pythonList(value);
	return list !== null && list.length === 1 ? list[0] : (list ?? value);
}

/** A metric that is 1 or 0 says whether the answer is right. */
function firstVerdict(metric: Row): unknown {
	return Object.values(metric).find((value) => value === 0 || value === 1 || typeof value === 'boolean');
}
