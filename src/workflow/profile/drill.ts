import type { Parts } from '../../core/ports/parts.ts';
import type { Recovery } from '../../core/profile/recovery.ts';
import { recovery } from '../../core/profile/recovery.ts';
import type { Run } from '../../core/run.ts';
import type { ProfileResult } from '../../core/profile/profile.ts';
import { classify } from '../difficulty/classify.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { importAnswers } from '../questions/importAnswers.ts';
import { importSkills } from '../skills/importSkills.ts';
import { profile } from './profile.ts';

export interface DrillInput {
	/** A skill bank with the validation questions; `answers` are the student's answers to them. */
	readonly bank: string;
	readonly answers: string;
	readonly student: string;
	/**
	 * The weaknesses planted by the world's maker. They are compared with the profile at the end, and nothing reads
	 * them before that.
	 */
	readonly planted: readonly { readonly skill: string; readonly weak: boolean; readonly impact: number }[];
}

export interface DrillResult extends Recovery {
	readonly questions: number;
	readonly difficult: number;
	readonly diagnosed: number;
	readonly disputed: number;
	readonly failed: number;
	readonly skills: ProfileResult['skills'];
}

/**
 * Runs the loop from import to profile on a world with known weaknesses, through the same workflows as a user's own
 * data.
 */
export async function drill(parts: Parts, input: DrillInput, run: Run): Promise<DrillResult> {
	const scope = { student: input.student, round: 1 };
	const quiet: Run = { ...run, log: (level, message) => run.log(level === 'info' ? 'debug' : level, message) };
	await importSkills(parts, { files: [input.bank], split: 'validation' }, quiet);
	const { answers } = await importAnswers(parts, { ...scope, files: [input.answers] }, quiet);
	const { difficult } = await classify(parts, { ...scope, method: 'answer' }, quiet);
	const { diagnosed, disputed, failed } = await diagnose(parts, scope, quiet);
	const { skills } = await profile(parts, scope, quiet);
	return {
		questions: answers,
		difficult,
		diagnosed,
		disputed,
		failed,
		skills,
		...recovery(input.planted, { skills }),
	};
}
