import { TransportError } from '../../core/ports/transport.ts';

/**
 * Returns the delay in milliseconds for exponential back-off with jitter: `first`, twice that, and so on up to a
 * minute, each ±25%.
 */
export function retryDelay(failures: number, first: number): number {
	return Math.min(60_000, first * 2 ** (failures - 1)) * (0.75 + 0.5 * Math.random());
}

/**
 * Stops everything in one run at once, whether or not the awaited work supports cancellation. (In Node 20,
 * AbortSignal.any would keep every call's signal alive as long as its parent.)
 */
export class Stopper {
	private readonly running = new Set<AbortController>();
	private isStopped = false;
	private readonly onAbort = () => this.stop();

	constructor(
		private readonly signals: readonly AbortSignal[],
		private readonly stopping: () => void,
	) {
		for (const signal of signals) {
			signal.addEventListener('abort', this.onAbort, { once: true });
		}
		this.isStopped = signals.some((signal) => signal.aborted);
	}

	get stopped(): boolean {
		return this.isStopped;
	}

	/** Rejects as soon as the run is stopped; otherwise settles like `work`. */
	race<R>(work: Promise<R> | ((signal: AbortSignal) => Promise<R>)): Promise<R> {
		const controller = new AbortController();
		if (this.isStopped) {
			controller.abort();
		}
		this.running.add(controller);
		return new Promise<R>((resolve, reject) => {
			const stop = () => reject(new TransportError('transient', 'cancelled'));
			controller.signal.addEventListener('abort', stop, { once: true });
			if (controller.signal.aborted) {
				stop();
			}
			(typeof work === 'function' ? work(controller.signal) : work)
				.then(resolve, reject)
				.finally(() => this.running.delete(controller));
		});
	}

	stop(): void {
		for (const signal of this.signals) {
			signal.removeEventListener('abort', this.onAbort);
		}
		if (!this.isStopped) {
			this.isStopped = true;
			this.stopping();
		}
		for (const controller of this.running) {
			controller.abort();
		}
		this.running.clear();
	}
}
