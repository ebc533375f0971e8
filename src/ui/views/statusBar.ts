import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { FactState, ProjectFacts } from '../session/facts.ts';
import { commandIds } from '../ids.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { TeacherChoice } from '../teacher/teacherChoice.ts';
import { teacherLabel } from '../teacher/teacherChoice.ts';
import { forLabel } from '../kit/untrustedText.ts';

/**
 * Creates the item that names the student in view. It is shown once a project exists, and does not open the project
 * itself.
 */
export function createStatusBar(project: OpenProject, facts: ProjectFacts, teachers: TeacherChoice): vscode.Disposable {
	const item = vscode.window.createStatusBarItem('stat.scope', vscode.StatusBarAlignment.Left, 10);
	item.name = vscode.l10n.t('STAT Student and Round');
	item.command = commandIds.switchScope;
	const draw = (state: FactState) => {
		const { session } = project;
		if (!session) {
			item.hide();
			return;
		}
		const scope = state.kind === 'open' ? state.facts.scope : null;
		const title = scope ? vscode.l10n.t('{0} · round {1}', scope.student, scope.round) : 'STAT';
		const teacher = teachers.chosenOrNone(session.root);
		const lines = [
			state.kind === 'failed' ? state.message : '',
			state.kind === 'open' && scope
				? vscode.l10n.t(
						'{0} difficult questions, {1} of them not diagnosed yet',
						formatCount(state.facts.difficult),
						formatCount(state.facts.waiting),
					)
				: '',
			teacher ? vscode.l10n.t('Teacher: {0}', teacherLabel(teacher)) : vscode.l10n.t('No teacher is set'),
			scope ? vscode.l10n.t('Click to switch student or round') : '',
		].filter(Boolean);
		item.text = `$(mortar-board) ${forLabel(title)}`;
		item.tooltip = lines.join('\n');
		item.accessibilityInformation = { label: [title, ...lines].join('. '), role: 'button' };
		item.backgroundColor =
			state.kind === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
		item.show();
	};
	draw(facts.current);
	return vscode.Disposable.from(
		item,
		facts.onDidChange(draw),
		project.onDidChange(() => draw(facts.current)),
	);
}
