import { StatError } from '../../core/errors/statError.ts';
import * as vscode from 'vscode';
import type { Teacher } from '../../core/ports/teacher.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { ItemFiles } from '../documents/itemFiles.ts';
import type { ProjectFacts } from './facts.ts';
import type { InlineStart } from '../inline/inlineStart.ts';
import type { OpenProject } from './openProject.ts';
import type { FolderSession, ProjectSession } from './projectSession.ts';
import type { Runs } from './runs.ts';
import type { ApiKeys } from '../teacher/apiKeys.ts';
import type { TeacherChoice } from '../teacher/teacherChoice.ts';
import type { DatasetsTree } from '../views/datasetsTree.ts';
import type { JobsTree } from '../views/jobsTree.ts';
import type { QuestionsTree } from '../views/questionsTree.ts';
import type { SkillsTree } from '../views/skillsTree.ts';

/** What a command works with; built once by startStudio.ts. */
export interface Studio {
	readonly context: vscode.ExtensionContext;
	readonly log: vscode.LogOutputChannel;
	readonly project: OpenProject;
	readonly facts: ProjectFacts;
	readonly runs: Runs;
	readonly teachers: TeacherChoice;
	readonly keys: ApiKeys;
	readonly skills: SkillsTree;
	readonly questions: QuestionsTree;
	readonly datasets: DatasetsTree;
	readonly jobs: JobsTree;
	readonly inline: InlineStart;
	readonly itemFiles: ItemFiles;
	/** Creates `.stat/` in a folder. */
	readonly initialise: (root: string) => Promise<void>;
}

/**
 * One command. Arguments come from menus (tree nodes), panels and tests, or not at all (the palette): a command asks
 * for what is missing. Errors are thrown; the one place that shows them is where commands are registered.
 */
export type Command = (studio: Studio, ...args: unknown[]) => Promise<void>;

/** The project, or an error that offers to create one. */
export async function needSession({ project }: Studio): Promise<FolderSession> {
	const session = project.session ?? (await project.look());
	if (!session) {
		const folder = (vscode.workspace.workspaceFolders ?? []).length > 0;
		throw new StatError(folder ? 'editor.noProject' : 'editor.noFolder', {});
	}
	return session;
}

/**
 * Writes, imports and exports work anywhere; a teacher is called only from a trusted workspace. Also checked where the
 * teacher is created.
 */
export function needTrust(): void {
	if (!vscode.workspace.isTrusted) {
		throw new StatError('editor.untrusted', {});
	}
}

/** Runs `work` with the teacher in force and disposes of it afterwards. */
export async function withTeacher<R>(
	{ teachers }: Studio,
	session: ProjectSession,
	work: (parts: Parts & { readonly teacher: Teacher }) => Promise<R>,
): Promise<R> {
	const teacher = await teachers.make(session);
	try {
		return await work({ ...(await session.parts()), teacher });
	} finally {
		await teacher.dispose();
	}
}
