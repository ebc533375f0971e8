import * as vscode from 'vscode';
import type { RunningJob } from '../session/runs.ts';
import { describe } from '../session/runs.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { forLabel } from '../kit/untrustedText.ts';

/** Cancels a run; everything finished by then is stored. */
export const cancelRun: Command = async ({ runs, log }) => {
	const showLog = 'log';
	const chosen = await pick<RunningJob | typeof showLog>(onlyStep(vscode.l10n.t('Cancel Run')), {
		placeholder:
			runs.going.length === 0
				? vscode.l10n.t('Nothing is in progress')
				: vscode.l10n.t('Everything finished so far is stored, and nothing is paid for twice'),
		items: [
			...runs.going.map((job) => ({
				label: forLabel(vscode.l10n.t('Cancel “{0}”', job.title)),
				description: forLabel(describe(job)),
				iconPath: new vscode.ThemeIcon('debug-stop'),
				value: job,
			})),
			{ label: vscode.l10n.t('Show Log'), iconPath: new vscode.ThemeIcon('output'), value: showLog },
		],
	});
	if (chosen === showLog) {
		log.show(true);
	} else if (typeof chosen === 'object') {
		chosen.cancel();
	}
};
