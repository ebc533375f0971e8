import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import { viewIds } from '../ids.ts';
import { showDocument } from '../documents/activeDocument.ts';
import { statUri } from '../documents/statUri.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { stateLabel } from '../views/jobsTree.ts';
import { forLabel, forMessage } from '../kit/untrustedText.ts';
import { isRecord } from './arguments.ts';

/** Opens a job's panel, with its curves and facts. */
export const openJob: Command = async (studio, argument) => {
	const id = await needJob(studio, vscode.l10n.t('Show Job'), argument);
	if (id !== undefined) {
		(await import('../panels/job/jobPanel.ts')).showJob(studio, await needSession(studio), studio.jobs.watch, id);
	}
};

/** Opens a job's training steps, messages and output as a document that follows the job. */
export const openJobLog: Command = async (studio, argument) => {
	const id = await needJob(studio, vscode.l10n.t('Show Job Log'), argument);
	if (id !== undefined) {
		await showDocument(statUri({ kind: 'job', id }, id));
	}
};

/** Cancels a job with all its processes, once the user has confirmed. */
export const cancelJob: Command = async (studio, argument) => {
	needTrust();
	const id = await needJob(studio, vscode.l10n.t('Cancel Job'), argument);
	if (id === undefined) {
		return;
	}
	const yes = vscode.l10n.t('Cancel Job');
	if (
		!(isRecord(argument) && argument['sure'] === true) &&
		(await vscode.window.showWarningMessage(
			vscode.l10n.t('Cancel job {0}? Its training since the last checkpoint will be lost.', id),
			{ modal: true },
			yes,
		)) !== yes
	) {
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('nothing was cancelled') });
	}
	const parts = await (await needSession(studio)).hostParts();
	const { cancelJob: cancel } = await import('../../workflow/training/jobs.ts');
	await studio.runs.start('fetch', vscode.l10n.t('Cancelling {0}', id), viewIds.jobs, async (run) =>
		cancel(parts, await parts.jobs.get(id), run),
	);
	await studio.jobs.watch.look();
};

/** Resumes a failed, cancelled or lost job from its last checkpoint, under the same id. */
export const resumeJob: Command = async (studio, argument) => {
	needTrust();
	const id = await needJob(studio, vscode.l10n.t('Resume Job'), argument);
	if (id === undefined) {
		return;
	}
	const parts = await (await needSession(studio)).hostParts();
	const { foreignJobError, resumeJob: resume } = await import('../../workflow/training/jobs.ts');
	await studio.runs.start('fetch', vscode.l10n.t('Resuming {0}', id), viewIds.jobs, async (run) =>
		resume(parts, await parts.jobs.get(id), (record) => confirmForeign(foreignJobError(record)), run),
	);
	await studio.jobs.watch.look();
};

/** Asks whether a job may run whose record came with the project; throws if the answer is no. */
async function confirmForeign({ data }: StatError): Promise<void> {
	const { job, host, model, revision, code } = data;
	const resume = vscode.l10n.t('Run It Here');
	const question = vscode.l10n.t('Job {0} was not started on this machine. Run it?', String(job));
	const detail = [
		vscode.l10n.t('Host: {0}', String(host)),
		vscode.l10n.t('Model: {0}', String(model)),
		vscode.l10n.t('Revision: {0}', String(revision)),
		vscode.l10n.t('Runs the model’s own code (trust_remote_code): {0}', String(code)),
		vscode.l10n.t('Its record came with the project, and may be forged: run it only if you trust its author.'),
	]
		.map(forMessage)
		.join('\n');
	if ((await vscode.window.showWarningMessage(forMessage(question), { modal: true, detail }, resume)) !== resume) {
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('nothing was resumed') });
	}
}

/** Copies a job's results to this machine; answers and step scores are imported into the project. */
export const fetchJob: Command = async (studio, argument) => {
	needTrust();
	const id = await needJob(studio, vscode.l10n.t('Fetch Job Results'), argument);
	if (id === undefined) {
		return;
	}
	const parts = await (await needSession(studio)).hostParts();
	const [{ fetchJob: fetch }, { importResults }] = await Promise.all([
		import('../../workflow/training/jobs.ts'),
		import('../../workflow/rounds/askStudent.ts'),
	]);
	const { folder, files } = await studio.runs.start(
		'fetch',
		vscode.l10n.t('Fetching {0}', id),
		viewIds.jobs,
		async (run) => {
			const record = await parts.jobs.get(id);
			const fetched = await fetch(parts, record, run);
			if (fetched.job.state === 'done') {
				await importResults(parts, record, run);
			}
			return fetched;
		},
	);
	studio.runs.show({
		text: vscode.l10n.t('{0}: {1} files fetched', id, files.length),
		open: {
			command: 'revealFileInOS',
			title: vscode.l10n.t('Reveal Results'),
			arguments: [vscode.Uri.file(folder)],
		},
	});
	await studio.jobs.watch.look();
};

/**
 * Returns a job's id from a tree node or a notification, or else asks for it. Returns undefined if the user cancelled.
 */
async function needJob(studio: Studio, title: string, argument: unknown): Promise<string | undefined> {
	if (isRecord(argument) && typeof argument['id'] === 'string') {
		return argument['id'];
	}
	await needSession(studio);
	await studio.jobs.watch.look();
	const chosen = await pick(onlyStep(title), {
		placeholder:
			studio.jobs.watch.rows.length === 0
				? vscode.l10n.t('No job has been dispatched yet')
				: vscode.l10n.t('Which job?'),
		items: studio.jobs.watch.rows.map((job) => ({
			label: forLabel(job.dataset ?? job.model),
			description: forLabel(`${stateLabel(job.state)} · ${job.recipe} · ${job.host}`),
			detail: job.id,
			value: job.id,
		})),
	});
	return typeof chosen === 'string' ? chosen : undefined;
}
