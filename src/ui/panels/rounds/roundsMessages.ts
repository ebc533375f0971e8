import * as z from 'zod';
import type { How, ToHost } from '../../../../webview/rounds/protocol.ts';
import { toHost } from '../../../../webview/rounds/protocol.ts';
import type { Scope } from '../../../core/scope.ts';

const scope: z.ZodType<Scope> = z.object({ student: z.string().min(1).max(300), round: z.int().min(1) });
const how: z.ZodType<How> = z.object({
	benchmark: z.string().max(20_000).nullable(),
	split: z.enum(['all', 'validation', 'test']).nullable(),
	answers: z.enum(['all', 'first']),
});
const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });

const message = z.discriminatedUnion('type', [
	z.object({ type: z.literal(toHost.ready) }),
	z.object({ type: z.literal(toHost.choose), before: scope.nullable(), after: scope.nullable(), how }),
	z.object({ type: z.literal(toHost.view), round: scope }),
	z.object({ type: z.literal(toHost.flip), questionId: z.string().regex(/^[0-9a-f]{32}$/) }),
	z.object({ type: z.literal(toHost.report) }),
	z.object({ type: z.literal(toHost.copy), text: z.string().max(2_000_000) }),
	z.object({ type: z.literal(toHost.showMissing), skill }),
	z.object({ type: z.literal(toHost.next) }),
	z.object({ type: z.literal(toHost.correct), round: scope }),
]);

/** A message of the page, or undefined when it is none of ours. */
export function readMessage(value: unknown): ToHost | undefined {
	const { success, data } = message.safeParse(value);
	return success ? data : undefined;
}

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

/** What a panel kept by VS Code compared. */
export function readRemembered(value: unknown): RoundsChoice {
	const { success, data } = remembered.safeParse(value);
	return success ? data : noChoice;
}
