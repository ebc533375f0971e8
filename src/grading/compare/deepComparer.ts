import { Worker } from 'node:worker_threads';
import type { Grade } from '../../core/ports/grader.ts';
import { unsure } from './sameValue.ts';

interface Task {
	readonly gold: string;
	readonly answer: string;
	readonly done: (grade: Grade) => void;
}

/**
 * Compares costly pairs one after another in a worker thread. A pair that is not settled at the deadline is unsure:
 * its thread is killed and the next pair gets a new one.
 */
export class DeepComparer {
	private readonly script: string;
	private readonly deadline: number;
	private readonly queue: Task[] = [];
	private worker: Worker | undefined;
	private running: { readonly task: Task; readonly id: number; readonly timer: NodeJS.Timeout } | undefined;
	private nextId = 0;
	private closed = false;

	/** `script`: the bundled worker. `deadline` in milliseconds. */
	constructor(script: string, deadline: number) {
		this.script = script;
		this.deadline = deadline;
	}

	compare(gold: string, answer: string): Promise<Grade> {
		return new Promise((done) => {
			this.queue.push({ gold, answer, done });
			this.next();
		});
	}

	async dispose(): Promise<void> {
		this.closed = true;
		this.settle(unsure('cancelled'));
		this.queue.splice(0).forEach((task) => task.done(unsure('cancelled')));
		await this.worker?.terminate();
		this.worker = undefined;
	}

	private next(): void {
		if (this.running !== undefined) {
			return;
		}
		const task = this.queue.shift();
		if (task === undefined) {
			this.worker?.unref();
			return;
		}
		if (this.closed) {
			task.done(unsure('cancelled'));
			return;
		}
		const worker = this.worker ?? this.start();
		worker.ref();
		const id = this.nextId++;
		this.running = { task, id, timer: setTimeout(() => this.stop('took too long'), this.deadline) };
		worker.postMessage({ id, gold: task.gold, answer: task.answer });
	}

	private start(): Worker {
		const worker = new Worker(this.script, {
			resourceLimits: { maxOldGenerationSizeMb: 256 },
			stdout: true,
			stderr: true,
		});
		this.worker = worker;
		worker.on('message', ({ id, grade }: { id: number; grade: Grade }) => {
			if (this.running?.id === id) {
				this.settle(grade);
				this.next();
			}
		});
		const lost = (reason: string) => (): void => {
			if (this.worker === worker) {
				this.stop(reason);
			}
		};
		worker.on('error', lost('could not be worked out'));
		worker.on('exit', lost('could not be worked out'));
		return worker;
	}

	/** Kills the thread; the pair in hand is unsure. */
	private stop(reason: string): void {
		const worker = this.worker;
		this.worker = undefined;
		void worker?.terminate();
		this.settle(unsure(reason));
		this.next();
	}

	private settle(grade: Grade): void {
		const running = this.running;
		if (running !== undefined) {
			this.running = undefined;
			clearTimeout(running.timer);
			running.task.done(grade);
		}
	}
}
