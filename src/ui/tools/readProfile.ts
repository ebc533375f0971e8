import * as vscode from 'vscode';
import { formatPercent } from '../../core/text/formatNumber.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import type { OpenProject } from '../session/openProject.ts';

interface Input {
	readonly student?: unknown;
	readonly round?: unknown;
	readonly top?: unknown;
}

/**
 * Creates a tool for chat and agents that returns the Missing-Skill-Profile as plain lines. Read-only; works only in
 * trusted workspaces.
 */
export function createReadProfile(project: OpenProject): vscode.LanguageModelTool<Input> {
	return {
		prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Reading the Missing-Skill-Profile') }),
		async invoke({ input }, token) {
			const session = project.session ?? (await project.look());
			if (!session) {
				return text('There is no STAT project in this workspace.');
			}
			const { store } = await session.parts();
			const scope = await session.scope();
			const student = typeof input.student === 'string' && input.student !== '' ? input.student : scope?.student;
			const usual = student === scope?.student ? scope?.round : 1;
			const round = typeof input.round === 'number' ? input.round : usual;
			if (student === undefined || round === undefined) {
				return text('The project holds no student answers yet.');
			}
			const { students } = await store.read('students', {});
			if (
				!students.some((known) => known.student === student && known.rounds.some((one) => one.round === round))
			) {
				return text(
					`There are no answers of student "${student}", round ${round}; there are: ` +
						`${students.map((known) => `${known.student}, round ${known.rounds.map((one) => one.round).join(', ')}`).join('; ')}.`,
				);
			}
			const abort = new AbortController();
			const subscription = token.onCancellationRequested(() => abort.abort());
			try {
				const { profile } = await import('../../workflow/profile/profile.ts');
				const top = typeof input.top === 'number' && input.top >= 1 ? Math.min(200, Math.floor(input.top)) : 20;
				const found = await profile({ store }, { student, round, top }, { signal: abort.signal });
				return text(
					[
						`Missing-Skill-Profile of student "${found.student}", round ${found.round}: ` +
							`${found.questions} difficult ` +
							`questions${found.benchmark === null ? '' : ` of ${found.benchmark}`} diagnosed, ` +
							`${found.undiagnosed} not yet, ${found.disputed} disputed, ${found.corrected} ` +
							'corrected by a person.',
						'skill | subject | questions that miss it | share [95 % interval] | share of training links',
						...found.skills.map(
							({ skill, subject, questions, share, ci95: [low, high], trainShare }) =>
								`${skillLabel(skill)} | ${subject} | ${questions} | ${formatPercent(share)} ` +
								`[${formatPercent(low)}, ${formatPercent(high)}] | ` +
								`${trainShare === null ? 'unknown' : formatPercent(trainShare)}`,
						),
					].join('\n'),
				);
			} finally {
				subscription.dispose();
			}
		},
	};
}

function text(value: string): vscode.LanguageModelToolResult {
	return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(value)]);
}
