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

/** Everything a command works with; built once by startStudio.ts. */
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
 * A command. Its arguments come from menus (tree nodes), panels and tests, or are missing (the palette), in which case
 * it asks for what it needs. Errors are thrown; only the code that registers the commands shows them.
 */
export type Command = (studio: Studio, ...args: unknown[]) => Promise<void>;

/** Returns the project, or throws an error that offers to create one. */
export async function needSession({ project }: Studio): Promise<FolderSession> {
	const session = project.session ?? (await project.look());
	if (!session) {
		const folder = (vscode.workspace.workspaceFolders ?? []).length > 0;
		throw new StatError(folder ? 'editor.noProject' : 'editor.noFolder', {});
	}
	return session;
}

/**
 * Throws unless the workspace is trusted. Writes, imports and exports work anywhere, but a teacher may be called only
 * from a trusted workspace. This is checked again where the teacher is created.
 */
export function needTrust(): void {
	if (!vscode.workspace.isTrusted) {
		throw new StatError('editor.untrusted', {});
	}
}

/** Runs `work` with the current teacher and disposes of the teacher afterwards. */
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
