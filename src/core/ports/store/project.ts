import type { Split } from '../../questions/question.ts';

/** Verbs on the project as a whole. */
export interface ProjectWrites {
	/** Project settings: student template and the like. JSON values; never an endpoint, key, host or path. */
	setSetting: { params: { key: string; value: unknown }; result: Record<never, never> };
}

/** Queries on the project as a whole. */
export interface ProjectReads {
	/**
	 * Totals over all students and rounds; `links` counts the labels that apply. `seq`: number of changes ever made.
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
