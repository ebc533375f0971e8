import type { Grader } from './grader.ts';
import type { Store } from './store/store.ts';
import type { Teacher } from './teacher.ts';
import type { Files } from './files.ts';
import type { Datasets } from './datasets.ts';
import type { Prompts, ReplyParsers } from './prompts.ts';

/** The rooms a workflow works with, wired by cli.ts and extension.ts. */
export interface Parts {
	readonly store: Store;
	readonly grader: Grader;
	readonly files: Files;
	readonly datasets: Datasets;
	/** Only where a teacher is configured; workflows that need one say how to set it. */
	readonly teacher: Teacher | null;
	/** Solves new questions (STAT-Syn), where that is another than the teacher who proposes them. */
	readonly solver?: Teacher | undefined;
	/** Embeds questions (Embed-Sel, Embed-Syn), asked with `embed` calls; without one, nearness is lexical. */
	readonly embedder?: Teacher | undefined;
	readonly prompts: Prompts;
	readonly replies: ReplyParsers;
}
