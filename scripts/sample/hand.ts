import type { Random } from './random.ts';

/** A wrong value that the student may write at a step, the skill that slipped, and the teacher's explanation. */
export type Slip<T> = readonly [value: T, skill: string, why: string];

/** A place where a slip could happen in a worked solution. */
export interface Opening {
	readonly decision: number;
	readonly choice: number;
	readonly skill: string;
}

/** Chooses how the writer words a step: returns the index of the phrasing. */
export type Wording = (step: number, phrasings: number) => number;

/**
 * Writes one worked solution. Templates compute with the value that {@link pick} returns, so a slip carries over to the
 * final answer as it would for a human.
 */
export class Hand {
	readonly steps: string[] = [];
	readonly openings: Opening[] = [];
	slip: { readonly step: number; readonly skill: string; readonly why: string } | null = null;
	private decisions = 0;

	constructor(
		private readonly wording: Wording,
		private readonly at: Pick<Opening, 'decision' | 'choice'> | null = null,
	) {}

	/** Returns the right value, or a wrong one if this hand slips here. */
	pick<T>(right: T, ...wrong: readonly Slip<T>[]): T {
		const decision = this.decisions++;
		wrong.forEach(([, skill], choice) => this.openings.push({ decision, choice, skill }));
		const slip = this.at?.decision === decision ? wrong[this.at.choice] : undefined;
		if (!slip) {
			return right;
		}
		this.slip = { step: this.steps.length, skill: slip[1], why: slip[2] };
		return slip[0];
	}

	/** Writes a step in one of several phrasings. */
	step(...phrasings: readonly string[]): void {
		const text = phrasings[this.wording(this.steps.length, phrasings.length) % phrasings.length];
		this.steps.push(text ?? '');
	}
}

interface Template<P> {
	readonly name: string;
	readonly subject: string;
	/** Skills that a question of this kind needs, the main one first. */
	readonly skills: readonly string[];
	readonly level: number | ((p: P) => number);
	make(random: Random): P;
	readonly ask: readonly ((p: P) => string)[];
	/** The method, in one sentence. */
	readonly idea: readonly ((p: P) => string)[];
	/** Writes the steps; returns the final answer in LaTeX. */
	work(p: P, hand: Hand): string;
	/** Computes the answer by an independent method (a search if possible). */
	truth(p: P): string;
}

/** A question generated from a template. */
export interface Problem {
	readonly template: string;
	readonly subject: string;
	readonly skills: readonly string[];
	readonly level: number;
	readonly text: string;
	readonly gold: string;
	readonly ideas: readonly string[];
	write(hand: Hand): string;
}

export interface Maker {
	readonly name: string;
	readonly subject: string;
	readonly skills: readonly string[];
	make(random: Random): Problem;
}

/**
 * Hides a template's parameters. Every problem is checked: the worked answer must equal that of the independent method.
 */
export function maker<P>(template: Template<P>): Maker {
	return {
		name: template.name,
		subject: template.subject,
		skills: template.skills,
		make(random) {
			const p = template.make(random);
			const gold = template.truth(p);
			const worked = template.work(p, new Hand(() => 0));
			if (worked !== gold) {
				throw new Error(
					`${template.name}: worked answer ${worked}, found another way ${gold}: ${JSON.stringify(p)}`,
				);
			}
			return {
				template: template.name,
				subject: template.subject,
				skills: template.skills,
				level: typeof template.level === 'number' ? template.level : template.level(p),
				text: random.of(template.ask)(p),
				gold,
				ideas: template.idea.map((idea) => idea(p)),
				write: (hand) => template.work(p, hand),
			};
		},
	};
}
