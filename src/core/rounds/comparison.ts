import { holm } from '../stats/distributions.ts';
import { compareText } from '../text/order.ts';
import type { Pair, PairedChange } from '../stats/pairedChange.ts';
import { pairedChange } from '../stats/pairedChange.ts';
import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import { normaliseSubject, skillKey, skillLabel } from '../skills/skill.ts';

/** A question that was answered in both rounds, with at least one definite verdict in each. */
export interface ComparedQuestion extends Pair {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly level: number | null;
	readonly benchmark: string | null;
	/** The skills that the question is labelled with. */
	readonly skills: readonly SkillRef[];
}

/** One member of a family of comparisons. */
export interface FamilyChange extends PairedChange {
	/**
	 * `p` after Holm's correction over the family: if nothing changed, at most 5% of families contain a value below
	 * 0.05.
	 */
	readonly pHolm: number | null;
}

export interface SkillChange extends FamilyChange, SkillRef {
	readonly skill: string;
	/** Number of difficult questions that miss the skill in the earlier round's profile. */
	readonly missed: number;
}

/** A question for which most answers changed from right to wrong or back. */
export interface Flip {
	readonly questionId: QuestionId;
	readonly to: 'right' | 'wrong';
	/** Share of answers that are right. */
	readonly before: number;
	readonly after: number;
	readonly subject: string | null;
	readonly level: number | null;
	readonly benchmark: string | null;
}

export interface Comparison {
	readonly overall: PairedChange;
	readonly benchmarks: readonly (FamilyChange & { readonly benchmark: string | null })[];
	readonly subjects: readonly (FamilyChange & { readonly subject: string | null })[];
	readonly levels: readonly (FamilyChange & { readonly level: number | null })[];
	/**
	 * Every skill with which a compared question is labelled, most missed first. A question with several skills counts
	 * for each of them.
	 */
	readonly skills: readonly SkillChange[];
	/** Ordered by question. */
	readonly flips: readonly Flip[];
}

/**
 * Compares two rounds on the same questions: overall, and by benchmark, subject, level and skill. Each breakdown is its
 * own family for the Holm correction and includes all its members, however small. `missed` contains, by skill key, how
 * many questions miss the skill in the earlier round's profile.
 */
export function compareRounds(questions: readonly ComparedQuestion[], missed: ReadonlyMap<string, number>): Comparison {
	const comparisons = comparing(questions, missed);
	for (;;) {
		const { done, value } = comparisons.next();
		if (done) {
			return value;
		}
	}
}

/**
 * {@link compareRounds} as a generator that yields after each comparison, because its exact interval may take some
 * milliseconds.
 */
export function* comparing(
	questions: readonly ComparedQuestion[],
	missed: ReadonlyMap<string, number>,
): Generator<void, Comparison> {
	const skills = new Map<string, { skill: SkillRef; questions: ComparedQuestion[] }>();
	for (const question of questions) {
		for (const [key, skill] of new Map(question.skills.map((one) => [skillKey(one), one]))) {
			const known = skills.get(key) ?? { skill, questions: [] };
			skills.set(key, known);
			known.questions.push(question);
		}
	}
	const bySkill = family(
		yield* eachInTurn(
			[...skills],
			([
				key,
				{
					skill: { subject, name },
					questions: of,
				},
			]) => ({ ...pairedChange(of), subject, name, skill: name, missed: missed.get(key) ?? 0 }),
		),
	);
	const overall = pairedChange(questions);
	yield;
	return {
		overall,
		benchmarks: family(
			yield* eachInTurn(
				grouped(questions, ({ benchmark }) => benchmark ?? ''),
				([, of]) => ({ ...pairedChange(of), benchmark: of[0].benchmark }),
			),
		),
		subjects: family(
			yield* eachInTurn(
				grouped(questions, ({ subject }) => (subject === null ? '' : normaliseSubject(subject))),
				([, of]) => ({ ...pairedChange(of), subject: of[0].subject }),
			),
		),
		levels: family(
			yield* eachInTurn(
				grouped(questions, ({ level }) => (level === null ? '' : String(level).padStart(9, '0'))),
				([, of]) => ({ ...pairedChange(of), level: of[0].level }),
			),
		),
		skills: bySkill.sort(
			(left, right) =>
				right.missed - left.missed || right.n - left.n || compareText(skillKey(left), skillKey(right)),
		),
		flips: flipsOf(questions),
	};
}

/** A change with its name. Only members of a family have a corrected p-value. */
export interface NamedChange {
	readonly name: string;
	readonly change: PairedChange & { readonly pHolm?: number | null };
}

/**
 * Names the overall change and those by benchmark, subject and level. A breakdown with a single member is left out,
 * because it repeats the overall change.
 */
export function namedChanges({
	overall,
	benchmarks,
	subjects,
	levels,
}: Omit<Comparison, 'skills' | 'flips'>): NamedChange[] {
	const severalOf = (changes: readonly NamedChange[]) => (changes.length > 1 ? changes : []);
	return [
		{ name: 'all', change: overall },
		...severalOf(benchmarks.map((change) => ({ name: change.benchmark ?? 'no benchmark', change }))),
		...severalOf(subjects.map((change) => ({ name: skillLabel(change.subject ?? 'no subject'), change }))),
		...severalOf(
			levels.map((change) => ({ name: change.level === null ? 'no level' : `level ${change.level}`, change })),
		),
	];
}

function* eachInTurn<T, R>(items: readonly T[], made: (item: T) => R): Generator<void, R[]> {
	const all: R[] = [];
	for (const item of items) {
		all.push(made(item));
		yield;
	}
	return all;
}

function family<T extends PairedChange>(changes: readonly T[]): (T & { readonly pHolm: number | null })[] {
	const adjusted = holm(changes.map(({ p }) => p ?? 1));
	return changes.map((change, at) => ({ ...change, pHolm: change.p === null ? null : (adjusted[at] ?? null) }));
}

function grouped(
	questions: readonly ComparedQuestion[],
	key: (question: ComparedQuestion) => string,
): [string, [ComparedQuestion, ...ComparedQuestion[]]][] {
	const groups = new Map<string, [ComparedQuestion, ...ComparedQuestion[]]>();
	for (const question of questions) {
		const known = groups.get(key(question));
		if (known) {
			known.push(question);
		} else {
			groups.set(key(question), [question]);
		}
	}
	return [...groups].sort(([left], [right]) => compareText(left, right));
}

function flipsOf(questions: readonly ComparedQuestion[]): Flip[] {
	return questions.flatMap(({ questionId, subject, level, benchmark, before: was, after: is }) => {
		const [before, after] = [was.right / was.of, is.right / is.of];
		const to = majorityChange(before, after);
		return to === null ? [] : [{ questionId, to, before, after, subject, level, benchmark }];
	});
}

/** Returns what most answers changed to, given the shares that are right; `null` if there is no change. */
function majorityChange(before: number, after: number): Flip['to'] | null {
	if (before <= 0.5 && after > 0.5) {
		return 'right';
	}
	return before > 0.5 && after <= 0.5 ? 'wrong' : null;
}
