import * as z from 'zod';
import type { ToHost } from '../../../../webview/diagnosis/protocol.ts';
import { toHost } from '../../../../webview/diagnosis/protocol.ts';
import type { QuestionFilter } from '../../../core/ports/store.ts';

// A page shows strangers' texts, so what it says is checked like any other input.
const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });
const questionId = z.string().regex(/^[0-9a-f]{32}$/);
const target = { student: z.string().min(1).max(500), round: z.int().min(1), questionId };

const message = z.discriminatedUnion('type', [
	z.object({ type: z.literal(toHost.ready) }),
	z.object({
		type: z.literal(toHost.correct),
		...target,
		request: z.int(),
		verdict: z.enum(['agreed', 'changed', 'disputed', 'withdrawn']),
		skills: z.array(skill).max(200).nullable(),
		note: z.string().max(20_000).nullable(),
	}),
	z.object({ type: z.literal(toHost.undo) }),
	z.object({ type: z.literal(toHost.go), to: z.enum(['next', 'previous']) }),
	z.object({ type: z.literal(toHost.diagnose), ...target }),
	z.object({ type: z.literal(toHost.showMissing), skill }),
	z.object({
		type: z.literal(toHost.why),
		dataset: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/),
		row: z.int().min(0),
	}),
	z.object({ type: z.literal(toHost.openQuestion), questionId }),
]);

/** A message of the page, or undefined when it is none of ours. */
export function readMessage(value: unknown): ToHost | undefined {
	const { success, data } = message.safeParse(value);
	return success ? data : undefined;
}

const filter = z.object({
	splits: z.array(z.enum(['train', 'validation', 'test'])).optional(),
	subject: z.string().nullable().optional(),
	benchmark: z.string().optional(),
	level: z.number().optional(),
	missingSkill: skill.optional(),
	labelledSkill: skill.optional(),
	difficult: z.boolean().optional(),
	diagnosed: z.boolean().optional(),
	corrected: z.boolean().optional(),
	disputed: z.boolean().optional(),
	verdict: z.boolean().nullable().optional(),
	hasAnswers: z.boolean().optional(),
	text: z.string().optional(),
});

const remembered = z.object({ ...target, filter: filter.catch({}) });

/** Where a panel kept by VS Code stood: the question, its scope and the list; undefined when that cannot be read. */
export function readRemembered(
	value: unknown,
):
	| { readonly student: string; readonly round: number; readonly questionId: string; readonly filter: QuestionFilter }
	| undefined {
	const { success, data } = remembered.safeParse(value);
	return success ? data : undefined;
}
