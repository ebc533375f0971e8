import { questionId } from '../../src/core/questions/question.ts';
import { aliases, makers, skillsOf } from './catalog.ts';
import type { Maker, Problem } from './hand.ts';
import { Hand } from './hand.ts';
import type { Random } from './random.ts';
import type { Written } from './student.ts';
import { uniqueParagraph } from './student.ts';

/** A line in a scripted teacher's file (docs/scripted-teacher.md). */
export interface ReplyLine {
	readonly task: string;
	readonly question?: string;
	readonly about?: string;
	readonly skill?: string;
	readonly n?: number;
	readonly sample?: number;
	readonly attempt?: number;
	readonly contains?: string;
	readonly text: string;
}

const list = (skills: readonly string[]): string => skills.join(', ');
const readable = (skill: string): string => skill.replace(/_/g, ' ');

/** Returns the skills that the teacher names for a question: the right ones, and occasionally one too many. */
export function labelReply(problem: Problem, random: Random): ReplyLine {
	const extra = random.of(skillsOf(problem.subject));
	const skills = random.chance(0.06) && !problem.skills.includes(extra) ? [...problem.skills, extra] : problem.skills;
	const reason = `${random.of(problem.ideas)} That takes ${skills.map(readable).join(' and ')}.`;
	return {
		task: 'label',
		question: problem.text,
		text: `<skill>${list(skills)}</skill>\n<reason>${reason}</reason>`,
	};
}

export function catalogNameReply(problem: Problem, random: Random): ReplyLine {
	const names = problem.skills.slice(0, 3).map((skill) => random.of([skill, ...(aliases[skill] ?? [])]));
	return {
		task: 'catalogName',
		question: problem.text,
		text: `<skill>${list(names)}</skill>\n<reason>${problem.ideas[0] ?? ''}</reason>`,
	};
}

export function catalogClusterReplies(subject: string): ReplyLine[] {
	const text = skillsOf(subject)
		.map(
			(skill) =>
				`<cluster><skill>${skill}</skill><members>${list([skill, ...(aliases[skill] ?? [])])}</members></cluster>`,
		)
		.join('\n');
	return [
		{ task: 'catalogCluster', about: subject, text },
		{ task: 'catalogCluster', about: `${subject}/*`, text },
	];
}

/** How a diagnosis deliberately deviates from the truth, so that there is something to correct. */
type Flaw = 'none' | 'malformed first' | 'off-list' | 'disputed' | 'mistaken';

export interface DiagnosisLine extends ReplyLine {
	readonly flaw: Flaw;
	readonly skills: readonly string[];
}

/** Chooses the flaw in a difficult question's diagnosis by the position of the question among the difficult ones. */
function planned(place: number): Flaw {
	if (place % 25 === 11) {
		return 'malformed first';
	}
	if (place % 20 === 7) {
		return 'off-list';
	}
	if (place % 18 === 5) {
		return 'disputed';
	}
	return place % 12 === 8 ? 'mistaken' : 'none';
}

/** Returns one diagnosis per answer. The answers are distinguished by one of their paragraphs. */
export function diagnoseReplies(
	problem: Problem,
	answers: readonly Written[],
	place: number,
	random: Random,
): DiagnosisLine[] {
	const read = answers.findIndex(({ right }) => !right);
	return answers.flatMap((written, sample): DiagnosisLine[] => {
		const contains = uniqueParagraph(
			written.text,
			...answers.filter((_, i) => i !== sample).map(({ text }) => text),
		);
		if (contains === undefined) {
			throw new Error(`sample ${sample} of “${problem.text}” cannot be told from the others`);
		}
		const about = { task: 'diagnose', question: problem.text, contains };
		if (written.right) {
			const form = remarkOn(written.odd);
			return [
				{
					...about,
					flaw: 'none',
					skills: [],
					text:
						`<judge>correct</judge>\n<reason>Every step holds and the final answer is ` +
						`right.${form}</reason>\n<skill>none</skill>`,
				} as const,
			];
		}
		const others = problem.skills.filter((skill) => skill !== written.slip?.skill);
		const chief = written.slip?.skill ?? problem.skills[0] ?? '';
		const flaw = sample === read ? planned(place) : unplanned(random);
		const second = others.length > 0 && random.chance(0.6) ? [random.of(others)] : [];
		const far = skillsOf(problem.subject).filter((skill) => !problem.skills.includes(skill));
		const skills = [chief, ...second, ...(random.chance(0.12) ? [random.of(far)] : [])];
		const step = (written.slip?.step ?? written.stepScores.length - 1) + 1;
		const reply = (named: readonly string[], reason: string, at: number): string =>
			`<judge>incorrect</judge>\n<reason>${reason}</reason>\n<skill>${list(named)}</skill>\n<step>${at}</step>`;
		const reason = written.slip
			? slipReason(written.slip, step, skills, random)
			: `The answer breaks off in step ${step} and never comes to a final answer, so it is not shown ` +
				'that the student can carry the plan through.';
		switch (flaw) {
			case 'malformed first':
				return [
					{ ...about, flaw: 'none', skills, text: reply(skills, reason, step) },
					{
						...about,
						attempt: 0,
						flaw,
						skills: [],
						text: `The student's work goes wrong in step ${step}. ${reason}\n\nMissing: ${readable(chief)}`,
					},
				];
			case 'off-list':
				return [
					{
						...about,
						flaw,
						skills,
						text: reply(
							[...skills, random.of(['careful reading', 'self-checking', 'mathematical notation'])],
							reason,
							step,
						),
					},
				];
			case 'disputed':
				return [
					{
						...about,
						flaw,
						skills: [],
						text:
							'<judge>correct</judge>\n<reason>The method fits the question and the steps follow ' +
							'from one another.</reason>\n<skill>none</skill>',
					},
				];
			case 'mistaken': {
				const wrong = [random.of(far), ...second];
				return [
					{
						...about,
						flaw,
						skills: wrong,
						text: reply(
							wrong,
							'The student chose an approach that does not suit the question, which points ' +
								`to gaps in ${wrong.map(readable).join(' and ')}.`,
							1,
						),
					},
				];
			}
			default:
				return [{ ...about, flaw, skills, text: reply(skills, reason, step) }];
		}
	});
}

function slipReason(
	slip: NonNullable<Written['slip']>,
	step: number,
	skills: readonly string[],
	random: Random,
): string {
	const quote = firstDifference(slip.wrote, slip.should);
	const says = random.of([
		`In step ${step} the student writes “${quote}”`,
		`The first wrong step is number ${step}: “${quote}”`,
		`Up to step ${step} the work is sound; there it says “${quote}”`,
	]);
	const then = random.of([
		'The rest follows from that and leads to a wrong final answer.',
		'All later steps carry this on.',
		'The steps after it are consistent but build on a wrong value.',
	]);
	return `${says}, but ${slip.why}. ${then} This shows a gap in ${skills.map(readable).join(' and ')}.`;
}

/** Returns the wrong formula in a step, else the whole step. */
function firstDifference(wrote: string, should: string): string {
	const formulas = (text: string): string[] => text.match(/\$[^$]+\$/g) ?? [];
	const right = formulas(should);
	return formulas(wrote).find((formula, i) => formula !== right[i] && formula.length > 4) ?? wrote;
}

export function judgeReplies(problem: Problem, answers: readonly Written[], random: Random): ReplyLine[] {
	return answers.map((written, sample) => {
		const contains = uniqueParagraph(
			written.text,
			...answers.filter((_, i) => i !== sample).map(({ text }) => text),
		);
		const verdict = random.chance(0.06) ? !written.right : written.right;
		const reason = verdict
			? 'I worked the question out and came to the same final answer.'
			: 'My own result differs from the final ' +
				`answer${written.odd === 'truncated' ? ', since the answer never gets to one' : ''}.`;
		return {
			task: 'judge',
			question: problem.text,
			...(contains === undefined ? {} : { contains }),
			text: `<reason>${reason}</reason>\n<judge>${verdict ? 'correct' : 'incorrect'}</judge>`,
		};
	});
}

/**
 * Writes a solution in one of the teacher's several manners, each with its own phrasing, layout, opening and ending.
 */
export function solution(problem: Problem, manner: number, random: Random, slipped = false): string {
	const wordings = [
		(_: number, n: number): number => 1 % n,
		(i: number, n: number): number => (n === 3 ? 2 : i % 2),
		(i: number, n: number): number => (n === 3 ? (i + 1) % 3 : (i + 1) % 2),
	];
	const wording = wordings[manner % 3] ?? (() => 0);
	const dry = new Hand(wording);
	problem.write(dry);
	const hand = new Hand(wording, slipped ? random.of(dry.openings) : null);
	const final = problem.write(hand);
	const idea = problem.ideas[manner % problem.ideas.length] ?? '';
	const openings = [
		idea,
		`**Plan.** ${idea}`,
		`${random.of(['Let us first see what is needed.', 'Before we compute anything, a word on the method.', 'What does the question ask for?'])} ` +
			`${idea}`,
	];
	const ends = [
		`The answer is $\\boxed{${final}}$.`,
		`**Answer.** $\\boxed{${final}}$`,
		`${random.of(['Everything together, the result is', 'So what was asked for is', 'This answers the question:'])} ` +
			`$\\boxed{${final}}$.`,
	];
	const steps = hand.steps.map((step, i) => (manner % 3 === 1 ? `**Step ${i + 1}.** ${step}` : step));
	return [openings[manner % 3], ...steps, ends[manner % 3]].join('\n\n');
}

/**
 * Returns three solutions in different words. Occasionally the first attempt ends in a wrong answer or in none, and
 * rarely it stays wrong.
 */
export function rewriteReplies(problem: Problem, random: Random): ReplyLine[] {
	return [0, 1, 2].flatMap((sample) => {
		const about = { task: 'rewrite', question: problem.text, sample };
		const good: ReplyLine = { ...about, text: solution(problem, sample, random) };
		const draw = random.int(0, 999);
		if (draw < 6) {
			return [{ ...about, text: solution(problem, sample, random, true) }];
		}
		if (draw < 16) {
			return [good, { ...about, attempt: 0, text: solution(problem, sample, random, true) }];
		}
		return draw < 22 ? [good, { ...about, attempt: 0, text: good.text.replace(/\\boxed\{(.*)\}/, '$1') }] : [good];
	});
}

const needs = [
	'The answer cannot be reached without',
	'Everything in it turns on',
	'It cannot be done by routine alone; it needs',
];
const differences = [
	'Unlike the references it puts the skill into another setting.',
	'What is asked differs from the references.',
	'The numbers and the way in differ from the references.',
];

function remarkOn(odd: Written['odd']): string {
	switch (odd) {
		case 'unit':
			return ' The unit at the end does no harm.';
		case 'other form':
			return ' It is written in another form, but its value is the same.';
		default:
			return '';
	}
}

function unplanned(random: Random): Flaw {
	return random.chance(0.1) ? 'mistaken' : 'none';
}

/** Writes new questions for a (difficult question, skill) pair, and solutions to them. */
export class Proposer {
	/** The ids of all existing questions. */
	private readonly known: Set<string>;
	private readonly solved = new Set<string>();

	constructor(private readonly existing: readonly Problem[]) {
		this.known = new Set(existing.map(({ text }) => questionId(text)));
	}

	replies(problem: Problem, skill: string, draws: number, random: Random): ReplyLine[] {
		const choices = makers.filter((maker) => maker.subject === problem.subject && maker.skills.includes(skill));
		const made: Problem[] = [];
		return Array.from({ length: draws }, (_, n) => n).flatMap((n) => {
			const draw = random.int(0, 999);
			const earlier = made.at(-1);
			const alike = this.existing.filter(
				(other) => other.skills.includes(skill) && other.subject === problem.subject,
			);
			const next = repetition(draw, earlier, alike, random) ?? this.fresh(choices, random);
			made.push(next);
			const about = { task: 'propose', question: problem.text, skill: `${problem.subject}/${skill}`, n };
			const reason = `${random.of(needs)} ${readable(skill)}. ${random.of(differences)}`;
			const draft = `${next.ideas[0] ?? ''} Trying it out, the answer comes to $${next.gold}$, and there is only one.`;
			const text = `<reason>${reason}</reason>\n<draft>${draft}</draft>\n<question>${next.text}</question>`;
			const proposal: ReplyLine[] =
				draw >= 985
					? [
							{ ...about, text },
							{ ...about, attempt: 0, text: `<reason>${reason}</reason>\n<draft>${draft}</draft>` },
						]
					: [{ ...about, text }];
			return [...proposal, ...this.solutions(next, skill, random)];
		});
	}

	private fresh(choices: readonly Maker[], random: Random): Problem {
		for (let i = 0; i < 60; i++) {
			const problem = random.of(choices).make(random);
			if (!this.known.has(questionId(problem.text))) {
				this.known.add(questionId(problem.text));
				return problem;
			}
		}
		return random.of(choices).make(random);
	}

	private solutions(problem: Problem, skill: string, random: Random): ReplyLine[] {
		const id = questionId(problem.text);
		if (this.solved.has(id)) {
			return [];
		}
		this.solved.add(id);
		// Some questions are too hard for the teacher itself, so most of its solutions go wrong.
		const rate = random.chance(0.08) ? 0.7 : 0.07;
		const solved = [0, 1, 2].map((sample): ReplyLine => ({
			task: 'solve',
			question: problem.text,
			sample,
			text: solution(problem, sample, random, random.chance(rate)),
		}));
		const check: ReplyLine = {
			task: 'check',
			question: problem.text,
			text:
				`<reason>${problem.ideas[0] ?? ''} It can be solved as it stands and takes ` +
				`${readable(skill)}.</reason>\n<solvable>yes</solvable>\n<figure>no</figure>\n<uses>yes</uses>`,
		};
		return [...solved, check];
	}
}

/** Returns an earlier proposal or a training question, for the filters to find and drop. */
function repetition(
	draw: number,
	earlier: Problem | undefined,
	alike: readonly Problem[],
	random: Random,
): Problem | undefined {
	if (draw < 35 && earlier) {
		return earlier;
	}
	return draw < 55 ? random.of(alike) : undefined;
}
