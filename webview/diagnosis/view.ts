import type { Answer } from '../../src/core/questions/answer.ts';
import type { CorrectionInForce } from '../../src/core/diagnosis/annotation.ts';
import { effectiveMissing } from '../../src/core/diagnosis/annotation.ts';
import { namedBy } from '../../src/core/diagnosis/teacherQuality.ts';
import { isLowScore } from '../../src/core/difficulty/difficulty.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import type { Choice } from '../kit/ComboboxField.tsx';
import type { QuestionState } from './protocol.ts';

/**
 * A correction that is not on disk yet: it is shown at once, and dropped when the history contains it or its write has
 * failed.
 */
export interface Pending extends CorrectionInForce {
	/** Length of the history once it contains the correction. */
	readonly expected: number;
}

/** The question shown, with the correction that is being saved. */
export interface View {
	readonly state: QuestionState;
	readonly pending: Pending | null;
}

/** Returns the correction that counts: one that is being saved takes precedence over the stored one. */
export function correctionOf({ pending, state }: View): CorrectionInForce | null {
	return pending ?? state.correction;
}

/** Returns the verdict in force, including one that is being saved; `null` if the teacher's diagnosis counts. */
export function verdictOf(view: View): 'agreed' | 'changed' | 'disputed' | null {
	const verdict = correctionOf(view)?.verdict ?? 'withdrawn';
	return verdict === 'withdrawn' ? null : verdict;
}

/** Returns the skills that count as missing, without those of annotations, which the panel lists separately. */
export function missingOf(view: View): readonly SkillRef[] {
	return effectiveMissing(view.state.diagnosis, correctionOf(view), []).skills;
}

/** Returns the skills that the current diagnosis names. */
export function teachersSkills({ diagnosis }: Pick<QuestionState, 'diagnosis'>): readonly SkillRef[] {
	return diagnosis ? namedBy(diagnosis) : [];
}

/** Returns the skills with one added or removed; a list equal to the teacher's counts as agreeing. */
export function toggled(
	view: View,
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

/** Returns the skills to choose from: recent ones first, then the question's own labels, then the whole list. */
export function skillChoices(view: View): Choice[] {
	const { skills, recent, labels } = view.state;
	const chosen = new Set(missingOf(view).map(skillKey));
	const seen = new Set<string>();
	const subjects = new Set(skills.map(({ subject }) => subject));
	const group = (members: readonly SkillRef[], name: string): Choice[] =>
		members.flatMap((skill) => {
			const id = skillKey(skill);
			if (seen.has(id)) {
				return [];
			}
			seen.add(id);
			const subject = subjects.size > 1 ? ` · ${skillLabel(skill.subject)}` : '';
			return [{ id, label: `${skillLabel(skill.name)}${subject}`, chosen: chosen.has(id), group: name }];
		});
	return [
		...group(recent, 'Recent'),
		...group(labels, 'This question’s labels'),
		...group(skills, subjects.size === 1 ? skillLabel([...subjects][0] || 'All skills') : 'All skills'),
	];
}

/** Returns the selected sample, else the one that the teacher read, else the first wrong one, else the first. */
export function chosenSample({ samples, diagnosis }: QuestionState, selected: number | null): Answer | null {
	return (
		samples.find(({ sample }) => sample === selected) ??
		samples.find(({ sample }) => sample === diagnosis?.sample) ??
		samples.find(({ verdict }) => verdict === false) ??
		samples[0] ??
		null
	);
}

export interface WrongStep {
	readonly step: number;
	readonly by: 'teacher' | 'score';
}

/** Returns the sample's first wrong step: the teacher's, if the teacher read this sample, else the first low score. */
export function firstWrongStep(state: QuestionState, sample: Answer): WrongStep | null {
	const { diagnosis } = state;
	const steps = stepsOf(sample).length;
	if (
		diagnosis &&
		diagnosis.sample === sample.sample &&
		diagnosis.firstWrongStep !== null &&
		diagnosis.firstWrongStep < steps
	) {
		return { step: diagnosis.firstWrongStep, by: 'teacher' };
	}
	const low = sample.stepScores?.findIndex((_, index, scores) => isLowScore(scores, index, state)) ?? -1;
	return low >= 0 && low < steps && sample.verdict !== true ? { step: low, by: 'score' } : null;
}

/** Returns the steps; an answer without any is a single step. */
export function stepsOf({ steps, text }: Pick<Answer, 'steps' | 'text'>): readonly (readonly [number, number])[] {
	return steps.length > 0 ? steps : [[0, text.length]];
}

/** A passage [from, to) of an answer: a step with its index, or the text between steps. */
export interface Stretch {
	readonly from: number;
	readonly to: number;
	readonly step: number | null;
}

/** Returns the whole answer in order: its steps and the text outside them, with nothing left out. */
export function stretchesOf(sample: Pick<Answer, 'steps' | 'text'>): readonly Stretch[] {
	const stretches: Stretch[] = [];
	let end = 0;
	const between = (from: number, to: number): void => {
		if (sample.text.slice(from, to).trim() !== '') {
			stretches.push({ from, to, step: null });
		}
	};
	stepsOf(sample).forEach(([from, to], step) => {
		between(end, from);
		stretches.push({ from, to, step });
		end = Math.max(end, to);
	});
	between(end, sample.text.length);
	return stretches;
}
