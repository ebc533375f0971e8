import * as z from 'zod';
import type { ToHost } from '../../../webview/profile/protocol.ts';
import { toHost } from '../../../webview/profile/protocol.ts';

const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });
const rank = z.enum(['share', 'exposure']);
const round = z.int().min(1);

const message = z.discriminatedUnion('type', [
	z.object({ type: z.literal(toHost.ready) }),
	z.object({ type: z.literal(toHost.showMissing), skill }),
	z.object({ type: z.literal(toHost.copy), text: z.string().max(2_000_000), what: z.string().max(100) }),
	z.object({ type: z.literal(toHost.rank), rank }),
	z.object({ type: z.literal(toHost.compare), round: round.nullable() }),
	z.object({ type: z.literal(toHost.diagnose) }),
]);

/** A message of the page, or undefined when it is none of ours. */
export function readMessage(value: unknown): ToHost | undefined {
	const { success, data } = message.safeParse(value);
	return success ? data : undefined;
}

const remembered = z.object({ before: round.nullable().catch(null), rank: rank.catch('share') });

/** What a panel kept by VS Code compared, and how it ranked. */
export function readRemembered(value: unknown): { readonly before: number | null; readonly rank: 'share' | 'exposure' } {
	const { success, data } = remembered.safeParse(value);
	return success ? data : { before: null, rank: 'share' };
}
