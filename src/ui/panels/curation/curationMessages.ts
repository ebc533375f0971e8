import * as z from 'zod';
import type { Remembered, ToHost } from '../../../../webview/curation/protocol.ts';
import { toHost } from '../../../../webview/curation/protocol.ts';
import { curationStatuses, itemFlagKinds, rejectReasons } from '../../../core/curation/curation.ts';
import { messageReader } from '../../kit/readMessage.ts';

// A page shows untrusted texts, so its messages are checked like any other input.
const questionId = z.string().regex(/^[0-9a-f]{32}$/);
const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });
const filter = z.object({
	status: z.enum(curationStatuses).optional(),
	flagged: z.boolean().optional(),
	flag: z.enum(itemFlagKinds).optional(),
	skill: skill.optional(),
	text: z.string().max(500).optional(),
});
const place = z.int().min(0);
const note = z.string().max(2000).nullable();

/** Parses a message from the page; returns undefined if it is not one of the panel's. */
export const readMessage = messageReader<ToHost>({
	[toHost.ready]: {},
	[toHost.filter]: { filter },
	[toHost.rows]: { version: z.int(), offset: place, limit: z.int().min(1).max(500) },
	[toHost.show]: { version: z.int(), index: place },
	[toHost.decide]: {
		request: z.int(),
		version: z.int(),
		ranges: z
			.array(z.tuple([place, place]))
			.min(1)
			.max(100_000),
		verdict: z.enum(['accepted', 'rejected']),
		reason: z.enum(rejectReasons).nullable(),
		note,
	},
	[toHost.undo]: { request: z.int() },
	[toHost.edit]: { questionId },
	[toHost.regenerate]: { questionId, hint: z.string().min(1).max(2000) },
	[toHost.repair]: {
		request: z.int(),
		find: z.string().min(1).max(1000),
		replace: z.string().max(100_000),
		questionId: questionId.nullable(),
	},
	[toHost.openQuestion]: { questionId },
	[toHost.demand]: {},
});

const remembered = z.object({
	dataset: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/),
	questionId: questionId.nullable().catch(null),
	filter: filter.catch({}),
});

/** Parses the position of a panel that VS Code restores; returns undefined if it is invalid. */
export function readRemembered(value: unknown): Pick<Remembered, 'dataset' | 'questionId' | 'filter'> | undefined {
	const { success, data } = remembered.safeParse(value);
	return success ? data : undefined;
}
