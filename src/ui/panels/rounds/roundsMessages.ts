import * as z from 'zod';
import type { How, ToHost } from '../../../../webview/rounds/protocol.ts';
import { toHost } from '../../../../webview/rounds/protocol.ts';
import type { Scope } from '../../../core/scope.ts';
import { messageReader } from '../../kit/readMessage.ts';

const scope: z.ZodType<Scope> = z.object({ student: z.string().min(1).max(300), round: z.int().min(1) });
const how: z.ZodType<How> = z.object({
	benchmark: z.string().max(20_000).nullable(),
	split: z.enum(['all', 'validation', 'test']).nullable(),
	answers: z.enum(['all', 'first']),
});
const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });

/** Parses a message from the page; returns undefined if it is not one of the panel's. */
export const readMessage = messageReader<ToHost>({
	[toHost.ready]: {},
	[toHost.choose]: { before: scope.nullable(), after: scope.nullable(), how },
	[toHost.view]: { round: scope },
	[toHost.flip]: { questionId: z.string().regex(/^[0-9a-f]{32}$/) },
	[toHost.report]: {},
	[toHost.copy]: { text: z.string().max(2_000_000) },
	[toHost.showMissing]: { skill },
	[toHost.next]: {},
	[toHost.correct]: { round: scope },
});

export interface RoundsChoice {
	readonly before: Scope | null;
	readonly after: Scope | null;
	readonly how: How;
}

export const noChoice: RoundsChoice = {
	before: null,
	after: null,
	how: { benchmark: null, split: null, answers: 'all' },
};
const remembered: z.ZodType<RoundsChoice> = z.object({ before: scope.nullable(), after: scope.nullable(), how });

/** Parses the comparison of a panel that VS Code restores. */
export function readRemembered(value: unknown): RoundsChoice {
	const { success, data } = remembered.safeParse(value);
	return success ? data : noChoice;
}
