import * as vscode from 'vscode';
import type { Run } from '../../core/run.ts';
import type { HostParts } from '../session/projectSession.ts';
import { stateLabel } from '../views/jobsTree.ts';
import { Page } from './textDocument.ts';

const t = vscode.l10n.t;
/** Steps shown, the newest first. */
const shown = 500;

/**
 * A job as a document: where it stands, its steps, what else it said, its raw output's end. Remote text: every field is
 * only text here.
 */
export async function jobPage(parts: HostParts, id: string, log: vscode.LogOutputChannel): Promise<string> {
	const { followJob, jobRow } = await import('../../workflow/training/jobs.ts');
	const run: Run = {
		signal: AbortSignal.timeout(60_000),
		progress: () => undefined,
		log: (level, message) => log[level](message),
		now: () => new Date().toISOString(),
	};
	const record = await parts.jobs.get(id);
	const job = await jobRow(parts, record, run);
	const page = new Page()
		.heading(1, t('Job {0}', job.id))
		.fact(t('State'), stateLabel(job.state))
		.fact(t('What it says'), job.detail)
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
	const read = async (file: 'events' | 'output'): Promise<string> => {
		const chunks: Uint8Array[] = [];
		for await (const bytes of followJob(parts, record, { file, offset: 0, follow: false }, run)) {
			chunks.push(bytes);
		}
		return Buffer.concat(chunks).toString('utf8');
	};
	const events = (await read('events'))
		.split('\n')
		.map(parse)
		.filter((event) => event !== null);
	const steps = events.filter(({ kind }) => kind === 'step').reverse();
	const others = events.filter(({ kind }) => kind !== 'step');
	if (steps.length > 0) {
		page.heading(2, t('Steps, the newest first'));
		const cell = (event: Event, name: string, digits = 4) =>
			typeof event[name] === 'number'
				? Number.isInteger(event[name])
					? String(event[name])
					: event[name].toPrecision(digits)
				: '–';
		page.table(
			[
				[t('Step'), t('Loss'), t('Reward'), t('Rate'), t('Tokens/s')],
				...steps
					.slice(0, shown)
					.map((event) => [
						cell(event, 'step'),
						cell(event, 'loss'),
						cell(event, 'reward'),
						cell(event, 'lr', 3),
						cell(event, 'tokens_per_second'),
					]),
			],
			[0, 1, 2, 3, 4],
		);
	}
	page.heading(2, t('What else it said'));
	others.forEach(({ at, kind, ...rest }) =>
		page.fact(`${String(at ?? '').slice(11, 19)} ${String(kind)}`, JSON.stringify(rest).slice(0, 2000)),
	);
	page.heading(2, t('The end of its output')).text((await read('output')).slice(-20_000));
	return page.toString();
}

type Event = Readonly<Record<string, unknown>>;

function parse(line: string): Event | null {
	try {
		const event: unknown = JSON.parse(line);
		return typeof event === 'object' && event !== null ? (event as Event) : null;
	} catch {
		return null;
	}
}
