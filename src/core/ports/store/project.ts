import type { Split } from '../../questions/question.ts';
import type { TeacherReply } from '../teacher.ts';

/** Verbs for the project as a whole. */
export interface ProjectWrites {
	/**
	 * Stores a project setting, such as the student template, as a JSON value. Never an endpoint, key, host or path.
	 */
	setSetting: { params: { key: string; value: unknown }; result: Record<never, never> };
}

/** What a text belongs to. */
export type TextOwner =
	| 'answer'
	| 'solution'
	| 'reply'
	| 'diagnosis'
	| 'verdict'
	| 'correction'
	| 'annotation'
	| 'problem'
	| 'decision'
	| 'skillEdit'
	| 'setAside';

/** Texts of one segment and kind that cannot be read. */
export interface DamagedTexts {
	readonly owner: TextOwner;
	/** Name of the segment in `.stat/texts`. */
	readonly file: string;
	readonly count: number;
	/** The first one: its byte in the file and what it belongs to. */
	readonly offset: number;
	readonly about: string;
	/** The files that the questions they belong to were imported from. */
	readonly sources: readonly string[];
}

/** What stored replies of one model to the requests of one task add up to. */
export interface ReplyTotals {
	readonly task: TeacherReply['task'];
	readonly model: string;
	readonly replies: number;
	/** USD, without the `unpriced` replies, whose price is unknown. */
	readonly cost: number;
	readonly unpriced: number;
	/** Mean tokens of the replies with usage; `null` if there are fewer than ten. */
	readonly meanInput: number | null;
	readonly meanOutput: number | null;
	/** Replies per second while they arrived (`replyPace`); `null` if there are too few. */
	readonly perSecond: number | null;
}

/** Queries on the project as a whole. */
export interface ProjectReads {
	/**
	 * Returns totals over all students and rounds. `links` counts the labels in effect; `seq` is the number of changes
	 * ever made.
	 */
	status: {
		params: Record<never, never>;
		result: {
			questions: Record<Split, number>;
			skills: number;
			links: number;
			answers: number;
			difficult: number;
			diagnosed: number;
			corrected: number;
			replies: number;
			setAside: number;
			seq: number;
		};
	};
	/** Adds up the stored replies, or the `latest` of them, by task and model, ordered by both. */
	replyTotals: { params: { latest: number | null }; result: readonly ReplyTotals[] };
	setting: { params: { key: string }; result: unknown };
	/** Reads every long text of the project; returns those that are missing or damaged. */
	damagedTexts: { params: Record<never, never>; result: readonly DamagedTexts[] };
}
