import * as z from 'zod';
import type { Remembered, ToHost } from '../../../../webview/curation/protocol.ts';
import { toHost } from '../../../../webview/curation/protocol.ts';
import { curationStatuses, rejectReasons } from '../../../core/curation/curation.ts';

// A page shows strangers' texts, so what it says is checked like any other input.
const questionId = z.string().regex(/^[0-9a-f]{32}$/);
const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });
const flag = z.enum([
	'copy',
	'twin',
	'leak-copy',
	'leak-twin',
	'leak-passage',
	'figure-needed',
	'unsolvable',
	'skill-not-used',
	'answer-unsure',
]);
const filter = z.object({
	status: z.enum(curationStatuses).optional(),
	flagged: z.boolean().optional(),
	flag: flag.optional(),
	skill: skill.optional(),
	text: z.string().max(500).optional(),
});
const place = z.int().min(0);
const note = z.string().max(2000).nullable();

const message = z.discriminatedUnion('type', [
	z.object({ type: z.literal(toHost.ready) }),
	z.object({ type: z.literal(toHost.filter), filter }),
	z.object({ type: z.literal(toHost.rows), version: z.int(), offset: place, limit: z.int().min(1).max(500) }),
	z.object({ type: z.literal(toHost.show), version: z.int(), index: place }),
	z.object({
		type: z.literal(toHost.decide),
		request: z.int(),
		version: z.int(),
		ranges: z
			.array(z.tuple([place, place]))
			.min(1)
			.max(100_000),
		verdict: z.enum(['accepted', 'rejected']),
		reason: z.enum(rejectReasons).nullable(),
		note,
	}),
	z.object({ type: z.literal(toHost.undo), request: z.int() }),
	z.object({ type: z.literal(toHost.edit), questionId }),
	z.object({ type: z.literal(toHost.regenerate), questionId, hint: z.string().min(1).max(2000) }),
	z.object({
		type: z.literal(toHost.repair),
		request: z.int(),
		find: z.string().min(1).max(1000),
		replace: z.string().max(100_000),
		questionId: questionId.nullable(),
	}),
	z.object({ type: z.literal(toHost.openQuestion), questionId }),
	z.object({ type: z.literal(toHost.demand) }),
]);

/** A message of the page, or undefined when it is none of ours. */
export function readMessage(value: unknown): ToHost | undefined {
	const { success, data } = message.safeParse(value);
	return success ? data : undefined;
}

const remembered = z.object({
	dataset: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/),
	questionId: questionId.nullable().catch(null),
	filter: filter.catch({}),
});

/** Where a panel kept by VS Code stood; undefined when that cannot be read. */
export function readRemembered(value: unknown): Pick<Remembered, 'dataset' | 'questionId' | 'filter'> | undefined {
	const { success, data } = remembered.safeParse(value);
	return success ? data : undefined;
}
