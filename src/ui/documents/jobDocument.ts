import * as vscode from 'vscode';
import type { JobRecord } from '../../core/training/job.ts';
import type { JobEvent, StepEvent } from '../../core/training/jobEvent.ts';
import type { Run } from '../../core/run.ts';
import type { HostParts } from '../session/projectSession.ts';
import { stateLabel } from '../views/jobsTree.ts';
import { DocumentText } from './documentText.ts';

const t = vscode.l10n.t;
/** Maximum number of training steps shown, newest first. */
const shown = 500;

/**
 * Shows a job as a document: its state, its training steps, its other events, and the end of its raw output. The text
 * comes from a remote machine, so every field is shown as plain text.
 */
export async function jobDocument(parts: HostParts, id: string, log: vscode.LogOutputChannel): Promise<string> {
	const { followEvents, jobRow } = await import('../../workflow/training/jobs.ts');
	const run: Run = {
		signal: AbortSignal.timeout(60_000),
		progress: () => undefined,
		log: (level, message) => log[level](message),
		now: () => new Date().toISOString(),
	};
	const record = await parts.jobs.get(id);
	const job = await jobRow(parts, record, run);
	const document = new DocumentText()
		.heading(1, t('Job {0}', job.id))
		.fact(t('State'), stateLabel(job.state))
		.fact(t('Message'), job.detail)
		.fact(t('Host'), job.host)
		.fact(t('Recipe'), job.recipe)
		.fact(t('Dataset'), job.dataset)
		.fact(t('Model'), job.model)
		.fact(t('Started'), job.createdAt)
		.fact(
			t('Settings'),
			Object.entries(record.spec.settings)
				.map(([name, value]) => `${name} ${value}`)
				.join(', '),
		);
	const trainingSteps: StepEvent[] = [];
	const others: Exclude<JobEvent, StepEvent>[] = [];
	for await (const event of followEvents(parts, record, false, run)) {
		if (event.kind === 'step') {
			trainingSteps.push(event);
		} else {
			others.push(event);
		}
	}
	if (trainingSteps.length > 0) {
		document.heading(2, t('Steps, newest first'));
		document.table(
			[
				[t('Step'), t('Loss'), t('Reward'), t('Rate'), t('Tokens/s')],
				...trainingSteps
					.slice(-shown)
					.reverse()
					.map(({ step, loss, reward, lr, tokensPerSecond }) => [
						cell(step),
						cell(loss),
						cell(reward),
						cell(lr, 3),
						cell(tokensPerSecond),
					]),
			],
			[0, 1, 2, 3, 4],
		);
	}
	document.heading(2, t('Other messages'));
	for (const event of others) {
		const kind = event.kind === 'unknown' ? event.name : event.kind;
		document.fact(`${(event.at ?? '').slice(11, 19)} ${kind}`, JSON.stringify(event.fields).slice(0, 2000));
	}
	document.heading(2, t('The end of its output')).text((await outputOf(parts, record, run)).slice(-20_000));
	return document.toString();
}

async function outputOf(parts: HostParts, record: JobRecord, run: Run): Promise<string> {
	const { followJob } = await import('../../workflow/training/jobs.ts');
	const chunks: Uint8Array[] = [];
	for await (const bytes of followJob(parts, record, { file: 'output', offset: 0, follow: false }, run)) {
		chunks.push(bytes);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function cell(value: number | null, digits = 4): string {
	if (value === null) {
		return '–';
	}
	return Number.isInteger(value) ? String(value) : value.toPrecision(digits);
}
