import type { Random } from '../core/stats/random.ts';
import { drawWithoutReplacement, randomStream } from '../core/stats/random.ts';
import type { MicroSkill } from './microSkills.ts';
import { microSkills } from './microSkills.ts';
import type { Operation, Pen } from './operations.ts';
import { change, preparation, signSkills, start, startSkills } from './operations.ts';

export interface DrillSettings {
	/** Number of micro-skills in the world, 4 to 18. */
	readonly skills: number;
	/** Number of validation questions. */
	readonly questions: number;
	readonly seed: number;
}

export interface DrillQuestion {
	readonly text: string;
	/** Skills needed to solve the question, in order of appearance. */
	readonly skills: readonly MicroSkill[];
	readonly gold: string;
	/** The student's answer. */
	readonly answer: string;
}

/** What is planted. It is never written anywhere that the teacher reads. */
export interface PlantedSkill {
	readonly skill: MicroSkill;
	/** Probability that a step that needs the skill goes wrong. */
	readonly rate: number;
	readonly weak: boolean;
	/** Rate × number of questions that need the skill: the cost of the weakness. */
	readonly impact: number;
}

export interface DrillWorld {
	readonly questions: readonly DrillQuestion[];
	readonly planted: readonly PlantedSkill[];
}

const themes = [
	['The score in a game', 'What is the score in the end?'],
	['The balance of an account', 'What is the balance in the end?'],
	['The number on a counter', 'Which number does the counter show in the end?'],
	['The value of a token', 'What is the token worth in the end?'],
] as const;

/**
 * Plants the weaknesses. A third of the skills are weak, with slip rates from 0.35 to 0.75; the others slip in 1–5% of
 * their steps.
 */
function plant(active: readonly MicroSkill[], random: Random): Map<MicroSkill, { rate: number; weak: boolean }> {
	const weak = drawWithoutReplacement(random, active, Math.max(2, Math.round(active.length / 3)));
	return new Map(
		active.map((skill) => {
			const place = weak.indexOf(skill);
			return [
				skill,
				place >= 0
					? { weak: true, rate: 0.35 + (0.4 * place) / Math.max(1, weak.length - 1) }
					: { weak: false, rate: (1 + random.int(5)) / 100 },
			];
		}),
	);
}

/** Builds a world. The same settings give the same world on any machine. */
export function drillWorld(settings: DrillSettings): DrillWorld {
	const { skills, questions: count, seed } = settings;
	const active = drawWithoutReplacement(randomStream(seed, 'skills'), microSkills, skills);
	const rates = plant(active, randomStream(seed, 'plant'));
	const exposures = new Map<MicroSkill, number>(active.map((skill) => [skill, 0]));
	const known = new Set<string>();
	const questions: DrillQuestion[] = [];
	for (let i = 0; questions.length < count; i++) {
		const random = randomStream(seed, 'question', String(i));
		const made = compose(goals(exposures, random), random);
		const solved = made && write(made.operations, () => false, random);
		if (!made || !solved || known.has(made.text)) {
			continue;
		}
		const needed = [...new Set(solved.skills)].filter((skill) => exposures.has(skill));
		if (needed.length < 2 || needed.length > 4) {
			continue;
		}
		known.add(made.text);
		needed.forEach((skill) => exposures.set(skill, (exposures.get(skill) ?? 0) + 1));
		const student = randomStream(seed, 'student', String(i));
		const answer = write(
			made.operations,
			(skill) => student.int(1_000_000) < (rates.get(skill)?.rate ?? 0) * 1_000_000,
			student,
		);
		questions.push({ text: made.text, skills: needed, gold: String(solved.value), answer: answer.text });
	}
	const planted = [...rates].map(([skill, { rate, weak }]): PlantedSkill => ({
		skill,
		rate,
		weak,
		impact: rate * (exposures.get(skill) ?? 0),
	}));
	return { questions, planted };
}

/** Picks two to four skills, the least used first, so that no skill stands out by frequency alone. */
function goals(exposures: ReadonlyMap<MicroSkill, number>, random: Random): MicroSkill[] {
	const order = [...exposures]
		.map(([skill, seen]) => ({ skill, weight: seen * 16 + random.int(160) }))
		.sort((left, right) => left.weight - right.weight);
	return order.slice(0, 2 + random.int(3)).map(({ skill }) => skill);
}

function compose(
	skills: readonly MicroSkill[],
	random: Random,
): { text: string; operations: readonly Operation[] } | null {
	const first = skills.find((skill) => startSkills.includes(skill)) ?? null;
	const changes = skills.filter((skill) => !startSkills.includes(skill) && !signSkills.includes(skill));
	const last = signSkills.filter((skill) => skills.includes(skill));
	// Adding to a negative value requires a negative value first.
	const order = [
		...drawWithoutReplacement(random, changes, changes.length),
		...(last.length > 0 ? signSkills.slice(0, last.includes('adding_to_a_negative') ? 2 : 1) : []),
	];
	const operations: Operation[] = [start(first, random)];
	let value = valueOf(operations);
	for (const skill of order) {
		let next = change(skill, value, random);
		if (!next) {
			const ready = preparation(value, (candidate) => change(skill, candidate, random) !== null);
			if (!ready) {
				return null;
			}
			operations.push(ready);
			value = valueOf(operations);
			for (let i = 0; i < 40 && !next; i++) {
				next = change(skill, value, random);
			}
		}
		if (!next) {
			return null;
		}
		operations.push(next);
		value = valueOf(operations);
		if (Math.abs(value) > 900 || value === 0 || !Number.isInteger(value)) {
			return null;
		}
	}
	const [subject, ask] = themes[random.int(themes.length)] ?? themes[0];
	const [begin, ...then] = operations.map(({ tells }) => tells);
	const openers = ['Then it', 'After that it', 'Next, it'];
	return {
		operations,
		text:
			`${subject} ${begin ?? ''}. ` +
			`${then.map((tells, i) => `${openers[i % openers.length] ?? ''} ${tells}. `).join('')}${ask}`,
	};
}

const rightPen: Pen = { value: (_, right) => right, line: () => undefined };

function valueOf(operations: readonly Operation[]): number {
	return operations.reduce((value, operation) => operation.work(value, rightPen), 0);
}

/** Writes a worked answer: one paragraph per step, with the final value in a box. */
function write(
	operations: readonly Operation[],
	slips: (skill: MicroSkill) => boolean,
	random: Random,
): { text: string; value: number; skills: MicroSkill[] } {
	const lines: string[] = [];
	const skills: MicroSkill[] = [];
	const pen: Pen = {
		value(skill, right, wrong) {
			if (skill === null) {
				return right;
			}
			skills.push(skill);
			const others = wrong.filter((value) => value !== right && Number.isInteger(value));
			return slips(skill) && others.length > 0 ? (others[random.int(others.length)] ?? right) : right;
		},
		line: (...phrasings) => void lines.push(phrasings[random.int(phrasings.length)] ?? ''),
	};
	const value = operations.reduce((before, operation) => operation.work(before, pen), 0);
	return { text: [...lines, `The answer is $\\boxed{${value}}$.`].join('\n\n'), value, skills };
}
