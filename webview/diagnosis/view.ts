import type { Answer } from '../../src/core/questions/answer.ts';
import type { Correction, Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey } from '../../src/core/skills/skill.ts';
import type { CausedRows, QuestionState } from './protocol.ts';

/**
 * A word of the person's that is on its way to the disk: shown at once, forgotten when the history holds it or it
 * failed.
 */
export interface Pending {
	readonly verdict: Correction['verdict'];
	readonly skills: readonly SkillRef[] | null;
	/** Entries the history has once it is there. */
	readonly expected: number;
}

/** All that the sections of the panel draw from. */
export interface View {
	readonly state: QuestionState;
	readonly raw: boolean;
	readonly sample: Answer | null;
	readonly solutionOpen: boolean;
	readonly pending: Pending | null;
	readonly rows: readonly CausedRows[] | null;
	readonly act: Actions;
}

export interface Actions {
	go(to: 'next' | 'previous'): void;
	correct(verdict: Correction['verdict'], skills: readonly SkillRef[] | null): void;
	undo(): void;
	diagnose(): void;
	showSample(sample: number): void;
	toggleRaw(): void;
	openSolution(open: boolean): void;
	toWrongStep(): void;
	changeSkills(): void;
	showKeys(): void;
	showMissing(skill: SkillRef): void;
	why(dataset: string, row: number): void;
}

/** The person's word in force, the one on its way included; `null`: the teacher's stands. */
export function verdictOf({
	pending,
	state,
}: Pick<View, 'pending' | 'state'>): 'agreed' | 'changed' | 'disputed' | null {
	const verdict = pending ? pending.verdict : state.correction?.verdict;
	return verdict === undefined || verdict === 'withdrawn' ? null : verdict;
}

/** Skills that count as missing now. */
export function missingOf(view: Pick<View, 'pending' | 'state'>): readonly SkillRef[] {
	switch (verdictOf(view)) {
		case 'changed':
			return (view.pending ? view.pending.skills : view.state.correction?.skills) ?? [];
		case 'disputed':
			return [];
		default:
			return teachersSkills(view.state.diagnosis);
	}
}

/** A verdict of "correct" adds no missing skill. */
export function teachersSkills(diagnosis: Diagnosis | null): readonly SkillRef[] {
	return diagnosis && diagnosis.judge === 'incorrect' ? diagnosis.skills : [];
}

/** The skills with one more or one less; what equals the teacher's list is agreement. */
export function toggled(
	view: Pick<View, 'pending' | 'state'>,
	skill: SkillRef,
): { readonly verdict: 'agreed' | 'changed'; readonly skills: readonly SkillRef[] | null } {
	const missing = missingOf(view);
	const skills = missing.some((one) => skillKey(one) === skillKey(skill))
		? missing.filter((one) => skillKey(one) !== skillKey(skill))
		: [...missing, skill];
	const teachers = teachersSkills(view.state.diagnosis);
	const same =
		view.state.diagnosis !== null &&
		skills.length === teachers.length &&
		skills.every((one) => teachers.some((other) => skillKey(other) === skillKey(one)));
	return same ? { verdict: 'agreed', skills: null } : { verdict: 'changed', skills };
}

/**
 * Which step of the sample is the first wrong one: the teacher's word on the sample it read, else the first low score.
 */
export function firstWrongStep(
	state: QuestionState,
	sample: Answer,
): { readonly step: number; readonly by: 'teacher' | 'score' } | null {
	const { diagnosis } = state;
	if (
		diagnosis &&
		diagnosis.sample === sample.sample &&
		diagnosis.firstWrongStep !== null &&
		diagnosis.firstWrongStep < stepsOf(sample).length
	) {
		return { step: diagnosis.firstWrongStep, by: 'teacher' };
	}
	const low = sample.stepScores?.findIndex((_, index) => isLow(state, sample, index)) ?? -1;
	return low >= 0 && sample.verdict !== true ? { step: low, by: 'score' } : null;
}

/** Eq. (1): the last step is held against τ1, the ones before it against τ2. */
export function isLow(
	{ tau1, tau2 }: Pick<QuestionState, 'tau1' | 'tau2'>,
	{ stepScores }: Answer,
	index: number,
): boolean {
	const score = stepScores?.[index];
	return score !== undefined && score <= (stepScores && index === stepScores.length - 1 ? tau1 : tau2);
}

/** The steps; an answer without any is one step. */
export function stepsOf({ steps, text }: Pick<Answer, 'steps' | 'text'>): readonly (readonly [number, number])[] {
	return steps.length > 0 ? steps : [[0, text.length]];
}
