import * as vscode from 'vscode';
import { skillLabel } from '../../core/skills/skill.ts';
import { answersDocument } from '../documents/projectDocuments.ts';
import type { OpenProject } from '../session/openProject.ts';
import { oneLine } from '../kit/untrustedText.ts';

interface Input {
	/** A question's id. Alternatively, `text` is used. */
	readonly questionId?: unknown;
	/** Words from the question's text. */
	readonly text?: unknown;
}

/** In characters. A reply of this length contains everything an agent needs to know about one question. */
const longest = 12_000;

/**
 * Creates a tool for chat and agents. Returns one question with the student's answers and its diagnosis or, if no
 * question is named, the difficult questions to choose from. Read-only.
 */
export function createReadDiagnosis(project: OpenProject): vscode.LanguageModelTool<Input> {
	return {
		prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Reading a diagnosis') }),
		async invoke({ input }) {
			const session = project.session ?? (await project.look());
			if (!session) {
				return text('There is no STAT project in this workspace.');
			}
			const { store } = await session.parts();
			const scope = await session.scope();
			if (!scope) {
				return text('The project holds no student answers yet.');
			}
			const search = typeof input.text === 'string' ? input.text.slice(0, 500) : '';
			let id = typeof input.questionId === 'string' ? input.questionId : undefined;
			if (id === undefined) {
				const { total, rows } = await store.read('questions', {
					scope,
					filter: { difficult: true, ...(search === '' ? {} : { text: search }) },
					offset: 0,
					limit: 20,
				});
				if (rows.length !== 1) {
					return text(
						[
							`${total} difficult questions${search === '' ? '' : ' hold these words'}; ask ` +
								'again with a questionId:',
							...rows.map(
								(row) =>
									`${row.id} | ${row.subject ?? 'no subject'} | ` +
									`${row.right}/${row.samples} right | ` +
									`${row.diagnosed ? 'diagnosed' : 'not diagnosed'} | ` +
									`${oneLine(row.title, 100)}`,
							),
						].join('\n'),
					);
				}
				id = rows[0]?.id;
			}
			const question = id === undefined ? null : await store.read('question', { id });
			if (!question) {
				return text(`There is no question with the id ${String(id)}.`);
			}
			const [answers, { diagnosis, correction }, annotations] = await Promise.all([
				store.read('answers', { ...scope, questionId: question.id }),
				store.read('diagnosis', { ...scope, questionId: question.id }),
				store.read('annotations', { ...scope, ids: [question.id] }),
			]);
			const document = answersDocument({ question, ...scope, answers, diagnosis, correction, annotations });
			const labels =
				'Labelled with: ' +
				`${question.labels.map(({ name }) => skillLabel(name)).join(', ') || 'nothing yet'}\n`;
			return text(
				document.length > longest
					? `${document.slice(0, longest)}\n[cut: ${document.length - longest} more characters]\n${labels}`
					: document + labels,
			);
		},
	};
}

function text(value: string): vscode.LanguageModelToolResult {
	return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(value)]);
}
