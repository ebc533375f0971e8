// Questions about the dial: training questions P with or without a planted gap, and evaluation questions, all generated
// from one seed.
import type { Random } from '../../../src/core/stats/random.ts';
import { drawWithoutReplacement, randomStream } from '../../../src/core/stats/random.ts';
import type { DialSkill, Move, Start } from './dial.ts';
import { allSkills, apply, frequentSkills, moveFor, questionText, rareSkills, solutionText, work } from './dial.ts';

export interface WorldSettings {
	readonly seed: number;
	/**
	 * The share of P's questions that need a rare skill, from 0 to 1; it determines the planted gap. For evaluation
	 * questions the share is `rareShare`.
	 */
	readonly rareInTraining: number;
	readonly rareShare: number;
	readonly train: number;
	readonly validation: number;
	readonly gate: number;
	readonly test: number;
	readonly harder: number;
	/** Number of frequent skills with which each rare skill never occurs outside the harder split. */
	readonly heldOut: number;
}

export interface WorldQuestion {
	readonly question: string;
	readonly answer: string;
	readonly solution: string;
	readonly skills: readonly DialSkill[];
	/** A level from 1 to 5: the number of steps, plus one for the hard skill. */
	readonly level: number;
}

export interface World {
	readonly train: readonly WorldQuestion[];
	/** The questions for the profile. */
	readonly validation: readonly WorldQuestion[];
	/** The questions for choosing learning rates, and for checking whether plain SFT still gains. */
	readonly gate: readonly WorldQuestion[];
	/** The questions for the report. */
	readonly test: readonly WorldQuestion[];
	/** Each question has a pair of skills that never occurs anywhere else. */
	readonly harder: readonly WorldQuestion[];
	/** Pairs `rare/frequent` reserved for the harder split. */
	readonly pairs: ReadonlySet<string>;
}

/** A frequent skill that is too hard for the student at every budget tried here. */
const hardSkill: DialSkill = 'multiplying';

/** Creates a world. The same settings give the same world on any machine, and no question is in two of its parts. */
export function makeWorld(settings: WorldSettings): World {
	const { seed } = settings;
	const pairs = heldOutPairs(settings);
	const known = new Set<string>();
	const part = (name: string, count: number, rare: number, harder: boolean): WorldQuestion[] => {
		const made: WorldQuestion[] = [];
		for (let i = 0; made.length < count; i++) {
			const random = randomStream(seed, name, String(i));
			const one = composeSoon(goalsOf(random, rare, harder ? pairs : null), random);
			if (one && !known.has(one.question) && hasPair(one.skills, pairs) === harder) {
				known.add(one.question);
				made.push(one);
			}
		}
		return made;
	};
	return {
		pairs,
		harder: part('harder', settings.harder, 1, true),
		test: part('test', settings.test, settings.rareShare, false),
		gate: part('gate', settings.gate, settings.rareShare, false),
		validation: part('validation', settings.validation, settings.rareShare, false),
		train: part('train', settings.train, settings.rareInTraining, false),
	};
}

function heldOutPairs({ seed, heldOut }: WorldSettings): ReadonlySet<string> {
	const partners = frequentSkills.filter((skill) => skill !== hardSkill);
	return new Set(
		rareSkills.flatMap((rare) =>
			drawWithoutReplacement(randomStream(seed, 'pairs', rare), partners, heldOut).map(
				(frequent) => `${rare}/${frequent}`,
			),
		),
	);
}

function hasPair(skills: readonly DialSkill[], pairs: ReadonlySet<string>): boolean {
	return skills.some((left) => skills.some((right) => pairs.has(`${left}/${right}`)));
}

/** Returns two skills in the order in which they occur; at most one of them is rare. */
function goalsOf(random: Random, rareShare: number, pairs: ReadonlySet<string> | null): DialSkill[] {
	if (pairs) {
		const [rare, frequent] = ([...pairs][random.int(pairs.size)] ?? '').split('/') as [DialSkill, DialSkill];
		return drawWithoutReplacement(random, [rare, frequent], 2);
	}
	const goals = [anyFrequent(random), anyFrequent(random)];
	if (random.int(1_000_000) < rareShare * 1_000_000) {
		// The rare skill never comes first, since its number must not be in the question.
		goals[1] = rareSkills[random.int(rareSkills.length)] as DialSkill;
	}
	return goals;
}

/** The hard skill is half as frequent as the others. */
function anyFrequent(random: Random): DialSkill {
	const skill = frequentSkills[random.int(frequentSkills.length)] as DialSkill;
	return skill === hardSkill && random.int(2) === 0 ? 'adding' : skill;
}

/** Makes several attempts for the same skills, so that a skill that is hard to place does not become rarer. */
function composeSoon(goals: readonly DialSkill[], random: Random): WorldQuestion | null {
	for (let i = 0; i < 200; i++) {
		const made = compose(goals, random);
		if (made) {
			return made;
		}
	}
	return null;
}

/**
 * Returns a question that needs exactly these skills in this order, with an equation first, or `null` if the draw
 * failed.
 */
function compose(chosen: readonly DialSkill[], random: Random): WorldQuestion | null {
	const solves = chosen.includes('solving_for_x');
	const goals = solves ? ['solving_for_x' as const, ...chosen.filter((skill) => skill !== 'solving_for_x')] : chosen;
	if (goals.length < 2) {
		return null;
	}
	const start: Start = solves ? equation(random) : { value: random.int(100), plus: null };
	const chain: Move[] = [];
	let value = start.value;
	for (const skill of solves ? goals.slice(1) : goals) {
		const move = moveFor(skill, value, random);
		const after = move && apply(move, value);
		if (!move || !after) {
			return null;
		}
		chain.push(move);
		value = after.value;
	}
	const worked = work(start, chain);
	if (!worked) {
		return null;
	}
	const skills = allSkills.filter((skill) => worked.steps.some((step) => step.skill === skill));
	return {
		question: questionText(start, chain),
		answer: String(worked.result).padStart(2, '0'),
		solution: solutionText(worked.steps, worked.result),
		skills,
		level: Math.min(5, worked.steps.length + 1 + (skills.includes(hardSkill) ? 1 : 0)),
	};
}

/** Returns x + plus = total without a borrow, so that this skill is isolated. */
function equation(random: Random): Start {
	const [t, u] = [1 + random.int(8), random.int(10)];
	const plus = 10 * (1 + random.int(9 - t)) + random.int(10 - u);
	return { value: 10 * t + u, plus };
}

/** Returns a new question that needs the skill, as a teacher would write one, without a pair of the harder split. */
export function composeFor(skill: DialSkill, pairs: ReadonlySet<string>, random: Random): WorldQuestion {
	for (;;) {
		const goals = [anyFrequent(random), anyFrequent(random)];
		goals[skill === 'solving_for_x' ? 0 : 1] = skill;
		const made = composeSoon(goals, random);
		if (made && !hasPair(made.skills, pairs)) {
			return made;
		}
	}
}

/** Returns a skill bank in the format that `import skills` reads. */
export function bankOf(questions: readonly WorldQuestion[]): string {
	const skillDict = Object.fromEntries(
		allSkills.map((skill) => [
			skill,
			questions
				.filter(({ skills }) => skills.includes(skill))
				.map(({ question, solution }) => ({ question, answer: solution })),
		]),
	);
	return JSON.stringify({ skills: allSkills, skill_dict: skillDict });
}
