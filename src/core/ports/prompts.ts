import type { SkillRef } from '../skills/skill.ts';
import type { Message } from '../text/message.ts';
import type { Sampling, TeacherTask } from './teacher.ts';

/** Versioned prompt files. A user's copy in `.stat/prompts/` replaces the built-in one and is named in provenance. */
export interface Prompts {
	/** Fills `{{name}}` placeholders. Untrusted values are inserted verbatim and never expanded again. */
	render(
		task: TeacherTask,
		values: Readonly<Record<string, string>>,
	): { messages: Message[]; version: string; sampling: Sampling; expectedOutputTokens: number };
}

/**
 * Parses the teacher's replies. Implemented in src/teacher/replies/parseReply.ts. Every function throws
 * `MalformedReply` with what was missing, and the call is retried. Names are matched to the offered skills by
 * normalised name; the rest are `offList`.
 */
export interface ReplyParsers {
	/** `<judge> <reason> <skill>` (sec. 2.2); `firstWrongStep`: 0-based, if the teacher named one. */
	parseDiagnosis(
		text: string,
		offered: readonly SkillRef[],
	): {
		judge: 'correct' | 'incorrect';
		reason: string;
		skills: SkillRef[];
		offList: string[];
		firstWrongStep: number | null;
	};
	/** `<skill> <reason>` (C.3.1): at most `max` skills of the list, default 5. */
	parseLabel(
		text: string,
		offered: readonly SkillRef[],
		max?: number,
	): { skills: SkillRef[]; offList: string[]; reason: string };
	/** `<judge>`, with a reason if there is one. */
	parseJudge(text: string): { correct: boolean; reason: string };
	/**
	 * A worked solution: the text itself without wrappers. `needsBox` (the default): its final answer must be in
	 * `\boxed{}`; otherwise any text will do, and its blocks of code stay.
	 */
	parseSolution(text: string, needsBox?: boolean): string;
	/** `<reason> <draft> <question>` (sec. 2.3). */
	parseProposal(text: string): { question: string; reason: string; draft: string };
	/** `<skill>`: new skill names for one question (stage 0), normalised; at most `max`, default 3. */
	parseCatalogNames(text: string, max?: number): { names: string[]; reason: string };
	/**
	 * `<cluster>`s of the listed names. Each listed name is in at most one; `missing`: in none; `unknown`: in a cluster
	 * but not listed.
	 */
	parseClusters(
		text: string,
		listed: readonly string[],
	): { clusters: { name: string; members: string[] }[]; missing: string[]; unknown: string[] };
	/** An embedding from a reply of the project's embedder; finite numbers, not all zero. */
	parseEmbedding(text: string): Float32Array;
	/** The teacher's check of a new question: `<solvable> <figure> <uses>`. */
	parseCheck(text: string): { solvable: boolean; needsFigure: boolean; usesSkill: boolean; reason: string };
}
