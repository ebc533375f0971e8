import type { SkillRef } from '../../core/skills/skill.ts';
import type { QuestionFilter } from '../../core/ports/store/questions.ts';
import type { Verdict } from '../../core/questions/answer.ts';

/**
 * What the Questions view shows: which questions, with which filters, in which groups. It is remembered per project.
 * This file does not depend on vscode.
 */
export interface QuestionView {
	readonly show: Shown;
	readonly group: Grouping;
	readonly narrow: Narrowing;
}

/**
 * `difficult`: R(q) = 0 under the rule in force; `wrong`: the first answer is wrong; `answered`: there is an answer;
 * `evaluation` and `train`: by split.
 */
export type Shown = 'difficult' | 'wrong' | 'answered' | 'evaluation' | 'train';
export const shown: readonly Shown[] = ['difficult', 'wrong', 'answered', 'evaluation', 'train'];

export type Grouping = 'missingSkill' | 'subject' | 'level' | 'benchmark' | 'verdict' | 'none';
export const groupings: readonly Grouping[] = ['missingSkill', 'subject', 'level', 'benchmark', 'verdict', 'none'];

export interface Narrowing {
	readonly subject?: string | null | undefined;
	readonly level?: number | undefined;
	readonly benchmark?: string | undefined;
	readonly skill?: SkillRef | undefined;
	readonly verdict?: Verdict | undefined;
	readonly state?: QuestionState | undefined;
	readonly text?: string | undefined;
}

export type QuestionState = 'waiting' | 'diagnosed' | 'corrected' | 'disputed';
export const questionStates: readonly QuestionState[] = ['waiting', 'diagnosed', 'corrected', 'disputed'];

export const firstView: QuestionView = { show: 'difficult', group: 'missingSkill', narrow: {} };

/** Returns the store's filter for a view, without its grouping. */
export function toFilter({ show, narrow }: QuestionView): QuestionFilter {
	return {
		...shownFilter(show),
		...(narrow.subject === undefined ? {} : { subject: narrow.subject }),
		...(narrow.level === undefined ? {} : { level: narrow.level }),
		...(narrow.benchmark === undefined ? {} : { benchmark: narrow.benchmark }),
		...(narrow.skill ? { missingSkill: narrow.skill } : {}),
		...(narrow.verdict === undefined ? {} : { verdict: narrow.verdict }),
		...(narrow.text ? { text: narrow.text } : {}),
		...stateFilter(narrow.state),
	};
}

function shownFilter(show: Shown): QuestionFilter {
	switch (show) {
		case 'difficult':
			return { difficult: true };
		case 'wrong':
			return { verdict: false, hasAnswers: true };
		case 'answered':
			return { hasAnswers: true };
		case 'evaluation':
			return { splits: ['validation', 'test'] };
		case 'train':
			return { splits: ['train'] };
	}
}

function stateFilter(state: QuestionState | undefined): QuestionFilter {
	switch (state) {
		case undefined:
			return {};
		case 'waiting':
			return { difficult: true, diagnosed: false };
		default:
			return { [state]: true };
	}
}

/**
 * Returns the filter of one group. `subject` goes with the key of a missing skill. Groups with the key `''` contain
 * questions without a value.
 */
export function groupFilter(group: Grouping, key: string, subject: string | null): QuestionFilter {
	switch (group) {
		case 'missingSkill':
			return { missingSkill: { subject: subject ?? '', name: skillName(key, subject) } };
		case 'subject':
			return { subject: key === '' ? null : key };
		case 'level':
			return { level: key === '' ? null : Number(key) };
		case 'benchmark':
			return { benchmark: key };
		case 'verdict':
			return { verdict: verdictOfKey(key), hasAnswers: true };
		case 'none':
			return {};
	}
}

function verdictOfKey(key: string): boolean | null {
	if (key === 'right') {
		return true;
	}
	return key === 'wrong' ? false : null;
}

/** Returns the name in a missing skill's key, which is `subject/name`. */
export function skillName(key: string, subject: string | null): string {
	const prefix = `${subject ?? ''}/`;
	return key.startsWith(prefix) ? key.slice(prefix.length) : key;
}

/** Whether any filter is set. */
export function isNarrowed({ narrow }: QuestionView): boolean {
	return Object.values(narrow).some((value) => value !== undefined && value !== '');
}

/**
 * Reads a view from workspace storage. Unknown values fall back to defaults, because they may come from another
 * version.
 */
export function readView(stored: unknown): QuestionView {
	if (typeof stored !== 'object' || stored === null) {
		return firstView;
	}
	const view = stored as { show?: unknown; group?: unknown; narrow?: unknown };
	return {
		show: shown.find((one) => one === view.show) ?? firstView.show,
		group: groupings.find((one) => one === view.group) ?? firstView.group,
		narrow: typeof view.narrow === 'object' && view.narrow !== null ? (view.narrow as Narrowing) : {},
	};
}
