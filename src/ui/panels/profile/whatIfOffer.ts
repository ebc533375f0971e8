import { StatError } from '../../../core/errors/statError.ts';
import * as vscode from 'vscode';
import type { WhatIfOffer } from '../../../../webview/profile/protocol.ts';
import type { DatasetCard } from '../../../core/datasets/dataset.ts';
import { skillKey } from '../../../core/skills/skill.ts';
import { whatIfTable } from '../../../workflow/datasets/whatIfTable.ts';
import type { ProjectSession } from '../../session/projectSession.ts';
import { teacherSettings } from '../../kit/settings.ts';

/**
 * Number of rewritten answers per minute that one call in flight typically yields; the user can change it with the
 * dial.
 */
const aMinute = 6;

/**
 * Reads the table of the round in view and the initial values of the cost dials: the price from earlier builds, the
 * pace from the teacher's concurrency.
 */
export async function readWhatIf(session: ProjectSession, signal: AbortSignal): Promise<WhatIfOffer> {
	const parts = await session.parts();
	const scope = await session.scope();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	const table = await whatIfTable(parts, scope, { signal });
	const { concurrency, budget } = teacherSettings();
	return {
		table,
		price: priceOf(await parts.datasets.list()),
		pace: Math.max(1, concurrency * aMinute),
		budget: budget ?? null,
		off: table.skills.filter((skill) => !session.isChosen(skill)).map(skillKey),
		trusted: vscode.workspace.isTrusted,
	};
}

/** Returns the price of a rewritten answer in the builds so far, using the latest teacher whose price is known. */
function priceOf(cards: readonly DatasetCard[]): number | null {
	const paid = cards
		.filter(
			({ method, cost, calls, teacher }) =>
				cost !== null && calls > 0 && teacher !== null && method !== 'syn' && method !== 'embed-syn',
		)
		.sort((left, right) => (left.createdAt < right.createdAt ? 1 : -1));
	const same = paid.filter(({ teacher }) => teacher?.model === paid[0]?.teacher?.model);
	const calls = same.reduce((sum, card) => sum + card.calls, 0);
	return calls === 0 ? null : same.reduce((sum, card) => sum + (card.cost ?? 0), 0) / calls;
}
