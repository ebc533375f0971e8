// The results of a run: one small file per arm, with one bit per question, from which everything in the report is
// computed.
import type { DialSkill } from './dial.ts';
import { allSkills, firstWrong, isRare, readQuestion, work } from './dial.ts';
import type { WorldName } from './settings.ts';
import type { WorldQuestion } from './world.ts';

export interface Marks {
	readonly n: number;
	readonly correct: number;
	readonly rare: readonly [number, number];
	readonly frequent: readonly [number, number];
	/** Number of questions that need each skill: [right, all]. */
	readonly skills: Readonly<Record<string, readonly [number, number]>>;
	/** Hexadecimal, with four questions per digit, the first in the highest bit. */
	readonly bits: string;
}

export interface ArmResult {
	readonly arm: string;
	readonly world: WorldName;
	readonly seed: number;
	readonly lr?: number;
	readonly pairs?: number;
	readonly distinct?: number;
	readonly questions?: number;
	readonly calls?: number;
	readonly yield?: Readonly<Record<string, number>>;
	readonly sha256?: string;
	/** Number of rows in the training set, and of those whose question needs a rare skill (questions of P only). */
	readonly rows?: number;
	readonly rareRows?: number;
	/** CPU seconds in this run; work done in an earlier run counts as 0. */
	readonly cpu?: number;
	readonly skillsTrained?: Readonly<Record<string, number>>;
	/** Present only for base and plain SFT. */
	readonly gate?: Marks;
	readonly test: Marks;
	readonly harder: Marks;
}

export interface ProfileResult {
	readonly profile: string;
	readonly world: WorldName;
	readonly seed: number;
	readonly difficult: number;
	readonly skills: readonly {
		readonly skill: string;
		readonly questions: number;
		readonly share: number;
		readonly exposureRate?: number | null;
	}[];
	/**
	 * By skill, on questions that the profile did not use: the number of steps that needed it, and of those that were
	 * the first wrong step.
	 */
	readonly measured: Readonly<Record<string, readonly [number, number]>>;
}

export function packed(questions: readonly WorldQuestion[], right: readonly boolean[]): Marks {
	const count = (matches: (question: WorldQuestion) => boolean): [number, number] => {
		const places = questions.flatMap((question, place) => (matches(question) ? [place] : []));
		return [places.filter((place) => right[place]).length, places.length];
	};
	let bits = '';
	for (let i = 0; i < right.length; i += 4) {
		bits += [0, 1, 2, 3].reduce((digit, j) => digit * 2 + (right[i + j] ? 1 : 0), 0).toString(16);
	}
	return {
		n: right.length,
		correct: right.filter(Boolean).length,
		rare: count(({ skills }) => skills.some(isRare)),
		frequent: count(({ skills }) => !skills.some(isRare)),
		skills: Object.fromEntries(allSkills.map((skill) => [skill, count(({ skills }) => skills.includes(skill))])),
		bits,
	};
}

/** For each skill, returns [number of first wrong steps that need it, number of steps reached that need it]. */
export function measuredMissing(
	rows: readonly { readonly question: string; readonly response: string }[],
): Record<DialSkill, [number, number]> {
	const counts = Object.fromEntries(allSkills.map((skill) => [skill, [0, 0]])) as Record<DialSkill, [number, number]>;
	for (const { question, response } of rows) {
		const read = readQuestion(question);
		const right = read && work(read.start, read.chain);
		const wrong = firstWrong(question, response.split('\n\n'));
		right?.steps.forEach(({ skill }, step) => {
			if (!wrong || step <= wrong.step) {
				counts[skill][1]++;
				counts[skill][0] += wrong?.step === step ? 1 : 0;
			}
		});
	}
	return counts;
}
