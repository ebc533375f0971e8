import type { ReplyLog } from '../teacher.ts';
import type { CurationReads, CurationWrites } from './curation.ts';
import type { DiagnosisReads, DiagnosisWrites } from './diagnosis.ts';
import type { DifficultyReads, DifficultyWrites } from './difficulty.ts';
import type { ProjectReads, ProjectWrites } from './project.ts';
import type { QuestionReads, QuestionWrites } from './questions.ts';
import type { RoundReads, RoundWrites } from './rounds.ts';
import type { SetAsideReads, SetAsideWrites } from './setAside.ts';
import type { SkillReads, SkillWrites } from './skills.ts';

/**
 * The project's database, with a closed list of verbs (writes) and queries (reads). Implemented in src/store. A write
 * is one durable transaction: once the promise resolves it survives kill -9, and a rejected write leaves nothing
 * behind. Params are plain JSON, which the journal records.
 */
export interface Store extends ReplyLog {
	write<V extends Verb>(verb: V, params: Writes[V]['params']): Promise<Writes[V]['result']>;
	read<Q extends Query>(query: Q, params: Reads[Q]['params']): Promise<Reads[Q]['result']>;
	/**
	 * Calls the listener with what changed after each change by this or another process. Calls are coalesced. Returns a
	 * function that unsubscribes.
	 */
	onDidChange(listener: (topics: ReadonlySet<Topic>) => void): () => void;
	/** Descriptions of damage found on opening (corrupt records set aside, segments cut); empty if there was none. */
	readonly warnings: readonly string[];
	/** Absolute path of `.stat`. */
	readonly folder: string;
	close(): Promise<void>;
}

/** Kinds of changes that views distinguish. */
export const topics = [
	'questions',
	'skills',
	'answers',
	'classification',
	'diagnoses',
	'datasets',
	'settings',
	'setAside',
	'replies',
	'curation',
	'rounds',
	'evaluations',
] as const;
export type Topic = (typeof topics)[number];
export type Verb = keyof Writes;
export type Query = keyof Reads;

/** Every verb: a durable write. */
export interface Writes
	extends
		QuestionWrites,
		SkillWrites,
		DifficultyWrites,
		DiagnosisWrites,
		CurationWrites,
		RoundWrites,
		SetAsideWrites,
		ProjectWrites {}

/** Every query. */
export interface Reads
	extends
		QuestionReads,
		SkillReads,
		DifficultyReads,
		DiagnosisReads,
		CurationReads,
		RoundReads,
		SetAsideReads,
		ProjectReads {}
