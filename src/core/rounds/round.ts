import { compareText } from '../text/order.ts';
import { StatError } from '../errors/statError.ts';
import type { Scope } from '../scope.ts';

/**
 * The origin of a round. A round is a checkpoint of the student with its answers, profile, datasets, jobs and
 * evaluations.
 */
export interface RoundEntry extends Scope {
	/** The round whose checkpoint was trained further; `null` for a base model. */
	readonly parent: Scope | null;
	/** The training job that produced the checkpoint, if this project ran it. */
	readonly job: string | null;
	/** The dataset on which it was trained. */
	readonly dataset: string | null;
	readonly recipe: 'sft' | 'grpo' | null;
	readonly model: string | null;
	/**
	 * The only benchmark of this round, in continual learning (sec. 3.3): the student answers this benchmark and is
	 * profiled on it.
	 */
	readonly benchmark: string | null;
	/** Whether the round is a control arm, whose gain is the effect of training as such. */
	readonly control: boolean;
	readonly note: string | null;
	/** ISO 8601. */
	readonly at: string;
}

/** A round in the tree of rounds, with the rounds derived from it. */
export interface RoundNode {
	readonly round: RoundEntry;
	/** False if the round has answers but its origin was never recorded. */
	readonly known: boolean;
	/** Number of questions with answers. */
	readonly questions: number;
	readonly answers: number;
	readonly children: readonly RoundNode[];
}

/** Returns `student:round`, as the command line parses it. */
export function roundName({ student, round }: Scope): string {
	return `${student}:${round}`;
}

export function isSameRound(left: Scope | null, right: Scope | null): boolean {
	return left?.student === right?.student && left?.round === right?.round;
}

/** Parses `STUDENT:ROUND`, or just `ROUND` if there is only one student. Throws a usage StatError. */
export function readRoundName(text: string, students: readonly string[]): Scope {
	const [, student = students.length === 1 ? students[0] : undefined, digits = ''] =
		/^(?:(.*):)?(\d{1,7})$/s.exec(text) ?? [];
	const round = Number(digits);
	if (student === undefined || student === '' || round < 1) {
		throw badRoundName(text.slice(0, 100), students);
	}
	return { student, round };
}

function badRoundName(text: string, students: readonly string[]): StatError {
	const example = `${students[0] ?? 'llama'}:2`;
	return students.length > 1
		? new StatError('rounds.badNameOfMany', { text, example, students: students.join(', ') })
		: new StatError('rounds.badName', { text, example });
}

/**
 * Arranges rounds as trees, ordered by student and number. A round whose parent is missing or is its own descendant
 * becomes a root.
 */
export function roundTree(
	entries: readonly RoundEntry[],
	answered: readonly (Scope & { readonly questions: number; readonly answers: number })[],
): RoundNode[] {
	const known = new Map(entries.map((entry) => [roundName(entry), entry]));
	const counts = new Map(answered.map((scope) => [roundName(scope), scope]));
	const all = [
		...known.values(),
		...answered
			.filter((scope) => !known.has(roundName(scope)))
			.map(({ student, round }) => unknownRound(student, round)),
	];
	all.sort((left, right) => compareText(left.student, right.student) || left.round - right.round);
	const names = new Set(all.map(roundName));
	const parentOf = (entry: RoundEntry): string | null =>
		entry.parent && names.has(roundName(entry.parent)) && !isAncestor(entry, entry.parent, known)
			? roundName(entry.parent)
			: null;
	const children = new Map<string | null, RoundEntry[]>();
	for (const entry of all) {
		const parent = parentOf(entry);
		children.set(parent, [...(children.get(parent) ?? []), entry]);
	}
	const nodes = (parent: string | null): RoundNode[] =>
		(children.get(parent) ?? []).map((round) => {
			const { questions = 0, answers = 0 } = counts.get(roundName(round)) ?? {};
			return { round, known: known.has(roundName(round)), questions, answers, children: nodes(roundName(round)) };
		});
	return nodes(null);
}

/** Whether `round` is the same as `of` or one of its ancestors. */
export function isAncestor(round: Scope, of: Scope, entries: ReadonlyMap<string, RoundEntry>): boolean {
	const seen = new Set<string>();
	for (let at: Scope | null = of; at && !seen.has(roundName(at)); at = entries.get(roundName(at))?.parent ?? null) {
		if (isSameRound(at, round)) {
			return true;
		}
		seen.add(roundName(at));
	}
	return false;
}

function unknownRound(student: string, round: number): RoundEntry {
	return {
		student,
		round,
		parent: null,
		job: null,
		dataset: null,
		recipe: null,
		model: null,
		benchmark: null,
		control: false,
		note: null,
		at: '',
	};
}
