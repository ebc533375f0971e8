import type { JobRecord } from '../core/training/job.ts';
import type { JobEvent, StepEvent } from '../core/training/jobEvent.ts';
import type { Run } from '../core/run.ts';
import { StatError } from '../core/errors/statError.ts';
import type { JobParts, JobRow } from '../workflow/training/jobs.ts';
import { followEvents, jobRow } from '../workflow/training/jobs.ts';

/**
 * Follows a job to its end, with training steps as progress and other events as log lines. Resolves with its last state
 * and every event except steps; throws if it did not succeed.
 */
export async function watchJob(
	parts: JobParts,
	record: JobRecord,
	run: Run,
): Promise<{ job: JobRow; events: JobEvent[] }> {
	const events: JobEvent[] = [];
	for await (const event of followEvents(parts, record, true, run)) {
		if (event.kind === 'step') {
			run.progress(stepProgress(record, event));
		} else {
			events.push(event);
			logEvent(event, run);
		}
	}
	const job = await jobRow(parts, record, run);
	if (job.state !== 'done') {
		throw new StatError('cli.jobEnded', {
			job: job.id,
			host: job.host,
			state: job.detail && job.detail !== job.state ? `${job.state}: ${job.detail}` : job.state,
		});
	}
	return { job, events };
}

function stepProgress(
	record: JobRecord,
	{ step, steps, loss, reward, eta }: StepEvent,
): Parameters<Run['progress']>[0] {
	const quality = reward === null ? lossText(loss) : `reward ${reward.toFixed(3)}`;
	const detail = [quality, eta === null ? '' : `${Math.ceil(eta / 60)} min to go`].filter(Boolean).join(', ');
	return { label: `${record.host}: step`, done: step, total: steps ?? undefined, detail };
}

function lossText(loss: number | null): string {
	return loss === null ? '' : `loss ${loss.toFixed(4)}`;
}

function logEvent(event: JobEvent, run: Run): void {
	const text = (value: string | number | null): string => String(value ?? '?').slice(0, 200);
	switch (event.kind) {
		case 'start':
			run.log(
				'info',
				`started: ${text(event.rows)} rows, ${text(event.steps)} steps, on ${text(event.device)} in ` +
					`${text(event.dtype)}${event.quantized ? ', base in 4 bits' : ''}`,
			);
			break;
		case 'xray':
			run.log(
				'info',
				`mask: loss on ${text(event.supervised)} of ${text(event.tokens)} tokens; ${text(event.tooLong)} ` +
					'pairs over the length limit are omitted',
			);
			break;
		case 'resumed':
			run.log('warn', `the trainer was killed and continues from step ${text(event.step)}`);
			break;
		case 'note':
			run.log('warn', text(event.text));
			break;
	}
}
