import * as vscode from 'vscode';
import * as z from 'zod';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import { commandIds, settingIds, viewIds } from '../ids.ts';
import { insideFolder } from '../kit/settings.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { tellSkipped } from './imports.ts';

const files = z.array(z.string().min(1).max(500)).max(200);
const description = z.object({
	student: z.string().min(1).max(200),
	round: z.int().min(1).max(10_000),
	skills: z.object({ train: files, validation: files }),
	questions: z.object({ train: files }),
	answers: files,
	/** The file of scripted replies. */
	teacher: z.string().min(1).max(500).optional(),
});

/**
 * Sets up a project from the sample's files (sample.json says what each file is) in one go: skills, questions, answers,
 * and the sample's scripted teacher if none is chosen.
 */
export const loadSample: Command = async (studio) => {
	needTrust();
	const folder = vscode.workspace.workspaceFolders?.[0];
	if (!folder) {
		await vscode.commands.executeCommand(commandIds.openSample);
		return;
	}
	const sample = await readSample(folder.uri);
	const session = studio.project.session ?? (await studio.initialise(folder.uri.fsPath), await needSession(studio));
	const parts = await session.parts();
	const [{ importSkills }, { importQuestions }, { importAnswers }] = await Promise.all([
		import('../../workflow/skills/importSkills.ts'),
		import('../../workflow/questions/importQuestions.ts'),
		import('../../workflow/questions/importAnswers.ts'),
	]);
	const { student, round } = sample;
	const loaded = await studio.runs.start('import', vscode.l10n.t('Load Sample'), viewIds.skills, async (run: Run) => {
		const train = await importSkills(parts, { files: sample.skills.train, split: 'train' }, run);
		const validation = await importSkills(parts, { files: sample.skills.validation, split: 'validation' }, run);
		const questions = await importQuestions(parts, { files: sample.questions.train, split: 'train' }, run);
		const answers = await importAnswers(parts, { student, round, files: sample.answers }, run);
		return {
			questions: train.questions + validation.questions + questions.questions,
			answers: answers.answers,
			skipped: train.skipped + validation.skipped + questions.skipped + answers.skipped,
		};
	});
	const bringsTeacher = sample.teacher !== undefined && studio.teachers.chosenOrNone(folder.uri) === null;
	if (bringsTeacher) {
		await vscode.workspace
			.getConfiguration(undefined, folder.uri)
			.update(settingIds.teacherScripted, sample.teacher, vscode.ConfigurationTarget.Workspace);
	}
	await session.setScope({ student, round });
	const counts = vscode.l10n.t(
		'Sample loaded: {0} questions, {1} answers',
		formatCount(loaded.questions),
		formatCount(loaded.answers),
	);
	studio.runs.show({
		text: bringsTeacher ? vscode.l10n.t('{0}, a scripted teacher (no key, no network)', counts) : counts,
		open: { command: commandIds.classify, title: vscode.l10n.t('Classify…') },
	});
	await vscode.commands.executeCommand(`${viewIds.skills}.focus`);
	tellSkipped(loaded.skipped);
};

/**
 * Reads sample.json and returns absolute paths. They must stay inside the folder, because anybody may have written the
 * file.
 */
async function readSample(root: vscode.Uri): Promise<z.infer<typeof description>> {
	let text: string;
	try {
		text = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, 'sample.json')));
	} catch {
		throw new StatError('editor.noSample', {});
	}
	let parsed: z.infer<typeof description>;
	try {
		parsed = description.parse(JSON.parse(text));
	} catch (error) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'sample.json does not describe a sample: {0}',
				error instanceof z.ZodError ? (error.issues[0]?.path.join('.') ?? '') : 'JSON',
			),
		});
	}
	const inside = (list: readonly string[]) =>
		list.map((relative) => {
			const file = insideFolder(root.fsPath, relative);
			if (!file) {
				throw new StatError('editor.usage', {
					problem: vscode.l10n.t('sample.json names “{0}”, which is not inside its folder', relative),
				});
			}
			return file;
		});
	if (parsed.teacher !== undefined) {
		inside([parsed.teacher]);
	}
	return {
		...parsed,
		skills: { train: inside(parsed.skills.train), validation: inside(parsed.skills.validation) },
		questions: { train: inside(parsed.questions.train) },
		answers: inside(parsed.answers),
	};
}
