import type { Answer } from '../../src/core/questions/answer.ts';
import type { CorrectionInForce } from '../../src/core/diagnosis/annotation.ts';
import { effectiveMissing } from '../../src/core/diagnosis/annotation.ts';
import type { Correction } from '../../src/core/diagnosis/diagnosis.ts';
import { namedBy } from '../../src/core/diagnosis/teacherQuality.ts';
import { isLowScore } from '../../src/core/difficulty/difficulty.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey } from '../../src/core/skills/skill.ts';
import type { CausedRows, QuestionState } from './protocol.ts';

/** A correction that is not durable yet: shown at once, dropped when the history holds it or the write failed. */
export interface Pending extends CorrectionInForce {
	/** Length of the history once the correction is in it. */
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

/** The correction that counts: one on its way to the disk before the stored one. */
export function correctionOf({ pending, state }: Pick<View, 'pending' | 'state'>): CorrectionInForce | null {
	return pending ?? state.correction;
}

/** The verdict in force, one on its way to the disk included; `null`: the teacher's diagnosis counts. */
export function verdictOf(view: Pick<View, 'pending' | 'state'>): 'agreed' | 'changed' | 'disputed' | null {
	const verdict = correctionOf(view)?.verdict ?? 'withdrawn';
	return verdict === 'withdrawn' ? null : verdict;
}

/** Skills that count as missing, those of annotations aside: the panel lists these apart. */
export function missingOf(view: Pick<View, 'pending' | 'state'>): readonly SkillRef[] {
	return effectiveMissing(view.state.diagnosis, correctionOf(view), []).skills;
}

/** The skills the current diagnosis names. */
export function teachersSkills({ diagnosis }: Pick<QuestionState, 'diagnosis'>): readonly SkillRef[] {
	return diagnosis ? namedBy(diagnosis) : [];
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
	const teachers = teachersSkills(view.state);
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
	const low = sample.stepScores?.findIndex((_, index, scores) => isLowScore(scores, index, state)) ?? -1;
	return low >= 0 && sample.verdict !== true ? { step: low, by: 'score' } : null;
}

/** The steps; an answer without any is one step. */
export function stepsOf({ steps, text }: Pick<Answer, 'steps' | 'text'>): readonly (readonly [number, number])[] {
	return steps.length > 0 ? steps : [[0, text.length]];
}
