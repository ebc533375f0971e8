import * as z from 'zod';
import type { Rank } from '../../../core/profile/profile.ts';
import type { BuildWith, ToHost } from '../../../../webview/profile/protocol.ts';
import { toHost } from '../../../../webview/profile/protocol.ts';
import { messageReader } from '../../kit/readMessage.ts';

const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });
const rank = z.enum(['share', 'exposure']);
const round = z.int().min(1);
const share = z.number().min(0).max(1);
const count = z.int().min(1).max(10_000_000);
const rule = z.discriminatedUnion('method', [
	z.object({ method: z.literal('answer'), samples: count, rightBelow: z.number().positive().optional() }),
	z.object({ method: z.literal('reward'), tau1: share, tau2: share }),
	z.object({ method: z.literal('consistency'), samples: count }),
	z.object({ method: z.literal('length'), words: count }),
]);
export const buildWith: z.ZodType<BuildWith> = z.object({
	rule: rule.nullable(),
	skills: z.array(skill).max(100_000).nullable(),
	seed: z.int().min(0),
	difficult: count,
	perSkill: count,
	answers: count,
	repeats: z.enum(['keep', 'drop']),
	pairs: count,
	mix: z.number().min(0).lt(1),
	rank,
	answersFrom: z.enum(['teacher', 'original']),
	budget: z.number().min(0).nullable(),
});

/** Parses a message from the page; returns undefined if it is not one of the panel's. */
export const readMessage = messageReader<ToHost>({
	[toHost.ready]: {},
	[toHost.showMissing]: { skill },
	[toHost.copy]: { text: z.string().max(2_000_000), what: z.string().max(100) },
	[toHost.rank]: { rank },
	[toHost.compare]: { round: round.nullable() },
	[toHost.diagnose]: {},
	[toHost.whatIf]: { on: z.boolean() },
	[toHost.build]: { settings: buildWith },
});

const remembered = z.object({ before: round.nullable().catch(null), rank: rank.catch('share') });

/** Parses the comparison and ranking of a panel that VS Code restores. */
export function readRemembered(value: unknown): { readonly before: number | null; readonly rank: Rank } {
	const { success, data } = remembered.safeParse(value);
	return success ? data : { before: null, rank: 'share' };
}
