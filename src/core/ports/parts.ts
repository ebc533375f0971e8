import type { Checker } from './checker.ts';
import type { Grader } from './grader.ts';
import type { Store } from './store/store.ts';
import type { Teacher } from './teacher.ts';
import type { Files } from './files.ts';
import type { Datasets } from './datasets.ts';
import type { Prompts, ReplyParsers } from './prompts.ts';

/** The rooms that a workflow works with, connected in cli.ts and extension.ts. */
export interface Parts {
	readonly store: Store;
	readonly grader: Grader;
	/** Runs people's own checkers; without it, answers that need one stay unsure. */
	readonly checker?: Checker | undefined;
	readonly files: Files;
	readonly datasets: Datasets;
	/** `null` if no teacher is configured; workflows that need one throw an error that explains how to set it up. */
	readonly teacher: Teacher | null;
	/** Solves new questions (STAT-Syn), unless the teacher that proposes them also solves them. */
	readonly solver?: Teacher | undefined;
	/** Embeds questions (Embed-Sel, Embed-Syn) with `embed` calls; without it, the neighbour search is lexical. */
	readonly embedder?: Teacher | undefined;
	readonly prompts: Prompts;
	readonly replies: ReplyParsers;
}
