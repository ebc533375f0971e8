import { wilsonInterval } from '../../src/core/stats/interval.ts';
import type { ProfileResult, ProfileSkill } from '../../src/core/profile/profile.ts';
import type { ProfilePanelState, WhatIfOffer } from '../../webview/profile/protocol.ts';
import type { CausedRows, QuestionState } from '../../webview/diagnosis/protocol.ts';
import type { Answer, Verdict } from '../../src/core/questions/answer.ts';
import type { Correction, Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';

export const id = (n: number): string => n.toString(16).padStart(32, '0');
export const skill = (name: string): SkillRef => ({ subject: 'number_theory', name });

/** Returns an answer whose steps are its paragraphs. */
export function answer(
	sample: number,
	text: string,
	extracted: string | null,
	verdict: Verdict,
	stepScores: number[] | null = null,
): Answer {
	const steps: [number, number][] = [];
	let at = 0;
	for (const part of text.split('\n\n')) {
		steps.push([at, at + part.length]);
		at += part.length + 2;
	}
	return {
		student: 'qwen2.5-3b',
		round: 1,
		questionId: id(17),
		sample,
		text,
		extracted,
		verdict,
		logVerdict: null,
		stepScores,
		steps,
	};
}

const wrongAnswer = [
	'**Step 1.** By Fermat’s little theorem, if $p$ is prime and $p \\nmid a$, then $a^{p-1} \\equiv 1 \\pmod{p}$.',
	'**Step 2.** Here $p = 7$, so $3^6 \\equiv 1 \\pmod 7$, and we may reduce the exponent modulo ' +
		'$6$:\n\\[ 3^{20} = 3^{6 \\cdot 3 + 2}. \\]',
	'**Step 3.** Since $20 \\bmod 6 = 3$, we get\n$$3^{20} \\equiv 3^3 = 27 \\equiv 6 \\pmod 7.$$',
	'**Step 4.** Therefore the remainder is $\\boxed{6}$.',
].join('\n\n');

export const diagnosis: Diagnosis = {
	student: 'qwen2.5-3b',
	round: 1,
	questionId: id(17),
	sample: 1,
	judge: 'incorrect',
	reason:
		'The exponent is reduced wrongly: $20 \\bmod 6$ is $2$, not $3$. With $3^2 = 9 \\equiv 2 \\pmod 7$ the ' +
		'remainder is $2$. The theorem itself is quoted and used correctly.',
	skills: [skill('modular_arithmetic'), skill('division_and_remainders')],
	offList: ['exponent laws'],
	firstWrongStep: 2,
	replyKey: 'k',
	model: 'gpt-4o-mini',
	promptVersion: 'diagnose@1',
	at: '2026-11-20T14:02:00.000Z',
};

export const correction = (verdict: Correction['verdict'], over: Partial<Correction> = {}): Correction => ({
	student: 'qwen2.5-3b',
	round: 1,
	questionId: id(17),
	verdict,
	skills: null,
	note: null,
	author: 'Ada Lovelace',
	at: '2026-11-21T09:14:00.000Z',
	original: diagnosis,
	...over,
});

export const skillNames = [
	'arithmetic_sequences',
	'base_conversion',
	'basic_arithmetic',
	'combinatorial_reasoning',
	'congruences',
	'digit_manipulation',
	'diophantine_equations',
	'division_and_remainders',
	'divisibility_rules',
	'exponentiation',
	'factorization',
	'greatest_common_divisor',
	'least_common_multiple',
	'modular_arithmetic',
	'number_properties',
	'prime_numbers',
	'sequences_and_series',
	'solving_equations',
	'understanding_of_fractions',
	'word_problems',
];

export function questionState(over: Partial<QuestionState> = {}): QuestionState {
	return {
		kind: 'question',
		student: 'qwen2.5-3b',
		round: 1,
		index: 16,
		total: 312,
		filter: { difficult: true },
		list: 'difficult',
		question: {
			id: id(17),
			text: 'What is the remainder when $3^{20}$ is divided by $7$?',
			split: 'validation',
			subject: 'number_theory',
			level: 4,
			gold: '2',
			solution:
				'Because $3^6 \\equiv 1 \\pmod 7$ and $20 = 3\\cdot 6 + 2$, we ' +
				'have\n\\begin{align*}\n3^{20} &= \\left(3^6\\right)^3 \\cdot 3^2 \\\\\n&\\equiv 1 \\cdot ' +
				'9 \\equiv \\boxed{2} \\pmod 7.\n\\end{align*}',
			benchmark: 'MATH',
		},
		samples: [
			answer(
				0,
				'The powers of $3$ modulo $7$ are $3, 2, 6, 4, 5, 1$ and repeat.\n\nSo $3^{20} = 3^{2}$ ' +
					'and the remainder is $\\boxed{2}$.',
				'2',
				true,
				[0.97, 0.96],
			),
			answer(1, wrongAnswer, '6', false, [0.97, 0.91, 0.22, 0.3]),
			answer(
				2,
				'I compute $3^{20} = 3486784401$.\n\nDividing by $7$ gives $498112057$ with remainder ' +
					'$\\boxed{\\frac{1}{2}}$.',
				'\\frac{1}{2}',
				false,
				[0.9, 0.1],
			),
			answer(3, 'I am not sure how to do this.', null, null),
			answer(4, 'By Euler, $\\boxed{6}$.', '6', false),
		],
		consistency: 2,
		diagnosis,
		correction: null,
		verdicts: [],
		history: [],
		annotations: [],
		skills: skillNames.map(skill),
		recent: [skill('congruences'), skill('exponentiation')],
		labels: [skill('modular_arithmetic')],
		alike: [
			{ skill: skill('modular_arithmetic'), questions: 38 },
			{ skill: skill('division_and_remainders'), questions: 6 },
		],
		tau1: 0.85,
		tau2: 0.7,
		undo: null,
		surroundings: { readOnly: null, trusted: true, asking: false },
		...over,
	};
}

export const rows: CausedRows[] = [
	{
		dataset: 'sel-r1',
		count: 15,
		first: [12, 87, 401, 402, 977, 1204, 3310, 4022, 5190, 5191, 6002, 7144, 8011, 9020, 9411],
	},
];

/** Returns a profile whose counts follow a plain rule, so that every number on the page can be recomputed. */
export function profileOf(
	round: number,
	questions: number,
	counts: readonly (readonly [subject: string, name: string, missed: number, train: number, exposed: number])[],
): ProfileResult {
	const links = counts.reduce((sum, [, , , train]) => sum + train, 0);
	const skills = counts
		.map(([subject, name, missed, train, exposed]): ProfileSkill => ({
			subject,
			name,
			skill: name,
			questions: missed,
			share: missed / questions,
			ci95: wilsonInterval(missed, questions),
			trainShare: links === 0 ? null : train / links,
			train,
			exposed,
			exposureRate: exposed === 0 ? null : Math.min(missed, exposed) / exposed,
		}))
		.sort((left, right) => right.questions - left.questions);
	const subjects = [...new Set(skills.map(({ subject }) => subject))].map((subject) => ({
		subject,
		questions: skills.filter((one) => one.subject === subject).reduce((sum, one) => sum + one.questions, 0),
		skills: skills.filter((one) => one.subject === subject).length,
	}));
	return {
		student: 'qwen2.5-3b',
		round,
		questions,
		difficult: questions,
		undiagnosed: 0,
		benchmark: null,
		disputed: 4,
		corrected: 11,
		skills,
		subjects,
	};
}

const missedNow = [
	['algebra', 'solving_equations', 22, 310, 90],
	['number_theory', 'modular_arithmetic', 58, 64, 71],
	['counting_and_probability', 'combinatorial_reasoning', 41, 120, 64],
	['geometry', 'circle_properties', 37, 95, 60],
	['algebra', 'algebraic_manipulation', 33, 402, 150],
	['intermediate_algebra', 'complex_numbers', 30, 71, 44],
	['precalculus', 'trigonometric_functions', 27, 88, 52],
	['prealgebra', 'ratio_and_proportion', 19, 140, 80],
	['geometry', 'three_dimensional_geometry', 15, 40, 33],
	['number_theory', 'base_conversion', 12, 25, 19],
	['counting_and_probability', 'probability_with_replacement', 9, 12, 11],
	['precalculus', 'vector_operations', 7, 30, 20],
	['algebra', 'inequality_skills', 4, 65, 25],
	['prealgebra', 'basic_arithmetic', 2, 220, 130],
] as const;
const missedBefore: Record<string, number> = {
	solving_equations: 61,
	modular_arithmetic: 66,
	combinatorial_reasoning: 40,
	circle_properties: 52,
	algebraic_manipulation: 64,
	complex_numbers: 22,
	trigonometric_functions: 48,
	ratio_and_proportion: 30,
	three_dimensional_geometry: 15,
	base_conversion: 20,
};

export function profileState(over: Partial<ProfilePanelState> = {}): ProfilePanelState {
	const grid = [0, 0.8, 0.85, 0.9].flatMap((tau1, i) =>
		[0, 0.6, 0.7, 0.8].map((tau2, j) => ({
			tau1,
			tau2,
			difficult: 100 * (i + j),
			accuracy: 0.53 + 0.05 * Math.min(i + j, 5),
			precision: i + j === 0 ? null : 0.8 - 0.02 * (i + j),
			recall: 0.2 * Math.min(i + j, 4.7),
			f1: i + j === 0 ? null : 0.79 - 0.02 * Math.abs(i + j - 4),
			compared: 1000,
		})),
	);
	return {
		kind: 'profile',
		profile: profileOf(2, 312, missedNow),
		before: null,
		rounds: [1, 2],
		rank: 'share',
		grid,
		rule: { method: 'reward', tau1: 0.85, tau2: 0.7 },
		trusted: true,
		...over,
	};
}

export const before = profileOf(
	1,
	370,
	missedNow.map(
		([subject, name, , train, exposed]) => [subject, name, missedBefore[name] ?? 0, train, exposed] as const,
	),
);

function missingAt(at: number): number[] | null {
	if (at % 5 === 0) {
		return null;
	}
	return at % 3 === 0 ? [0, 1] : [1];
}

/** Dials for sixty questions and two skills. */
export const whatIfOffer: WhatIfOffer = {
	table: {
		skills: [
			{ subject: 'algebra', name: 'factoring' },
			{ subject: 'algebra', name: 'sequences' },
		],
		questions: Array.from({ length: 60 }, (_, at) => ({
			id: String(at).padStart(32, '0'),
			subject: 'algebra',
			digest: {
				questionId: '',
				samples: [0, 1, 2],
				verdicts: [at % 2 === 0, false, at % 3 === 0],
				extracted: [],
				words: [100 + at * 20, 100, 100],
				reward: { last: (at % 10) / 10, mean: 0.9, minBeforeLast: null },
			},
			groups: [0, 1, at % 4 === 0 ? 2 : 0],
			difficult: at % 2 === 1,
			labels: [at % 2],
			missing: missingAt(at),
			disputed: false,
		})),
		skillMap: [
			[0, 1, 2, 3, 4, 5, 6],
			[5, 6, 7, 8, 9, 10],
		],
		train: 20,
		rule: { method: 'answer', samples: 1 },
	},
	price: 0.01,
	pace: 30,
	budget: null,
	off: [],
	trusted: true,
};
