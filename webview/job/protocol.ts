import type { JobState } from '../../src/core/training/job.ts';
import type { Recipe } from '../../src/core/training/recipe.ts';

/**
 * All messages between the job panel and the extension. Contains only types and constants, because both ends import it.
 */
export const toPage = { state: 'state' } as const;
export const toHost = { ready: 'ready', log: 'log', cancel: 'cancel', resume: 'resume', fetch: 'fetch' } as const;

/** One training step; `null` means that a value was not reported. */
export interface Point {
	readonly step: number;
	readonly loss: number | null;
	readonly lr: number | null;
	readonly reward: number | null;
	readonly tokensPerSecond: number | null;
	/** Maximum so far, in bytes. */
	readonly gpuMemory: number | null;
}

export interface JobPanelState {
	readonly kind: 'job';
	readonly id: string;
	readonly state: JobState;
	/** If false, `state` is the last known one, because the host does not answer. */
	readonly fresh: boolean;
	readonly detail: string;
	readonly host: string;
	readonly recipe: Recipe;
	readonly dataset: string | null;
	readonly model: string;
	readonly createdAt: string;
	readonly step: number | null;
	readonly steps: number | null;
	/** Seconds until the job ends. */
	readonly eta: number | null;
	readonly fetched: boolean;
	/**
	 * If the job belongs to a sweep: its learning rate, its student's accuracy on the validation questions, and the
	 * sweep's result so far.
	 */
	readonly sweep: {
		readonly lr: number;
		readonly right: number | null;
		readonly questions: number | null;
		readonly winner: boolean;
		readonly summary: string;
	} | null;
	/** The effective recipe, in order, as the running trainer reported it. Remote text. */
	readonly recipeInForce: readonly (readonly [string, string])[];
	/** In the order of steps, with each step once; thinned if there are more than a few thousand. */
	readonly points: readonly Point[];
	readonly trusted: boolean;
}

export type JobPanelContent = JobPanelState | { readonly kind: 'failed'; readonly message: string };

export type ToPage = { readonly type: typeof toPage.state; readonly state: JobPanelContent };
export type ToHost = { [Type in keyof typeof toHost]: { readonly type: Type } }[keyof typeof toHost];

/** What VS Code stores about the page: the job it shows. */
export interface Remembered {
	readonly id: string;
}
