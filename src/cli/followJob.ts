import type { JobRecord } from '../core/training/job.ts';
import type { Run } from '../core/run.ts';
import { StatError } from '../core/errors/statError.ts';
import type { JobParts, JobRow } from '../workflow/training/jobs.ts';
import { followJob, jobRow } from '../workflow/training/jobs.ts';

type Event = Readonly<Record<string, unknown>>;

/**
 * A job watched to its end: steps as progress, what else it says as lines. Throws where it did not end well. Resolves
 * with its last state and every event but the steps.
 */
export async function watchJob(
	parts: JobParts,
	record: JobRecord,
	run: Run,
): Promise<{ job: JobRow; events: Event[] }> {
	const events: Event[] = [];
	let held = '';
	const decoder = new TextDecoder();
	for await (const bytes of followJob(parts, record, { file: 'events', offset: 0, follow: true }, run)) {
		const lines = (held + decoder.decode(bytes, { stream: true })).split('\n');
		held = lines.pop() ?? '';
		for (const line of lines) {
			try {
				const event = JSON.parse(line) as Event;
				if (event['kind'] === 'step') {
					run.progress(stepProgress(record, event));
				} else {
					events.push(event);
					say(event, run);
				}
			} catch {
				// A line cut by a kill; the trainer begins a new one.
			}
		}
	}
	const job = await jobRow(parts, record, run);
	if (job.state !== 'done') {
		throw new StatError('unsorted.failed', {
			problem:
				`job ${job.id} on ${job.host}: ` +
				`${job.state}${job.detail && job.detail !== job.state ? `: ${job.detail}` : ''}`,
		});
	}
	return { job, events };
}

function stepProgress(record: JobRecord, event: Event): Parameters<Run['progress']>[0] {
	const number = (name: string): number | undefined => (typeof event[name] === 'number' ? event[name] : undefined);
	const [loss, reward, eta] = [number('loss'), number('reward'), number('eta')];
	const detail = [
		reward === undefined ? (loss === undefined ? '' : `loss ${loss.toFixed(4)}`) : `reward ${reward.toFixed(3)}`,
		eta === undefined ? '' : `${Math.ceil(eta / 60)} min to go`,
	]
		.filter(Boolean)
		.join(', ');
	return { label: `${record.host}: step`, done: number('step') ?? 0, total: number('steps'), detail };
}

function say(event: Event, run: Run): void {
	const text = (name: string): string => String(event[name] ?? '?').slice(0, 200);
	switch (event['kind']) {
		case 'start':
			run.log(
				'info',
				`started: ${text('rows')} rows, ${text('steps')} steps, on ${text('device')} in ` +
					`${text('dtype')}${event['quantized'] === true ? ', base in 4 bits' : ''}`,
			);
			break;
		case 'xray':
			run.log(
				'info',
				`mask: loss on ${text('supervised')} of ${text('tokens')} tokens; ${text('too_long')} ` +
					'pairs over the length limit are left out',
			);
			break;
		case 'resumed':
			run.log('warn', `the trainer was killed and goes on from step ${text('step')}`);
			break;
		case 'note':
			run.log('warn', text('text'));
			break;
	}
}
