import { splitSteps } from '../../src/core/questions/steps.ts';
import type { Opening, Problem } from './hand.ts';
import { Hand } from './hand.ts';
import type { Random } from './random.ts';

/** One of the student's answers, with facts that only its generator knows. */
export interface Written {
	readonly text: string;
	/** The final answer as written in the evaluator's log. */
	readonly pred: string;
	readonly stepScores: readonly number[];
	/** Whether the final answer is right, in any form. */
	readonly right: boolean;
	/**
	 * Where the answer went wrong: the index into the steps of `text`, the corrected step, the skill and the teacher's
	 * explanation.
	 */
	readonly slip: {
		readonly step: number;
		readonly should: string;
		readonly wrote: string;
		readonly skill: string;
		readonly why: string;
	} | null;
	readonly odd: 'none' | 'no box' | 'truncated' | 'unit' | 'other form';
}

/** How often a decision that needs a skill goes wrong. Skills not listed have the rate {@link usual}. */
const weak: Readonly<Record<string, number>> = {
	distributing_over_brackets: 0.85,
	inequalities: 0.8,
	exponent_rules: 0.45,
	arithmetic_and_geometric_sequences: 0.4,
	modular_arithmetic: 0.6,
	base_conversion: 0.4,
	units_digit_cycles: 0.2,
	complementary_counting: 0.85,
	inclusion_exclusion: 0.6,
	probability_of_compound_events: 0.35,
	similar_figures: 0.7,
	circle_measurements: 0.45,
};
const usual = 0.07;

const openers = [
	'To solve this problem, we need to work through it step by step.',
	"Let's solve this step by step.",
	'We are given the problem and need to find the requested value.',
	"Let's break it down.",
];
const closers: readonly ((answer: string) => string)[] = [
	(a) => `The final answer is: $\\boxed{${a}}$`,
	(a) => `Therefore, the final answer is $\\boxed{${a}}$.`,
	(a) => `Thus, the answer is $\\boxed{${a}}$.`,
	(a) => `So the answer is \\(\\boxed{${a}}\\).`,
];

/** Returns about five answers to one question by a student whose understanding varies. */
export function answer(problem: Problem, samples: number, random: Random): Written[] {
	const dry = new Hand(() => 0);
	problem.write(dry);
	const decisions = [...new Set(dry.openings.map(({ decision }) => decision))];
	// If the student has not understood something about this particular question, it goes wrong nearly every time;
	// everything else goes wrong occasionally.
	const tendency = new Map(
		decisions.map((decision) => {
			const skill = dry.openings.find((opening) => opening.decision === decision)?.skill ?? '';
			const rate = weak[skill] ?? usual;
			const choices = dry.openings.filter((opening) => opening.decision === decision);
			return [
				decision,
				{ rate: random.chance(rate) ? 0.85 : rate * 0.3, favourite: random.of(choices), choices },
			] as const;
		}),
	);
	const written: Written[] = [];
	while (written.length < samples) {
		let at: Opening | null = null;
		for (const { rate, favourite, choices } of tendency.values()) {
			if (random.chance(rate)) {
				at = random.chance(0.75) ? favourite : random.of(choices);
				break;
			}
		}
		const next = write(problem, at, random);
		// A slip that happens to give the right answer teaches nothing, and answers with the same text cannot be
		// distinguished.
		const texts = [...written.map(({ text }) => text), next.text];
		if (
			!(next.slip && next.right) &&
			texts.every((text, i) => uniqueParagraph(text, ...texts.filter((_, j) => j !== i)) !== undefined)
		) {
			written.push(next);
		}
	}
	return written;
}

/** Returns a paragraph of `text` that is not in `others`. */
export function uniqueParagraph(text: string, ...others: readonly string[]): string | undefined {
	return text
		.split('\n\n')
		.reverse()
		.find((paragraph) => paragraph.length >= 12 && others.every((other) => !other.includes(paragraph)));
}

function write(problem: Problem, at: Opening | null, random: Random): Written {
	const choices: number[] = [];
	const wording = (step: number, phrasings: number): number => (choices[step] ??= random.int(0, phrasings - 1));
	const hand = new Hand(wording, at);
	const final = problem.write(hand);
	const careful = new Hand(wording);
	problem.write(careful);

	const odd = oddity(final, problem, random);
	const style = random.of(['plain', 'plain', 'headed', 'headed', 'opened', 'bold']);
	const opener =
		style === 'opened' || random.chance(0.3)
			? [random.chance(0.5) ? random.of(problem.ideas) : random.of(openers)]
			: [];
	const body = hand.steps.map((step, i) => {
		if (style === 'headed') {
			return `## Step ${i + 1}\n${step}`;
		}
		return style === 'bold' ? `**Step ${i + 1}:** ${step}` : step;
	});
	const closer =
		odd.kind === 'no box'
			? `So we get ${final.includes('\\') ? `$${final}$` : final}.`
			: random.of(closers)(odd.answer);
	let paragraphs = [...opener, ...body, closer];
	if (odd.kind === 'truncated') {
		paragraphs = paragraphs.slice(0, Math.max(opener.length + 1, paragraphs.length - 2));
		const last = paragraphs.pop() ?? '';
		paragraphs.push(last.slice(0, Math.max(20, Math.floor(last.length * 0.6))).trimEnd());
	}
	const text = paragraphs.join('\n\n');
	const steps = splitSteps(text);
	const right = final === problem.gold && odd.kind !== 'truncated';
	let slip: Written['slip'] = null;
	const wrote = hand.slip ? body[hand.slip.step] : undefined;
	if (hand.slip && wrote !== undefined && paragraphs.includes(wrote)) {
		const from = text.indexOf(wrote);
		slip = {
			step: steps.findIndex(([start, end]) => from >= start && from < end),
			should: careful.steps[hand.slip.step] ?? '',
			wrote: hand.steps[hand.slip.step] ?? '',
			skill: hand.slip.skill,
			why: hand.slip.why,
		};
	}
	return {
		text,
		pred: predicted(text),
		stepScores: scores(steps.length, slip?.step ?? null, odd.kind === 'truncated', random),
		right,
		slip,
		odd: odd.kind,
	};
}

function oddity(final: string, problem: Problem, random: Random): { kind: Written['odd']; answer: string } {
	const draw = random.int(0, 999);
	if (draw < 14) {
		return { kind: 'no box', answer: final };
	}
	if (draw < 26) {
		return { kind: 'truncated', answer: final };
	}
	const unit = / (dollars|degrees|feet)\b/.exec(problem.text)?.[1];
	if (draw < 120 && unit !== undefined && /^\d+$/.test(final)) {
		return { kind: 'unit', answer: unit === 'degrees' ? `${final}^\\circ` : `${final} \\text{ ${unit}}` };
	}
	const [, n, d] = /^\\frac\{(\d+)\}\{(\d+)\}$/.exec(final)?.map(Number) ?? [];
	if (draw < 160 && n !== undefined && d !== undefined) {
		return { kind: 'other form', answer: otherFraction(n, d, random) };
	}
	if (draw > 960 && /^-?\d+$/.test(final) && problem.text.includes('$x$')) {
		return { kind: 'other form', answer: `x = ${final}` };
	}
	return { kind: 'none', answer: final };
}

function otherFraction(n: number, d: number, random: Random): string {
	if (Number.isInteger((n / d) * 1000)) {
		return String(n / d);
	}
	return random.chance(0.5) ? `${n}/${d}` : `\\dfrac{${n * 2}}{${d * 2}}`;
}

/** Extracts the answer as the evaluator does: the last box, else the last number. */
function predicted(text: string): string {
	const at = text.lastIndexOf('\\boxed{');
	if (at >= 0) {
		let depth = 0;
		for (let i = at + 6; i < text.length; i++) {
			if (text[i] === '{') {
				depth++;
			} else if (text[i] === '}') {
				depth--;
			}
			if (depth === 0) {
				return text.slice(at + 7, i);
			}
		}
	}
	return text.match(/-?\d+(?:\.\d+)?/g)?.at(-1) ?? '';
}

/**
 * Returns the scores that a process reward model would give: high at first, dropping at the first wrong step and low
 * after it, with noise.
 */
function scores(steps: number, wrong: number | null, broken: boolean, random: Random): number[] {
	const fooled = random.chance(0.1);
	const scoreOf = (i: number): number => {
		if (wrong !== null && !fooled && i >= wrong) {
			return i === wrong ? random.between(0.12, 0.58) : random.between(0.04, 0.42);
		}
		return random.chance(0.06) ? random.between(0.6, 0.86) : random.between(0.88, 0.997);
	};
	return Array.from({ length: steps }, (_, i) => {
		const score = scoreOf(i);
		return Math.round((broken && i === steps - 1 ? random.between(0.1, 0.5) : score) * 10_000) / 10_000;
	});
}

/** Returns the number in the pair `['latex', number]` that the banks print. */
export function numeric(latex: string): number {
	const based = /^(\d+)_\{(\d+)\}$/.exec(latex);
	if (based) {
		return parseInt(based[1] ?? '0', Number(based[2]));
	}
	const source = latex
		.replace(/\\frac\{([^{}]*)\}\{([^{}]*)\}/g, '(($1)/($2))')
		.replace(/\\sqrt\{(\d+)\}/g, (_, n: string) => `*${Math.sqrt(Number(n))}`)
		.replace(/\\pi/g, `*${Math.PI}`)
		.replace(/(^|[(+\-/])\*/g, '$1');
	return product(source);
}

/** Evaluates sums, products and quotients of numbers, which is enough for the sample's own answers. */
function product(source: string): number {
	const bare = /^\(\((.*)\)\/\((.*)\)\)$/.exec(source.replace(/^-/, ''));
	if (bare) {
		return ((source.startsWith('-') ? -1 : 1) * product(bare[1] ?? '')) / product(bare[2] ?? '');
	}
	return source
		.split('+')
		.reduce((total, term) => total + term.split('*').reduce((value, factor) => value * Number(factor), 1), 0);
}
