import type { JobPanelState, Point } from '../../../webview/job/protocol.ts';
import type { JobRecord } from '../../core/job.ts';
import type { Run } from '../../core/run.ts';
import type { HostParts } from '../projectSession.ts';

/** Points a page is given at most; more are thinned evenly, the last one kept. */
const most = 3000;

/** The steps of one job, read on from where the last look ended: a log of 100 MB is read once. */
export class JobSteps {
	private offset = 0;
	private held = '';
	private points: Point[] = [];
	private readonly decoder = new TextDecoder();

	constructor(
		private readonly parts: HostParts,
		private readonly record: JobRecord,
	) {}

	async read(run: Run): Promise<void> {
		const { followJob } = await import('../../workflow/jobs.ts');
		for await (const bytes of followJob(this.parts, this.record, { file: 'events', offset: this.offset, follow: false }, run)) {
			this.offset += bytes.length;
			const lines = (this.held + this.decoder.decode(bytes, { stream: true })).split('\n');
			this.held = lines.pop() ?? '';
			lines.forEach((line) => this.take(line));
		}
	}

	/** A resumed trainer does again what came after its checkpoint: those steps count once, as done last. Remote text: anything may be in it. */
	private take(line: string): void {
		let event: Readonly<Record<string, unknown>>;
		try {
			event = JSON.parse(line) as typeof event;
		} catch {
			return;
		}
		const number = (name: string): number | null => (typeof event[name] === 'number' && Number.isFinite(event[name]) ? event[name] : null);
		const step = number('step');
		if (step === null) {
			return;
		}
		if (event['kind'] === 'resumed') {
			this.points = this.points.filter((point) => point.step <= step);
		} else if (event['kind'] === 'step' && step > (this.points.at(-1)?.step ?? -1)) {
			this.points.push({ step, loss: number('loss'), lr: number('lr'), reward: number('reward'), tokensPerSecond: number('tokens_per_second'), gpuMemory: number('gpu_memory') });
		}
	}

	get thinned(): readonly Point[] {
		const every = Math.ceil(this.points.length / most);
		return every <= 1 ? this.points : this.points.filter((_, at) => at % every === 0 || at === this.points.length - 1);
	}
}

/** What the panel shows of a job now. */
export async function readJobState(parts: HostParts, record: JobRecord, steps: JobSteps, trusted: boolean, run: Run): Promise<JobPanelState> {
	const { jobRow } = await import('../../workflow/jobs.ts');
	const job = await jobRow(parts, record, run);
	let { fresh } = job;
	try {
		await steps.read(run);
	} catch (error) {
		run.log('debug', error instanceof Error ? error.message : String(error));
		// Cleaned away, or its host is away: what was read stays.
		fresh &&= job.state !== 'running';
	}
	const { id, state, detail, host, recipe, dataset, model, createdAt, step, eta, fetched } = job;
	return { kind: 'job', id, state, fresh, detail, host, recipe, dataset, model, createdAt, step, steps: job.steps, eta, fetched, points: steps.thinned, trusted };
}
