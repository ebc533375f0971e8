import type { JobPanelState, Point } from '../../../../webview/job/protocol.ts';
import type { JobRecord } from '../../../core/training/job.ts';
import type { JobEvent, RecipeEvent } from '../../../core/training/jobEvent.ts';
import { JobEventReader } from '../../../core/training/jobEvent.ts';
import type { Run } from '../../../core/run.ts';
import { messageOf } from '../../../core/errors/statError.ts';
import type { SweepMember } from '../../../core/training/sweep.ts';
import { sweepOutcome } from '../../../core/training/sweep.ts';
import type { HostParts } from '../../session/projectSession.ts';

/** Maximum number of points sent to a page; if there are more, they are thinned evenly, and the last one is kept. */
const most = 3000;

/**
 * The training steps of one job. Each read continues where the last one ended, so a log of 100 MB is read only once.
 */
export class TrainingSteps {
	private readonly reader = new JobEventReader();
	private points: Point[] = [];
	/**
	 * The effective recipe, as last reported by the trainer, as labels and values. It comes from a remote machine, so
	 * it is shown as plain text.
	 */
	inForce: (readonly [string, string])[] = [];

	constructor(
		private readonly parts: HostParts,
		private readonly record: JobRecord,
	) {}

	async read(run: Run): Promise<void> {
		const { followEvents } = await import('../../../workflow/training/jobs.ts');
		for await (const event of followEvents(this.parts, this.record, false, run, this.reader)) {
			this.take(event);
		}
	}

	/** A resumed trainer repeats the steps after its checkpoint; the repeated ones replace the earlier ones. */
	private take(event: JobEvent): void {
		switch (event.kind) {
			case 'recipe':
				this.inForce = recipeRows(event);
				break;
			case 'resumed':
				this.points = this.points.filter((point) => point.step <= event.step);
				break;
			case 'step':
				if (event.step > (this.points.at(-1)?.step ?? -1)) {
					const { step, loss, lr, reward, tokensPerSecond, gpuMemory } = event;
					this.points.push({ step, loss, lr, reward, tokensPerSecond, gpuMemory });
				}
				break;
		}
	}

	get thinned(): readonly Point[] {
		const every = Math.ceil(this.points.length / most);
		return every <= 1
			? this.points
			: this.points.filter((_, at) => at % every === 0 || at === this.points.length - 1);
	}
}

/** Returns the effective recipe as labels and values. */
function recipeRows(recipe: RecipeEvent): (readonly [string, string])[] {
	const text = (value: string | number | null): string => String(value ?? '?').slice(0, 60);
	const modules = recipe.targetModules?.join(', ').slice(0, 200) ?? '?';
	const adapter = `rank ${text(recipe.rank)}, α ${text(recipe.alpha)}, dropout ${text(recipe.dropout)} on ` + modules;
	return [
		[
			'Batch',
			`${text(recipe.effectiveBatch)} (${text(recipe.batch)} × ${text(recipe.accumulation)} accumulation × ` +
				`${text(recipe.processes)} ${recipe.processes === 1 ? 'process' : 'processes'})`,
		],
		['Schedule', `${text(recipe.schedule)} from ${text(recipe.peakLr)}, ${text(recipe.warmupSteps)} warm-up steps`],
		['Optimizer', `${text(recipe.optimizer)}, weight decay ${text(recipe.weightDecay)}, clip ${text(recipe.clip)}`],
		...(recipe.rank === null ? [] : [['Adapter', adapter] as const]),
	];
}

/** Returns the current state of a job for the panel. */
export async function readJobState(
	parts: HostParts,
	record: JobRecord,
	trainingSteps: TrainingSteps,
	trusted: boolean,
	run: Run,
): Promise<JobPanelState> {
	const { jobRow } = await import('../../../workflow/training/jobs.ts');
	const job = await jobRow(parts, record, run);
	let { fresh } = job;
	try {
		await trainingSteps.read(run);
	} catch (error) {
		run.log('debug', messageOf(error));
		// The job was cleaned or its host is unreachable; what has already been read is still shown.
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
		recipeInForce: trainingSteps.inForce,
		points: trainingSteps.thinned,
		trusted,
	};
}

/** Returns the sweep of a job according to the project's records: the host is not queried about the other jobs. */
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
