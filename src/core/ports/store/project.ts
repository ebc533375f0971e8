import type { Split } from '../../questions/question.ts';

/** Verbs for the project as a whole. */
export interface ProjectWrites {
	/**
	 * Stores a project setting, such as the student template, as a JSON value. Never an endpoint, key, host or path.
	 */
	setSetting: { params: { key: string; value: unknown }; result: Record<never, never> };
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
	setting: { params: { key: string }; result: unknown };
}
