import * as vscode from 'vscode';
import type { Checker } from '../../core/ports/checker.ts';
import type { Consent } from '../../core/ports/consents.ts';
import { commandOf } from '../../core/questions/gradingRule.ts';
import { gradingRules } from '../../workflow/questions/gradingRules.ts';
import { forLabel, forMessage } from '../kit/untrustedText.ts';
import type { PickItem } from '../kit/wizard.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';

type Choice = { readonly withdraw: Consent } | { readonly allow: string };

/**
 * Lists what this person allowed on this machine, to withdraw it, and the project's checkers that they have not allowed
 * yet, to allow them after reading what a checker may do.
 */
export const consents: Command = async (studio) => {
	needTrust();
	const { consents: own, checker, store } = await (await needSession(studio)).hostParts();
	const [list, rules] = await Promise.all([own.list(), gradingRules(store)]);
	const items: PickItem<Choice>[] = list.map((consent) => ({
		label: forLabel(consent.subject),
		description: kindName(consent.kind),
		detail:
			consent.when === null
				? vscode.l10n.t('Allowed by an earlier version')
				: vscode.l10n.t('Allowed on {0}', consent.when.slice(0, 10)),
		value: { withdraw: consent },
	}));
	for (const command of new Set([...rules.all].flatMap((rule) => commandOf(rule) ?? []))) {
		// One that cannot be read, or whose script is missing, cannot be allowed; regrading gives the reason.
		const described = await checker?.describe(command).catch(() => undefined);
		if (described?.isAllowed === false) {
			items.push({
				label: forLabel(command),
				description: vscode.l10n.t('checker of this project, not allowed'),
				value: { allow: command },
			});
		}
	}
	if (items.length === 0) {
		void vscode.window.showInformationMessage(vscode.l10n.t('Nothing has been allowed on this machine yet.'));
		return;
	}
	const chosen = await pick<Choice>(onlyStep(vscode.l10n.t('Consents on This Machine')), {
		placeholder: vscode.l10n.t('Choose one to withdraw it, or to allow it'),
		items,
	});
	if (typeof chosen !== 'object') {
		return;
	}
	if ('withdraw' in chosen) {
		const { id, subject } = chosen.withdraw;
		const withdraw = vscode.l10n.t('Withdraw');
		const detail = vscode.l10n.t('What was graded or trained stays.');
		const question = forMessage(vscode.l10n.t('No longer allow {0} on this machine?', subject));
		if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, withdraw)) === withdraw) {
			await own.withdraw(id);
		}
	} else if (checker !== undefined) {
		await allow(checker, chosen.allow);
	}
};

async function allow(checker: Checker, command: string): Promise<void> {
	const { files, unlimited } = await checker.describe(command);
	const held =
		unlimited.length === 0
			? vscode.l10n.t(
					'It has no network, cannot read the project, can write only in an empty folder, and is limited in time, memory, output and processes.',
				)
			: vscode.l10n.t(
					'It is limited in time and output; on this machine it is NOT kept from {0}.',
					unlimited.join(', '),
				);
	const detail = [
		// All of the command: its end may be what matters.
		...(command.match(/.{1,400}/gsu) ?? []).map(forMessage),
		vscode.l10n.t(
			'It gets each answer, and may run what the student wrote. The project chose it, not you: read it first.',
		),
		held,
		...(files.length > 0
			? files.map(forMessage)
			: [
					vscode.l10n.t(
						'It names no file, so your consent covers this command line alone and not what it starts.',
					),
				]),
	].join('\n\n');
	const yes = vscode.l10n.t('Allow Checker');
	const question = vscode.l10n.t('Allow this checker on this machine?');
	if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes) {
		await checker.allow(command);
	}
}

function kindName(kind: Consent['kind']): string {
	switch (kind) {
		case 'host':
			return vscode.l10n.t('host that trains');
		case 'checker':
			return vscode.l10n.t('checker that grades answers');
		case 'job':
			return vscode.l10n.t('job launched or confirmed here');
	}
}
