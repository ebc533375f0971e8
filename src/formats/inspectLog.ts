import { benchmarkOfTask } from '../core/questions/benchmark.ts';
import type { FileDescription } from '../core/ports/files.ts';
import type { ImportedQuestion } from '../core/questions/imported.ts';
import { containerOf } from './fileRows.ts';
import { archiveHeader } from './inspectArchive.ts';
import type { JsonPath } from './jsonElements.ts';
import { jsonElements } from './jsonElements.ts';
import { parsed } from './jsonRows.ts';
import { textOfContent } from './dialogue.ts';
import { rolesOf } from './fieldRoles.ts';
import { questionKey } from './questionKey.ts';
import type { Row } from './rowReader.ts';
import { isRow, kindOf, maxText } from './rowReader.ts';
import type { View } from './ours.ts';
import type { RowView } from './view.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Reads samples of Inspect logs (`.eval` and `.json`). An epoch is a sample number. The log's verdict is that of
 * `scorer`, or of the first scorer if none is selected: C is right, I and N are wrong, and a number is a verdict if it
 * is 1 or 0; P, NaN and anything in between are not verdicts.
 */
export function inspectLog(scorer: string | undefined): RowView {
	/** By question: the number of each (sample id, epoch), and the numbers in use. */
	const taken = new Map<string, { readonly numbers: Map<string, number>; readonly used: Set<number> }>();
	return {
		name: 'inspect',
		looksFor: 'samples with input, epoch and output or scores (Inspect, .eval or .json)',
		hasAnswers: true,
		fits: (row) => 'epoch' in row && 'input' in row && ('output' in row || 'scores' in row),
		view(row, reader, reads): View | null {
			const question = questionView(row);
			if (reads === 'questions') {
				return question;
			}
			const text = completion(row);
			if (text === undefined) {
				const error = isRow(row['error']) ? row['error']['message'] : undefined;
				return reader.aside(
					'output',
					typeof error === 'string'
						? `the student’s answer is missing: this sample failed (${error.slice(0, 200)})`
						: 'the student’s answer is missing',
				);
			}
			if (text.length > maxText) {
				return reader.aside('output', `an answer of ${text.length} characters; at most ${maxText} are read`);
			}
			const epoch = row['epoch'];
			if (typeof epoch !== 'number' || !Number.isInteger(epoch) || epoch < 1 || epoch > 1_000_000) {
				return reader.aside(
					'epoch',
					'a sample number is a whole number from 1; found ' +
						`${typeof epoch === 'number' ? epoch : kindOf(epoch)}`,
				);
			}
			const score = scoreOf(row);
			const answer = score?.['answer'];
			return {
				...question,
				response: { value: text, from: 'output' },
				verdict: { value: verdictOf(score?.['value']), from: 'scores' },
				extracted: {
					value:
						typeof answer === 'string' && answer !== '' && answer !== text
							? resolved(row, answer)
							: undefined,
					from: 'scores',
				},
			};
		},
		firstSample: (question, row) => sampleNumber(question, row['id'], Number(row['epoch'])),
		describe,
	};

	/**
	 * Samples with the same text under two IDs belong to one question. If numbers collide, the later sample takes the
	 * next free number.
	 */
	function sampleNumber({ text }: ImportedQuestion, id: unknown, epoch: number): number {
		const key = questionKey(text);
		const { numbers, used } = taken.get(key) ?? { numbers: new Map<string, number>(), used: new Set<number>() };
		taken.set(key, { numbers, used });
		const name = `${String(id).slice(0, 200)} ${epoch}`;
		let number = numbers.get(name) ?? epoch - 1;
		while (!numbers.has(name) && used.has(number)) {
			number = Math.max(number + 1, used.size);
		}
		numbers.set(name, number);
		used.add(number);
		return number;
	}

	function scoreOf(row: Row): Row | undefined {
		const scores = row['scores'];
		if (!isRow(scores)) {
			return undefined;
		}
		const name = scorer ?? Object.keys(scores)[0];
		const found = name !== undefined && Object.hasOwn(scores, name) ? scores[name] : undefined;
		return isRow(found) ? found : undefined;
	}

	async function describe(file: string): Promise<Omit<FileDescription, 'format'>> {
		const header = (await containerOf(file)) === 'zip' ? await archiveHeader(file) : await jsonHeader(file);
		const about = isRow(header) && isRow(header['eval']) ? header['eval'] : {};
		const results = isRow(header) && isRow(header['results']) ? header['results'] : {};
		const { model, task } = about;
		const scores = Array.isArray(results['scores']) ? results['scores'].filter(isRow) : [];
		const selected = scores.filter((score, place) =>
			scorer === undefined ? place === 0 : score['name'] === scorer,
		);
		const reported = selected.flatMap(({ name, metrics }) =>
			(isRow(metrics) ? Object.values(metrics).filter(isRow) : []).flatMap((metric) =>
				typeof metric['value'] === 'number' && metric['name'] !== 'stderr'
					? [{ metric: `${String(name)} ${String(metric['name'])}`, value: metric['value'] }]
					: [],
			),
		);
		return {
			...(typeof model === 'string' && model !== '' ? { student: model } : {}),
			...(typeof task === 'string' && task !== ''
				? { benchmark: benchmarkOfTask(task.split('/').at(-1) ?? task) }
				: {}),
			reported,
		};
	}
}

/**
 * Reads `input`, or the last user message of a conversation. If there are choices, they are included as the student saw
 * them.
 */
function questionView(row: Row): View {
	const prompt = promptOf(row['input']);
	const choices = Array.isArray(row['choices'])
		? (row['choices'] as readonly unknown[]).filter((choice) => typeof choice === 'string').slice(0, letters.length)
		: [];
	const text =
		prompt === undefined
			? undefined
			: [resolved(row, prompt), ...choices.map((choice, place) => `${letters[place]}) ${choice}`)].join('\n');
	const target = row['target'];
	const about = rolesOf(isRow(row['metadata']) ? row['metadata'] : {});
	const beside = (role: 'subject' | 'level' | 'skills' | 'solution') => {
		const found = about[role]?.[0];
		return found && { value: found.value, from: `metadata.${found.from}` };
	};
	return {
		question: { value: text, from: 'input' },
		gold: { value: Array.isArray(target) ? (target as readonly unknown[])[0] : target, from: 'target' },
		solution: beside('solution'),
		subject: beside('subject'),
		level: beside('level'),
		skills: beside('skills'),
	};
}

function promptOf(input: unknown): string | undefined {
	if (!Array.isArray(input)) {
		return typeof input === 'string' ? input : undefined;
	}
	const last = (input as readonly unknown[]).filter(isRow).findLast(({ role }) => role === 'user');
	return textOfContent(last?.['content']);
}

/** Returns the text that the student wrote, without hidden reasoning. */
function completion(row: Row): string | undefined {
	const output = row['output'];
	if (!isRow(output)) {
		return undefined;
	}
	const [choice] = Array.isArray(output['choices']) ? (output['choices'] as readonly unknown[]) : [];
	const message = isRow(choice) && isRow(choice['message']) ? textOfContent(choice['message']['content']) : undefined;
	const text =
		typeof output['completion'] === 'string' && output['completion'] !== '' ? output['completion'] : message;
	return text === undefined ? undefined : resolved(row, text);
}

/** Long texts may be stored in the sample's attachments. */
function resolved(row: Row, text: string): string {
	const hash = text.startsWith('attachment://') ? text.slice('attachment://'.length) : undefined;
	const attachments = row['attachments'];
	const found =
		hash !== undefined && isRow(attachments) && Object.hasOwn(attachments, hash) ? attachments[hash] : undefined;
	return typeof found === 'string' ? found : text;
}

function verdictOf(value: unknown): boolean | undefined {
	if (value === 'C' || value === 1 || value === true) {
		return true;
	}
	return value === 'I' || value === 'N' || value === 0 || value === false ? false : undefined;
}

function chooseHeader(at: JsonPath): 'enter' | 'take' | 'skip' {
	if (at.length === 0) {
		return 'enter';
	}
	if (at.length === 1 && (at[0] === 'eval' || at[0] === 'results')) {
		return 'take';
	}
	return at[0] === 'samples' && at.length === 1 ? 'enter' : 'skip';
}

/** Reads `eval` and `results`, which precede the samples. */
async function jsonHeader(file: string): Promise<unknown> {
	const header: Record<string, unknown> = {};
	const { signal } = new AbortController();
	for await (const { elements, broken } of jsonElements(file, chooseHeader, { signal })) {
		for (const { path, text, problem } of elements) {
			if (path.length === 1 && problem === null) {
				header[String(path[0])] = parsed(0, text, null).value;
			}
		}
		if (broken !== null || (header['eval'] !== undefined && header['results'] !== undefined)) {
			break;
		}
	}
	return header;
}
