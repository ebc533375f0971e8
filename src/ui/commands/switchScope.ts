import { StatError } from '../../core/errors/statError.ts';
import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { Scope } from '../../core/scope.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession } from '../session/studio.ts';
import { forLabel } from '../kit/untrustedText.ts';

/** Selects the student and round that every view shows. */
export const switchScope: Command = async (studio) => {
	const session = await needSession(studio);
	const { store } = await session.parts();
	const [{ students }, now, entries, { roundOrigin }] = await Promise.all([
		store.read('students', {}),
		session.scope(),
		store.read('rounds', {}),
		import('../panels/rounds/roundsState.ts'),
	]);
	const origin = (student: string, round: number): string => {
		const entry = entries.find((one) => one.student === student && one.round === round);
		return entry
			? [
					roundOrigin(entry, new Map()),
					entry.parent ? vscode.l10n.t('from round {0}', entry.parent.round) : '',
					entry.control ? vscode.l10n.t('control') : '',
				]
					.filter(Boolean)
					.map((part) => forLabel(part))
					.join(' · ')
			: '';
	};
	if (students.length === 0) {
		throw new StatError('editor.noAnswers', {});
	}
	const chosen = await pick<Scope>(onlyStep(vscode.l10n.t('Switch Student or Round')), {
		placeholder: vscode.l10n.t('Whose answers should the views show?'),
		items: students.flatMap(({ student, rounds }) =>
			rounds.map(({ round, questions, answers }) => ({
				label: forLabel(student),
				description: [vscode.l10n.t('round {0}', round), origin(student, round)].filter(Boolean).join(' · '),
				detail: vscode.l10n.t('{0} questions, {1} answers', formatCount(questions), formatCount(answers)),
				value: { student, round },
			})),
		),
		active: ({ student, round }) => student === now?.student && round === now.round,
	});
	if (typeof chosen === 'object') {
		await session.setScope(chosen);
	}
};
