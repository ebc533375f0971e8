import type { JobPanelState, Point } from '../../../../webview/job/protocol.ts';
import type { JobRecord } from '../../../core/training/job.ts';
import type { Run } from '../../../core/run.ts';
import { messageOf } from '../../../core/errors/statError.ts';
import type { SweepMember } from '../../../core/training/sweep.ts';
import { sweepOutcome } from '../../../core/training/sweep.ts';
import type { HostParts } from '../../session/projectSession.ts';

/** Points a page is given at most; more are thinned evenly, the last one kept. */
const most = 3000;

/** The steps of one job, read on from where the last look ended: a log of 100 MB is read once. */
export class JobSteps {
	private offset = 0;
	private held = '';
	private points: Point[] = [];
	private readonly decoder = new TextDecoder();
	/** What the trainer last said is in force. Remote: values are shown as text. */
	inForce: (readonly [string, string])[] = [];

	constructor(
		private readonly parts: HostParts,
		private readonly record: JobRecord,
	) {}

	async read(run: Run): Promise<void> {
		const { followJob } = await import('../../../workflow/training/jobs.ts');
		for await (const bytes of followJob(
			this.parts,
			this.record,
			{ file: 'events', offset: this.offset, follow: false },
			run,
		)) {
			this.offset += bytes.length;
			const lines = (this.held + this.decoder.decode(bytes, { stream: true })).split('\n');
			this.held = lines.pop() ?? '';
			lines.forEach((line) => this.take(line));
		}
	}

	/**
	 * A resumed trainer does again what came after its checkpoint: those steps count once, as done last. Remote text:
	 * anything may be in it.
	 */
	private take(line: string): void {
		let event: Readonly<Record<string, unknown>>;
		try {
			event = JSON.parse(line) as typeof event;
		} catch {
			return;
		}
		if (event['kind'] === 'recipe') {
			this.inForce = shownOf(event);
			return;
		}
		const number = (name: string): number | null =>
			typeof event[name] === 'number' && Number.isFinite(event[name]) ? event[name] : null;
		const step = number('step');
		if (step === null) {
			return;
		}
		if (event['kind'] === 'resumed') {
			this.points = this.points.filter((point) => point.step <= step);
		} else if (event['kind'] === 'step' && step > (this.points.at(-1)?.step ?? -1)) {
			this.points.push({
				step,
				loss: number('loss'),
				lr: number('lr'),
				reward: number('reward'),
				tokensPerSecond: number('tokens_per_second'),
				gpuMemory: number('gpu_memory'),
			});
		}
	}

	get thinned(): readonly Point[] {
		const every = Math.ceil(this.points.length / most);
		return every <= 1
			? this.points
			: this.points.filter((_, at) => at % every === 0 || at === this.points.length - 1);
	}
}

/** The recipe as the running trainer has it, in words. */
function shownOf(event: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
	const text = (name: string): string =>
		typeof event[name] === 'number' || typeof event[name] === 'string' ? String(event[name]).slice(0, 60) : '?';
	const lora =
		typeof event['rank'] === 'number'
			? [
					[
						'Adapter',
						`rank ${text('rank')}, α ${text('alpha')}, dropout ${text('dropout')} on ` +
							`${Array.isArray(event['target_modules']) ? event['target_modules'].join(', ').slice(0, 200) : '?'}`,
					] as const,
				]
			: [];
	return [
		[
			'Batch',
			`${text('effective_batch')} (${text('batch')} × ${text('accumulation')} accumulation × ` +
				`${text('processes')} ${event['processes'] === 1 ? 'process' : 'processes'})`,
		],
		['Schedule', `${text('schedule')} from ${text('peak_lr')}, ${text('warmup_steps')} warm-up steps`],
		['Optimizer', `${text('optimizer')}, weight decay ${text('weight_decay')}, clip ${text('clip')}`],
		...lora,
	];
}

/** What the panel shows of a job now. */
export async function readJobState(
	parts: HostParts,
	record: JobRecord,
	steps: JobSteps,
	trusted: boolean,
	run: Run,
): Promise<JobPanelState> {
	const { jobRow } = await import('../../../workflow/training/jobs.ts');
	const job = await jobRow(parts, record, run);
	let { fresh } = job;
	try {
		await steps.read(run);
	} catch (error) {
		run.log('debug', messageOf(error));
		// Cleaned away, or its host is away: what was read stays.
		fresh &&= job.state !== 'running';
	}
	const sweep = record.sweep ? await readSweep(parts, record.sweep) : null;
	const { id, state, detail, host, recipe, dataset, model, createdAt, step, eta, fetched } = job;
	return {
		kind: 'job',
		id,
		state,
		fresh,
		detail,
		host,
		recipe,
		dataset,
		model,
		createdAt,
		step,
		steps: job.steps,
		eta,
		fetched,
		sweep,
		recipeInForce: steps.inForce,
		points: steps.thinned,
		trusted,
	};
}

/** Of the sweep a job belongs to, from what the project remembers: its host is not asked for the others. */
async function readSweep(
	{ jobs }: HostParts,
	{ id, lr }: NonNullable<JobRecord['sweep']>,
): Promise<JobPanelState['sweep']> {
	const members: SweepMember[] = [];
	for (const record of (await jobs.list()).records.filter(({ sweep }) => sweep?.id === id)) {
		const note = await jobs.note(record.id);
		members.push({
			id: record.id,
			lr: record.sweep?.lr ?? 0,
			state: note?.state ?? 'queued',
			validation: note?.validation ?? null,
		});
	}
	const { winner, summary } = sweepOutcome(members);
	const mine = members.find((member) => member.lr === lr);
	return {
		lr,
		right: mine?.validation?.right ?? null,
		questions: mine?.validation?.questions ?? null,
		winner: winner !== null && winner === mine?.id,
		summary,
	};
}
