import * as z from 'zod';
import type { CurationDecision, CurationItem, CurationStatus } from '../../core/curation/curation.ts';
import {
	contentInForce,
	curationStatuses,
	flagsInForce,
	itemFlagKinds,
	itemInForce,
	rejectReasons,
} from '../../core/curation/curation.ts';
import { searchable, unpack } from '../engine/packed.ts';
import { requiredText, textOf } from './joining.ts';
import { at, qid, shortText, skill } from './shapes.ts';
import type { Context } from './verb.ts';

export const dataset = z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/, 'expected a dataset name');
export const longText = z.string().max(1_000_000, 'expected at most 1,000,000 characters');
export const count = z.int().min(0).max(1_000_000);

const flags = z
	.array(
		z.object({
			kind: z.enum(itemFlagKinds),
			with: qid.nullable(),
			score: z.number().nullable(),
		}),
	)
	.max(1000);

/** What the teacher wrote, either originally or in a regeneration. */
const made = {
	question: longText,
	references: z.array(qid).max(1000),
	solutions: z
		.array(
			z.object({
				sample: count,
				text: longText,
				answer: longText.nullable(),
				agrees: z.boolean(),
				replyKey: shortText.nullable(),
			}),
		)
		.max(1000),
	agreement: z.object({ agree: count, of: count }),
	flags,
	replyKey: shortText.nullable(),
	model: shortText,
	promptVersion: shortText,
	at,
};

export const itemShape: z.ZodType<CurationItem> = z.object({
	dataset,
	questionId: qid,
	subject: shortText.nullable(),
	skill: skill.nullable(),
	forQuestion: qid.nullable(),
	...made,
});

const content = z.object({
	question: longText.min(1, 'expected a question'),
	solutions: z.array(longText).min(1, 'expected a solution').max(1000),
	answers: z.array(longText.nullable()).max(1000).optional(),
	agree: count.optional(),
	flags: flags.optional(),
});
export const decisionShape: z.ZodType<CurationDecision> = z
	.object({
		dataset,
		questionId: qid,
		verdict: z.enum(['accepted', 'edited', 'repaired', 'rejected', 'regenerated', 'withdrawn']),
		reason: z.enum(rejectReasons).nullable(),
		note: shortText.nullable(),
		before: content,
		after: content.nullable(),
		made: z.object({ ...made, hint: shortText }).optional(),
		author: shortText,
		at,
	})
	.refine(
		({ verdict, after }) => ['edited', 'repaired', 'regenerated'].includes(verdict) === (after !== null),
		'expected what it became, with an edit, a repair or a regeneration alone',
	)
	.refine(
		({ verdict, made: remade }) => (verdict === 'regenerated') === (remade !== undefined),
		'expected what the teacher made, with a regeneration alone',
	)
	.refine(
		({ verdict, reason }) => (verdict === 'rejected') === (reason !== null),
		'expected a reason, with a rejection alone',
	);

export const statusCode = (status: CurationStatus): number => curationStatuses.indexOf(status);

/** Returns an item in full, or `null` if it does not exist or its text is lost. */
export function itemOf(context: Context, name: string, questionId: string): CurationItem | null {
	const row = context.db.get('SELECT body FROM item WHERE dataset = ? AND qid = ?', name, questionId);
	const text = row && textOf(context, unpack(row[0]));
	return text === null || text === undefined ? null : itemShape.parse(JSON.parse(text));
}

/**
 * Returns all decisions on an item, oldest first. Throws if one cannot be read: without it, the item would have a text
 * or a status that a person changed.
 */
export function decisionsOf(context: Context, name: string, questionId: string): CurationDecision[] {
	return context.db
		.all('SELECT body FROM item_decision WHERE dataset = ? AND qid = ? ORDER BY id', name, questionId)
		.map(([body]) => decisionShape.parse(JSON.parse(requiredText(context, unpack(body) ?? ''))));
}

/** `listed` holds the fields that lists show from now on, if the decision changed them. */
export const listedRecord = z.object({
	flags: z.array(z.string().max(40)).max(1000),
	agree: count,
	solutions: count,
	question: z.string().max(2000),
});

/** Returns what lists show of an item: the text and agreement of an edit, or the flags of a regeneration. */
export function listedOf(item: CurationItem, history: readonly CurationDecision[]): z.infer<typeof listedRecord> {
	const { agreement } = itemInForce(item, history);
	const { question, solutions, agree } = contentInForce(item, history);
	return {
		flags: [...new Set(flagsInForce(item, history).map(({ kind }) => kind))],
		...(agree === undefined
			? { agree: agreement.agree, solutions: agreement.of }
			: { agree, solutions: solutions.length }),
		question: searchable(question).slice(0, 2000),
	};
}
