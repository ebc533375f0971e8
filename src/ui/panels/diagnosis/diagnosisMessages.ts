import * as z from 'zod';
import type { ToHost } from '../../../../webview/diagnosis/protocol.ts';
import { toHost } from '../../../../webview/diagnosis/protocol.ts';
import type { QuestionFilter } from '../../../core/ports/store/questions.ts';
import { messageReader } from '../../kit/readMessage.ts';

// A page shows untrusted texts, so its messages are checked like any other input.
const skill = z.object({ subject: z.string().max(500), name: z.string().min(1).max(500) });
const questionId = z.string().regex(/^[0-9a-f]{32}$/);
const target = { student: z.string().min(1).max(500), round: z.int().min(1), questionId };

/** Parses a message from the page; returns undefined if it is not one of the panel's. */
export const readMessage = messageReader<ToHost>({
	[toHost.ready]: {},
	[toHost.correct]: {
		...target,
		request: z.int(),
		verdict: z.enum(['agreed', 'changed', 'disputed', 'withdrawn']),
		skills: z.array(skill).max(200).nullable(),
		note: z.string().max(20_000).nullable(),
		noteOnly: z.boolean().optional(),
	},
	[toHost.undo]: {},
	[toHost.go]: { to: z.enum(['next', 'previous']) },
	[toHost.diagnose]: { ...target },
	[toHost.showMissing]: { skill },
	[toHost.why]: {
		dataset: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/),
		row: z.int().min(0),
	},
	[toHost.openQuestion]: { questionId },
});

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

/**
 * Parses the state of a panel that VS Code restores: the question, its scope and the list. Returns undefined if it is
 * invalid.
 */
export function readRemembered(
	value: unknown,
):
	| { readonly student: string; readonly round: number; readonly questionId: string; readonly filter: QuestionFilter }
	| undefined {
	const { success, data } = remembered.safeParse(value);
	return success ? data : undefined;
}
