import type { Annotation } from '../../core/diagnosis/annotation.ts';
import { effectiveMissing, locate } from '../../core/diagnosis/annotation.ts';
import type { Answer } from '../../core/questions/answer.ts';
import type { Correction, Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';
import type { JsonRecord } from './scanRecords.ts';
import type { TextMap } from './textMap.ts';
import { decodeJson, jsonMap } from './textMap.ts';

/** Everything known about a question's answers in one (student, round). */
export interface Finding {
	readonly scope: Scope;
	readonly question: Question;
	readonly answers: readonly Answer[];
	readonly diagnosis: Diagnosis | null;
	readonly correction: Correction | null;
	readonly annotations: readonly Annotation[];
	/** The skills that currently count as missing. */
	readonly missing: readonly SkillRef[];
	readonly disputed: boolean;
}

export interface ShownAnswer {
	readonly answer: Answer;
	/** Maps the text exactly as it appears in the document. */
	readonly map: TextMap;
	/** Whether the document's text differs from the project's. */
	readonly edited: boolean;
}

/** A record in a document that contains a question of the project. Offsets in its maps are relative to `base`. */
export interface ShownRecord {
	/** Document offset of the record's source text. */
	readonly base: number;
	/** Document offset of the record's lens. */
	readonly at: number;
	readonly finding: Finding;
	readonly answers: readonly ShownAnswer[];
}

export type Mark =
	| {
			readonly kind: 'annotation';
			readonly annotation: Annotation;
			readonly ranges: readonly (readonly [number, number])[];
			/** Whether it was found in a different place from where it was made. */ readonly moved: boolean;
	  }
	| { readonly kind: 'wrongStep'; readonly step: number; readonly ranges: readonly (readonly [number, number])[] };

/**
 * Returns the annotations in effect and the first wrong step, in document offsets. `lost`: annotations whose words the
 * text no longer contains.
 */
export function marksOf(record: ShownRecord): {
	readonly marks: readonly Mark[];
	readonly lost: readonly Annotation[];
} {
	const marks: Mark[] = [];
	const lost: Annotation[] = [];
	const { annotations, diagnosis } = record.finding;
	for (const { answer, map, edited } of record.answers) {
		const place = (start: number, end: number) =>
			map.ranges(start, end).map(([from, to]) => [record.base + from, record.base + to] as const);
		const step =
			diagnosis?.sample === answer.sample && diagnosis.firstWrongStep !== null
				? answer.steps[diagnosis.firstWrongStep]
				: undefined;
		if (step && diagnosis?.firstWrongStep != null) {
			const found = locate({ start: step[0], quote: answer.text.slice(...step) }, map.text);
			if (found) {
				marks.push({
					kind: 'wrongStep',
					step: diagnosis.firstWrongStep,
					ranges: place(found.start, found.end),
				});
			}
		}
		for (const annotation of annotations) {
			if (
				annotation.sample !== answer.sample ||
				annotation.action === 'dismissed' ||
				annotation.action === 'withdrawn'
			) {
				continue;
			}
			const found = edited
				? locate(annotation, map.text)
				: { start: annotation.start, end: annotation.end, moved: false };
			if (found) {
				marks.push({
					kind: 'annotation',
					annotation,
					ranges: place(found.start, found.end),
					moved: found.moved,
				});
			} else {
				lost.push(annotation);
			}
		}
	}
	return { marks, lost };
}

/** Maximum length of a question; longer strings are not hashed. */
export const longestQuestion = 20_000;
/** Minimum length of an edited text; shorter ones are too ambiguous to be recognised. */
export const shortestEdited = 16;
const remembered = 4000;

/** The strings in a record that may be its question, by id. */
interface Candidates {
	readonly ids: readonly QuestionId[];
}

/**
 * Finds the project's questions and answers in a file's records by their text alone, so field names do not matter.
 * Results are cached by the record's own text: a record that only moved is not read again.
 */
export class InlineReader {
	private readonly candidates = new Map<string, Candidates>();
	private known = new Map<QuestionId, Question | null>();
	private findings = new Map<string, Promise<Finding>>();

	constructor(private readonly store: Pick<Store, 'read'>) {}

	/** Drops the cached results when questions, answers, corrections or annotations have changed. */
	forget(questions: boolean): void {
		this.findings = new Map();
		if (questions) {
			this.known = new Map();
		}
	}

	/** `sources`: the text of each record, with its document offset. */
	async read(
		scope: Scope,
		sources: readonly { readonly text: string; readonly base: number; readonly record: JsonRecord }[],
	): Promise<ShownRecord[]> {
		const candidates = sources.map((source) => ({
			...source,
			ids: this.candidatesOf(source.text, source.record).ids,
		}));
		await this.look(candidates.flatMap(({ ids }) => ids));
		const shown = await Promise.all(
			candidates.map(async ({ text, base, record, ids }) => {
				const id = ids.find((one) => this.known.get(one));
				const question = id === undefined ? null : this.known.get(id);
				if (!question) {
					return [];
				}
				const finding = await this.finding(scope, question);
				return [{ base, at: base + record.from, finding, answers: answersIn(text, record, finding) }];
			}),
		);
		return shown.flat();
	}

	/** Returns, for each list of texts, the project question that matches one of them. */
	async questions(readings: readonly (readonly string[])[]): Promise<(Question | null)[]> {
		const candidates = readings.map((texts) => texts.map((text) => this.idOf(text)));
		await this.look(candidates.flat());
		return candidates.map((ids) => ids.map((id) => this.known.get(id)).find((question) => question) ?? null);
	}

	/** Returns what is known about a question; cached until {@link forget} is called. */
	finding(scope: Scope, question: Question): Promise<Finding> {
		const key = JSON.stringify([scope.student, scope.round, question.id]);
		const known = this.findings.get(key);
		if (known) {
			return known;
		}
		const { student, round } = scope;
		const reading = (async (): Promise<Finding> => {
			const [answers, { diagnosis, correction }, annotations] = await Promise.all([
				this.store.read('answers', { student, round, questionId: question.id }),
				this.store.read('diagnosis', { student, round, questionId: question.id }),
				this.store.read('annotations', { student, round, ids: [question.id] }),
			]);
			return {
				scope: { student, round },
				question,
				answers,
				diagnosis,
				correction,
				annotations,
				...effective(diagnosis, correction, annotations),
			};
		})();
		this.findings.set(key, reading);
		trim(this.findings);
		reading.catch(() => this.findings.delete(key));
		return reading;
	}

	private candidatesOf(text: string, record: JsonRecord): Candidates {
		const key = record.from === 0 && record.to === text.length ? text : text.slice(record.from, record.to);
		const known = this.candidates.get(key);
		if (known) {
			return known;
		}
		const ids = record.strings.flatMap(({ from, to, inField }) => {
			const value = inField && to - from <= longestQuestion ? decodeJson(text, from, to) : null;
			return value === null ? [] : [questionId(value)];
		});
		const found = { ids };
		this.candidates.set(key, found);
		trim(this.candidates);
		return found;
	}

	private idOf(text: string): QuestionId {
		const known = this.candidates.get(text);
		const id = known?.ids[0] ?? questionId(text);
		if (!known) {
			this.candidates.set(text, { ids: [id] });
			trim(this.candidates);
		}
		return id;
	}

	private async look(ids: readonly QuestionId[]): Promise<void> {
		const { known } = this;
		const unknown = [...new Set(ids)].filter((id) => !known.has(id));
		for (let at = 0; at < unknown.length; at += 2000) {
			const part = unknown.slice(at, at + 2000);
			const found = new Map(
				(await this.store.read('questionsById', { ids: part })).map((question) => [question.id, question]),
			);
			part.forEach((id) => known.set(id, found.get(id) ?? null));
		}
		if (known.size > 20 * remembered) {
			this.known = new Map();
		}
	}
}

function effective(
	diagnosis: Diagnosis | null,
	correction: Correction | null,
	annotations: readonly Annotation[],
): { missing: readonly SkillRef[]; disputed: boolean } {
	const { skills, disputed } = effectiveMissing(diagnosis, correction, annotations);
	return { missing: skills, disputed };
}

/** Evicts the oldest entries. */
function trim(map: Map<string, unknown>): void {
	for (const key of map.keys()) {
		if (map.size <= remembered) {
			return;
		}
		map.delete(key);
	}
}

/**
 * Finds which of the record's strings are answers. Equal texts are matched in the order of samples; edited ones are
 * recognised by their beginning and end.
 */
function answersIn(source: string, record: JsonRecord, { answers, question }: Finding): ShownAnswer[] {
	const shown: ShownAnswer[] = [];
	const free = new Set(answers);
	const rest: { from: number; to: number; text: string }[] = [];
	for (const { from, to } of record.strings) {
		const text = decodeJson(source, from, to);
		if (text === null) {
			continue;
		}
		const answer = answers.find((one) => free.has(one) && one.text === text);
		if (answer) {
			free.delete(answer);
			shown.push({ answer, map: jsonMap(source, from, to, text), edited: false });
		} else if (text.length >= shortestEdited && text !== question.text && text !== question.solution) {
			rest.push({ from, to, text });
		}
	}
	for (const { from, to, text } of rest) {
		const [best] = [...free]
			.map((answer) => ({ answer, alike: alike(answer.text, text) }))
			.filter((one) => one.alike >= 0.5)
			.sort((a, b) => b.alike - a.alike);
		if (best) {
			free.delete(best.answer);
			shown.push({ answer: best.answer, map: jsonMap(source, from, to, text), edited: true });
		}
	}
	return shown;
}

/** Returns how much of the longer text is unchanged at its beginning and end, as a fraction. */
export function alike(a: string, b: string): number {
	const short = Math.min(a.length, b.length);
	let head = 0;
	while (head < short && a.charCodeAt(head) === b.charCodeAt(head)) {
		head += 1;
	}
	let tail = 0;
	while (tail < short - head && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) {
		tail += 1;
	}
	return (head + tail) / Math.max(a.length, b.length, 1);
}
