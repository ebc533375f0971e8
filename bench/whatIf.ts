import { drawWithoutReplacement, randomStream } from '../src/core/stats/random.ts';
import type { WhatIfDials, WhatIfTable } from '../src/core/datasets/whatIf.ts';
import { whatIf } from '../src/core/datasets/whatIf.ts';

/**
 * Measures turning a dial: the profile, selection, cost and time are recomputed for 1,000 questions × 128 skills and a
 * Skill-Map of 7,500 questions with 2.5 skills each. The limit is 100 ms of CPU time over all threads, including
 * garbage collection, so that other work on the machine does not count.
 */
const skills = Array.from({ length: 128 }, (_, index) => ({ subject: `subject_${index % 7}`, name: `skill_${index}` }));

function table(questions: number): WhatIfTable {
	const random = randomStream(1, 'bench');
	const indexes = skills.map((_, index) => index);
	const skillMap: number[][] = skills.map(() => []);
	for (let question = 0; question < 7500; question++) {
		for (const skill of drawWithoutReplacement(random, indexes, 2 + (question % 2))) {
			skillMap[skill]?.push(question);
		}
	}
	return {
		skills,
		skillMap,
		train: 7500,
		rule: { method: 'reward', tau1: 0.85, tau2: 0.7 },
		questions: Array.from({ length: questions }, (_, index) => {
			const uniform = () => random.int(1000) / 1000;
			const missing = drawWithoutReplacement(random, indexes, 2 + (index % 2));
			return {
				id: randomStream(index, 'id').priority().toString(16).padStart(32, '0'),
				subject: null,
				digest: {
					questionId: '',
					samples: [0, 1, 2, 3, 4],
					verdicts: [uniform() < 0.5, true, false, true, null],
					extracted: [],
					words: [300, 200, 400, 300, 200],
					reward: {
						last: 0.6 + 0.4 * uniform(),
						mean: 0.6 + 0.4 * uniform(),
						minBeforeLast: 0.5 + 0.5 * uniform(),
					},
				},
				groups: [0, 1, 0, 3, 4],
				difficult: true,
				labels: missing,
				missing,
				disputed: false,
			};
		}),
	};
}

const start: WhatIfDials = {
	rule: { method: 'reward', tau1: 0.85, tau2: 0.7 },
	off: new Set(),
	seed: 0,
	difficult: 500,
	perSkill: 5,
	answers: 3,
	repeats: 'keep',
	pairs: 9500,
	mix: 0,
	rank: 'share',
	answersFrom: 'teacher',
	price: 0.001,
	pace: 60,
	budget: 10,
};
const turned: readonly (readonly [string, (at: number) => Partial<WhatIfDials>])[] = [
	['τ1', (at) => ({ rule: { method: 'reward', tau1: 0.7 + at * 0.005, tau2: 0.7 } })],
	['a skill off', (at) => ({ off: new Set([`subject_${at % 7}/skill_${at}`]) })],
	['mix with P', (at) => ({ mix: at / 60 })],
	['weights by exposure', (at) => ({ rank: 'exposure', seed: at })],
	['size', (at) => ({ pairs: 500 + at * 300 })],
	['all 1,000 questions used', (at) => ({ difficult: 1000, rule: { method: 'reward', tau1: 1, tau2: 1 }, seed: at })],
];

const whole = table(1000);
console.log('| dial | median | 95 % are under | slowest | of the 100 ms |\n| --- | ---: | ---: | ---: | ---: |');
for (const [name, change] of turned) {
	whatIf(whole, { ...start, ...change(0) });
	const times = Array.from({ length: 50 }, (_, at) => {
		const began = process.cpuUsage();
		whatIf(whole, { ...start, ...change(at) });
		const { user, system } = process.cpuUsage(began);
		return (user + system) / 1000;
	}).sort((left, right) => left - right);
	const [median, high, most] = [0.5, 0.95, 1].map(
		(share) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0,
	);
	console.log(
		`| ${name} | ${median?.toFixed(1)} ms | ${high?.toFixed(1)} ms | ${most?.toFixed(1)} ms | ` +
			`${(((high ?? 0) / 100) * 100).toFixed(0)} % |`,
	);
}
