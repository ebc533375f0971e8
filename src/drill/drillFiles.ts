import { randomStream } from '../core/stats/random.ts';
import type { DrillWorld } from './drillWorld.ts';
import { drillSubject } from './microSkills.ts';

export const drillStudent = 'drill-student';

/**
 * Writes the world in the formats of other tools: a skill bank of the validation questions and an evaluator's log.
 * `shuffle` gives each question the answer to another question.
 */
export function drillFiles(
	world: DrillWorld,
	options: { readonly shuffle: boolean; readonly seed: number },
): { readonly bank: string; readonly answers: string } {
	const skills = world.planted.map(({ skill }) => skill).sort();
	const bank = {
		skills,
		example_nums: Object.fromEntries(
			skills.map((skill) => [
				skill,
				world.questions.filter((question) => question.skills.includes(skill)).length,
			]),
		),
		skill_dict: Object.fromEntries(
			skills.map((skill) => [
				skill,
				world.questions
					.filter((question) => question.skills.includes(skill))
					.map(({ text, gold }) => ({ question: text, answer: `['${gold}', ${gold}]` })),
			]),
		),
	};
	// Rotating a shuffled order ensures that no question keeps its own answer.
	const order = world.questions.map((_, i) => i);
	const random = randomStream(options.seed, 'shuffle');
	for (let i = order.length - 1; i > 0; i--) {
		const j = random.int(i + 1);
		[order[i], order[j]] = [order[j] as number, order[i] as number];
	}
	const answerOf = new Map(
		order.map((question, place) => [
			question,
			options.shuffle ? (order[(place + 1) % order.length] as number) : question,
		]),
	);
	const lines = world.questions.map(({ text, gold }, idx) =>
		JSON.stringify({
			idx,
			question: text,
			gt: gold,
			answer: gold,
			type: drillSubject,
			code: [world.questions[answerOf.get(idx) ?? idx]?.answer ?? ''],
		}),
	);
	return { bank: JSON.stringify(bank), answers: `${lines.join('\n')}\n` };
}
