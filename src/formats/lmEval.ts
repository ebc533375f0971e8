import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { benchmarkOfTask } from '../core/questions/benchmark.ts';
import type { FileDescription } from '../core/ports/files.ts';
import type { ImportedQuestion } from '../core/questions/imported.ts';
import { parsed } from './jsonRows.ts';
import { dialogueOf } from './dialogue.ts';
import { plainView } from './plainView.ts';
import { questionKey } from './questionKey.ts';
import type { Row, RowReader } from './rowReader.ts';
import { isRow } from './rowReader.ts';
import type { View } from './ours.ts';
import type { RowView } from './view.ts';

/** Maximum size of the results file next to the samples; the harness writes tens of kilobytes. */
const maxResults = 64 * 1024 * 1024;

/**
 * Reads logs of lm-evaluation-harness (`--log_samples`), with one line per (document, filter). A document repeated for
 * another filter is merged, because its answer is the same and only extraction and verdict differ. The log's verdicts
 * are those of `filter`, or of the file's first filter if none is selected.
 */
export function lmEval(filter: string | undefined): RowView {
	let selected = filter;
	const places = new Map<string, number[]>();
	return {
		name: 'lm-eval',
		looksFor: 'doc, resps and filtered_resps (lm-evaluation-harness, --log_samples)',
		hasAnswers: true,
		fits: (row) =>
			isRow(row['doc']) && 'filtered_resps' in row && (row['resps'] === undefined || Array.isArray(row['resps'])),
		view(row, reader, reads): View | null {
			if (isOther(row)) {
				return null;
			}
			if (reads === 'questions') {
				return documentView(row, reader);
			}
			const filtered = Array.isArray(row['filtered_resps'])
				? (row['filtered_resps'] as readonly unknown[])
				: [row['filtered_resps']];
			const hasResponses = row['resps'] !== undefined;
			const responses = hasResponses ? texts(row['resps']) : texts([filtered]);
			if (responses === undefined) {
				return reader.aside(
					hasResponses ? 'resps' : 'filtered_resps',
					'likelihoods of given choices, no written answer: such a task says nothing about a ' +
						'student’s working',
				);
			}
			const field = metricOf(row);
			// The harness judges one answer per document, the first one unless its filter votes. We judge the others.
			const votes = /maj|vote|self.?consistency/i.test(selected ?? '');
			const [first] = filtered;
			return {
				...documentView(row, reader),
				response: { value: responses, from: hasResponses ? 'resps' : 'filtered_resps' },
				verdict: { value: votes ? undefined : row[field], from: field },
				extracted: {
					value: votes || first === responses[0] || typeof first !== 'string' ? undefined : [first],
					from: 'filtered_resps',
				},
			};
		},
		firstSample: (question, row, count) => firstSample(question, row['doc_id'], count),
		describe: (file, row) =>
			describe(file, selected ?? (typeof row['filter'] === 'string' ? row['filter'] : undefined)),
	};

	/** Whether a line belongs to another filter. */
	function isOther(row: Row): boolean {
		const named = row['filter'];
		if (typeof named !== 'string') {
			return false;
		}
		selected ??= named;
		return named !== selected;
	}

	/** Documents with the same text are one question, and the answers of the second document are further samples. */
	function firstSample({ text }: ImportedQuestion, id: unknown, count: number): number {
		const key = questionKey(text);
		const ids = places.get(key) ?? [];
		const document = typeof id === 'number' ? id : ids.length;
		if (!ids.includes(document)) {
			ids.push(document);
			places.set(key, ids);
		}
		return ids.indexOf(document) * count;
	}
}

/**
 * Reads the question from the dataset's own fields or, if these are unknown to us, from the prompt. The harness's
 * `target` is the gold answer only if the document does not state one.
 */
function documentView(row: Row, reader: RowReader): View {
	const view = plainView(row['doc'] as Row, 'answers', reader);
	const fields = Object.entries(view).filter(
		([field]) => !['response', 'verdict', 'extracted', 'sample'].includes(field),
	);
	const prefixed = Object.fromEntries(
		fields.map(([field, found]) => [field, found && { ...found, from: `doc.${found.from}` }]),
	) as View;
	const { target } = row;
	return {
		...prefixed,
		...(typeof view.question?.value === 'string'
			? {}
			: { question: { value: promptOf(row['arguments']), from: 'arguments' } }),
		...(view.gold === undefined && view.solution === undefined && typeof target === 'string'
			? { gold: { value: target, from: 'target' } }
			: {}),
	};
}

/**
 * Reads the prompt from `{gen_args_0: {arg_0: prompt}}` or, in older files, `[[prompt, …]]`. Through a chat API it is a
 * list with one text, which is a JSON list of messages.
 */
function promptOf(args: unknown): unknown {
	const prompt = firstOrNamed(firstOrNamed(args, 'gen_args_0'), 'arg_0');
	const [text] = Array.isArray(prompt) ? (prompt as readonly unknown[]) : [prompt];
	if (typeof text === 'string' && text.startsWith('[{')) {
		const dialogue = dialogueOf(parsed(0, text, null).value);
		if (dialogue !== undefined) {
			return dialogue.question;
		}
	}
	return dialogueOf(prompt)?.question ?? text;
}

/** Returns the first element of a list, or the named field of an object. */
function firstOrNamed(value: unknown, name: string): unknown {
	if (Array.isArray(value)) {
		return (value as readonly unknown[])[0];
	}
	return isRow(value) ? value[name] : undefined;
}

/** Returns every response to the document's only request; `undefined` if they are likelihoods. */
function texts(resps: unknown): unknown[] | undefined {
	const requests = resps as readonly unknown[];
	const all = requests.flatMap((request) => (Array.isArray(request) ? (request as readonly unknown[]) : [request]));
	return requests.length === 1 && all.some((response) => typeof response === 'string') ? all : undefined;
}

/** Returns the metric that gives the verdict: the first one present in the row. */
function metricOf(row: Row): string {
	const listed = Array.isArray(row['metrics'])
		? row['metrics'].filter((name): name is string => typeof name === 'string')
		: [];
	return [...listed, 'exact_match', 'math_verify', 'acc'].find((name) => row[name] !== undefined) ?? 'exact_match';
}

/** Reads the task from the file's name, and the model and totals from the results file of the same date next to it. */
async function describe(file: string, filter: string | undefined): Promise<Omit<FileDescription, 'format'>> {
	const [, task, date] = /^samples_(.+)_(\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl$/.exec(path.basename(file)) ?? [];
	if (task === undefined || date === undefined) {
		return { reported: [] };
	}
	const benchmark = benchmarkOfTask(task.replace(/_local$/, ''));
	const folder = path.dirname(file);
	const beside = path.join(folder, `results_${date}.json`);
	const size = await stat(beside).then(
		(found) => (found.isFile() ? found.size : 0),
		() => 0,
	);
	const results = size > 0 && size <= maxResults ? parsed(0, await readFile(beside, 'utf8'), null).value : undefined;
	const student =
		isRow(results) && typeof results['model_name'] === 'string' && results['model_name'] !== ''
			? results['model_name']
			: path.basename(folder).replace('__', '/');
	const totals =
		isRow(results) && isRow(results['results']) && isRow(results['results'][task]) ? results['results'][task] : {};
	const reported = Object.entries(totals).flatMap(([name, value]) =>
		typeof value === 'number' && name.endsWith(`,${filter ?? 'none'}`) && !name.includes('stderr')
			? [{ metric: name, value }]
			: [],
	);
	return { benchmark, student, reported };
}
