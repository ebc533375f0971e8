import * as path from 'node:path';
import * as vscode from 'vscode';
import { runCommand } from './ui/commands/commandTable.ts';
import { ItemFiles } from './ui/documents/itemFiles.ts';
import { StatDocuments } from './ui/documents/statDocuments.ts';
import { ProjectFacts } from './ui/session/facts.ts';
import { InlineStart } from './ui/inline/inlineStart.ts';
import type { CommandId, PanelId, ToolId } from './ui/ids.ts';
import { panelIds, toolIds } from './ui/ids.ts';
import { OpenProject } from './ui/session/openProject.ts';
import type { OpenedParts } from './ui/session/projectSession.ts';
import { Runs } from './ui/session/runs.ts';
import { sshSettings } from './ui/kit/settings.ts';
import { createStatusBar } from './ui/views/statusBar.ts';
import type { Studio } from './ui/session/studio.ts';
import { ApiKeys } from './ui/teacher/apiKeys.ts';
import { TeacherChoice } from './ui/teacher/teacherChoice.ts';
import type { TeacherMaker } from './ui/teacher/teacherMaker.ts';
import { createReadDiagnosis } from './ui/tools/readDiagnosis.ts';
import { createReadProfile } from './ui/tools/readProfile.ts';
import { DatasetsTree } from './ui/views/datasetsTree.ts';
import { JobsTree } from './ui/views/jobsTree.ts';
import { QuestionsTree } from './ui/views/questionsTree.ts';
import { SkillsTree } from './ui/views/skillsTree.ts';

/** The dist/ folder: this module is studio.js in it, beside the workers, the WebAssembly, the prompts and the data. */
const dist = import.meta.dirname;

/** The interface to which extension.ts forwards calls. */
export interface Started {
	readonly studio: Studio;
	/** Runs a command; resolves with the error's text if the command failed. */
	readonly run: (id: CommandId, args: readonly unknown[]) => Promise<string | undefined>;
	readonly restore: Readonly<Record<PanelId, (panel: vscode.WebviewPanel, state: unknown) => Promise<void>>>;
	readonly tools: Readonly<Record<ToolId, vscode.LanguageModelTool<object>>>;
}

/**
 * Creates the parts, connects them, and registers views, documents and the status bar. Only checks whether a workspace
 * folder contains `.stat`, and reads nothing else: sql.js, the grader and openai are loaded on first use, in the
 * functions below.
 */
export function startStudio(context: vscode.ExtensionContext): Started {
	const log = vscode.window.createOutputChannel('STAT Studio', { log: true });
	const project = new OpenProject(context.workspaceState, (root) => openParts(root, log));
	const source = () => project.session ?? project.look();
	const keys = new ApiKeys(context.secrets, context.globalState);
	const teachers = new TeacherChoice(keys, teacherMaker(log));
	const runs = new Runs(log);
	const facts = new ProjectFacts(project, teachers, log);
	const skills = new SkillsTree(project, log);
	const questions = new QuestionsTree(project, log, facts, context.workspaceState);
	const datasets = new DatasetsTree(project, log);
	const jobs = new JobsTree(project, log);
	const inline = new InlineStart(project, log);
	const itemFiles = new ItemFiles(project);
	const studio: Studio = {
		context,
		log,
		project,
		facts,
		runs,
		teachers,
		keys,
		skills,
		questions,
		datasets,
		jobs,
		inline,
		itemFiles,
		initialise: async (root) => void (await import('./store/engine/initProject.ts')).initProject(root),
	};

	context.subscriptions.push(
		...[log, project, runs, facts, skills, questions, datasets, jobs, inline, itemFiles],
		new StatDocuments(project, log, jobs.watch),
		createStatusBar(project, facts, teachers),
	);
	void project.look();
	return {
		studio,
		run: (id, args) => runCommand(studio, id, args),
		restore: {
			[panelIds.diagnosis]: async (panel, state) =>
				(await import('./ui/panels/diagnosis/diagnosisPanel.ts')).restoreDiagnosis(
					studio,
					source,
					panel,
					state,
				),
			[panelIds.profile]: async (panel, state) =>
				(await import('./ui/panels/profile/profilePanel.ts')).restoreProfile(studio, source, panel, state),
			[panelIds.rounds]: async (panel, state) =>
				(await import('./ui/panels/rounds/roundsPanel.ts')).restoreRounds(studio, source, panel, state),
			[panelIds.job]: async (panel, state) =>
				(await import('./ui/panels/job/jobPanel.ts')).restoreJob(studio, source, jobs.watch, panel, state),
			[panelIds.curation]: async (panel, state) =>
				(await import('./ui/panels/curation/curationPanel.ts')).restoreCuration(studio, source, panel, state),
		},
		tools: { [toolIds.profile]: createReadProfile(project), [toolIds.diagnosis]: createReadDiagnosis(project) },
	};
}

/** Connects the parts of one project. In an untrusted workspace the store is opened read-only. */
async function openParts(root: string, log: vscode.LogOutputChannel): Promise<OpenedParts> {
	const [
		{ openStore },
		{ createGrader },
		{ files },
		{ createPrompts },
		{ replyParsers },
		{ openJobFiles },
		{ createHosts },
		{ createConsents },
		{ createChecker },
	] = await Promise.all([
		import('./store/openStore.ts'),
		import('./grading/createGrader.ts'),
		import('./formats/files.ts'),
		import('./teacher/prompts.ts'),
		import('./teacher/replies/parseReply.ts'),
		import('./store/jobFiles.ts'),
		import('./remote/hostsFile.ts'),
		import('./remote/createConsents.ts'),
		import('./grading/exec/createChecker.ts'),
	]);
	const began = Date.now();
	const store = await openStore({
		projectFolder: root,
		dist,
		readOnly: !vscode.workspace.isTrusted,
		log: (message) => log.info(message),
	});
	log.info(`project opened in ${Date.now() - began} ms: ${store.folder}`);
	for (const warning of store.warnings) {
		log.warn(warning);
	}
	const grader = createGrader({ dist });
	const hosts = createHosts({ trainerFolder: path.join(dist, 'trainer'), ...sshSettings() });
	const consents = createConsents({ hosts });
	const prompts = createPrompts({
		folder: path.join(dist, 'prompts'),
		userFolder: path.join(store.folder, 'prompts'),
	});
	return {
		parts: {
			store,
			grader,
			checker: createChecker({ folder: root, consents }),
			files,
			datasets: store.datasets,
			teacher: null,
			prompts,
			replies: replyParsers,
		},
		jobs: openJobFiles(store.folder),
		hosts,
		consents,
		close: async () => {
			await grader.dispose();
			await store.close();
		},
	};
}

function teacherMaker(log: vscode.LogOutputChannel): TeacherMaker {
	const line = (level: 'debug' | 'info' | 'warn', message: string) => log[level](message);
	/** Prices and limits: the built-in ones and this user's own, never a project's. */
	const table = async () => {
		const { loadModelTable, userModelsFile } = await import('./teacher/wire/modelTable.ts');
		return loadModelTable({ folder: path.join(dist, 'data'), userFile: userModelsFile() });
	};
	return {
		async endpoint({ key, ...options }, replies) {
			const { createOpenAiTeacher } = await import('./teacher/wire/openAiTeacher.ts');
			return createOpenAiTeacher({
				...options,
				apiKey: key,
				replies,
				models: await table(),
				byFetch: true,
				log: line,
			});
		},
		async scripted(file, replies) {
			const { createScriptedTeacher } = await import('./teacher/scripted/scriptedTeacher.ts');
			return createScriptedTeacher({ file, replies, log: line });
		},
		async languageModel(options, replies) {
			const { createTeacherOver } = await import('./teacher/ask/teacherOver.ts');
			const facts = (await table()).find(options.model);
			return createTeacherOver({ ...options, replies, facts, log: line });
		},
	};
}
