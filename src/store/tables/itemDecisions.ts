import * as z from 'zod';
import type { CurationDecision, CurationItem, CurationStatus } from '../../core/curation/curation.ts';
import {
	contentInForce,
	curationStatuses,
	decisionsInForce,
	rejectReasons,
	statusOf,
} from '../../core/curation/curation.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Writes } from '../../core/ports/store/store.ts';
import { pack, searchable } from '../engine/packed.ts';
import { dataset, decisionShape, decisionsOf, itemOf, listedOf, listedRecord, statusCode } from './itemBodies.ts';
import { stored } from './joining.ts';
import { at, qid, shortText, textRef } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';

const decisionRecord = z.object({
	dataset,
	questionId: qid,
	status: z.enum(curationStatuses),
	body: textRef,
	listed: listedRecord.optional(),
});
export const decideItems = defineVerb<
	Writes['decideItems']['params'],
	{ rows: z.infer<typeof decisionRecord>[] },
	Writes['decideItems']['result']
>('decideItems', ['curation'], {
	params: z.object({ rows: z.array(decisionShape) }),
	record: z.object({ rows: z.array(decisionRecord) }),
	write(context, params) {
		for (const { dataset: name, questionId } of params.rows) {
			if (!context.db.get('SELECT 1 FROM item WHERE dataset = ? AND qid = ?', name, questionId)) {
				throw new StatError('store.noItem', { dataset: name, question: questionId });
			}
		}
		const rows = params.rows.map(
			(decision) =>
				edited(context, decision) ??
				addDecision(context, decision, decisionsOf(context, decision.dataset, decision.questionId)),
		);
		return { result: { decided: rows.length }, record: rows.length > 0 ? { rows } : null };
	},
	replay(context, { rows }) {
		rows.forEach((row) => putDecision(context, row));
	},
});

const alike = z
	.object({
		dataset,
		questionIds: z.array(qid).max(500, 'expected at most 500 items'),
		verdict: z.enum(['accepted', 'rejected', 'withdrawn']),
		reason: z.enum(rejectReasons).nullable(),
		note: shortText.nullable(),
		author: shortText,
		at,
	})
	.refine(
		({ verdict, reason }) => (verdict === 'rejected') === (reason !== null),
		'expected a reason, with a rejection alone',
	);

/**
 * Records the same decision on thousands of items. Their content is read here, so that no item crosses between threads.
 */
export const decideAlike = defineVerb<
	Writes['decideAlike']['params'],
	{ rows: z.infer<typeof decisionRecord>[] },
	Writes['decideAlike']['result']
>('decideAlike', ['curation'], {
	params: alike,
	record: z.object({ rows: z.array(decisionRecord) }),
	write(context, { dataset: name, questionIds, verdict, reason, note, author, at: when }) {
		const rows: z.infer<typeof decisionRecord>[] = [];
		for (const questionId of new Set(questionIds)) {
			const item = itemOf(context, name, questionId);
			if (!item) {
				throw new StatError('store.noItem', { dataset: name, question: questionId });
			}
			const history = decisionsOf(context, name, questionId);
			if (verdict !== 'withdrawn' || decisionsInForce(history).length > 0) {
				rows.push(
					addDecision(
						context,
						{
							dataset: name,
							questionId,
							verdict,
							reason,
							note,
							before: contentInForce(item, history),
							after: null,
							author,
							at: when,
						},
						history,
						item,
					),
				);
			}
		}
		return {
			result: { decided: rows.map(({ questionId }) => questionId) },
			record: rows.length > 0 ? { rows } : null,
		};
	},
	replay(context, { rows }) {
		rows.forEach((row) => putDecision(context, row));
	},
});

/**
 * Returns the record of an edit or a repair. The record contains everything that lists show, so the history need not be
 * read. Returns `null` for other decisions.
 */
function edited(context: Context, decision: CurationDecision): z.infer<typeof decisionRecord> | null {
	const { verdict, after, dataset: name, questionId } = decision;
	if ((verdict !== 'edited' && verdict !== 'repaired') || after?.agree === undefined || after.flags === undefined) {
		return null;
	}
	const status =
		verdict === 'edited'
			? 'edited'
			: afterRepair[context.db.number('SELECT status FROM item WHERE dataset = ? AND qid = ?', name, questionId)];
	const row = {
		dataset: name,
		questionId,
		status: status ?? 'waiting',
		body: stored(context, JSON.stringify(decision)),
		listed: {
			flags: [...new Set(after.flags.map(({ kind }) => kind))],
			agree: after.agree,
			solutions: after.solutions.length,
			question: searchable(after.question).slice(0, 2000),
		},
	};
	putDecision(context, row);
	return row;
}

/**
 * The status after a repair, by the status before it: a bulk repair is not a review of the item (core's `statusOf`).
 */
const afterRepair: readonly CurationStatus[] = curationStatuses.map((status) =>
	status === 'accepted' ? 'edited' : status,
);

/** Appends a decision and returns its journal record. */
function addDecision(
	context: Context,
	decision: CurationDecision,
	earlier: readonly CurationDecision[],
	known?: CurationItem,
): z.infer<typeof decisionRecord> {
	const history = [...earlier, decision];
	const changes =
		decision.after !== null || (decision.verdict === 'withdrawn' && history.some(({ after }) => after !== null));
	const item = changes ? (known ?? itemOf(context, decision.dataset, decision.questionId)) : null;
	const row = {
		dataset: decision.dataset,
		questionId: decision.questionId,
		status: statusOf(history),
		body: stored(context, JSON.stringify(decision)),
		...(item ? { listed: listedOf(item, history) } : {}),
	};
	putDecision(context, row);
	return row;
}

function putDecision({ db }: Context, row: z.infer<typeof decisionRecord>): void {
	const status = statusCode(row.status);
	db.run(
		'INSERT INTO item_decision (dataset, qid, status, body) VALUES (?, ?, ?, ?)',
		row.dataset,
		row.questionId,
		status,
		pack(row.body),
	);
	db.run('UPDATE item SET status = ? WHERE dataset = ? AND qid = ?', status, row.dataset, row.questionId);
	if (row.listed) {
		const { flags, agree, solutions, question } = row.listed;
		db.run(
			'UPDATE item SET flags = ?, agree = ?, solutions = ?, question = ? WHERE dataset = ? AND qid = ?',
			flags.join(' '),
			agree,
			solutions,
			question,
			row.dataset,
			row.questionId,
		);
	}
}
