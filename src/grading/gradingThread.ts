import { Worker } from 'node:worker_threads';
import type { Extracted, Grade } from '../core/ports/grader.ts';
import { unsure } from './compare/sameValue.ts';

/** A request to the thread: to compare a pair, or to read a response. */
export type Request = { readonly gold: string; readonly answer: string } | { readonly response: string };
export type Result = Grade | Extracted;

interface Task {
	readonly request: Request;
	/** Called once, with the result or with the reason why there is none. */
	readonly done: (result: Result | undefined, reason: string) => void;
}

/**
 * Processes expensive pairs and long responses one by one in a worker thread. When a task reaches its deadline, the
 * thread is killed and the next task gets a new one.
 */
export class GradingThread {
	private readonly script: string;
	private readonly deadline: number;
	private readonly queue: Task[] = [];
	private worker: Worker | undefined;
	private running: { readonly task: Task; readonly id: number; readonly timer: NodeJS.Timeout } | undefined;
	private nextId = 0;
	private closed = false;

	/** `script` is the bundled worker; `deadline` is in ms. */
	constructor(script: string, deadline: number) {
		this.script = script;
		this.deadline = deadline;
	}

	/** Resolves to unsure if the deadline passes. */
	compare(gold: string, answer: string): Promise<Grade> {
		return new Promise((done) =>
			this.add({
				request: { gold, answer },
				done: (result, reason) => done((result as Grade | undefined) ?? unsure(reason)),
			}),
		);
	}

	/** Resolves to cut off, without an answer, if the deadline passes. */
	extract(response: string): Promise<Extracted> {
		return new Promise((done) =>
			this.add({
				request: { response },
				done: (result) =>
					done((result as Extracted | undefined) ?? { answer: null, how: 'none', cutOff: true }),
			}),
		);
	}

	async dispose(): Promise<void> {
		this.closed = true;
		this.settle(undefined, 'cancelled');
		this.queue.splice(0).forEach((task) => task.done(undefined, 'cancelled'));
		await this.worker?.terminate();
		this.worker = undefined;
	}

	private add(task: Task): void {
		this.queue.push(task);
		this.next();
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
			task.done(undefined, 'cancelled');
			return;
		}
		const worker = this.worker ?? this.start();
		worker.ref();
		const id = this.nextId++;
		this.running = { task, id, timer: setTimeout(() => this.stop('took too long'), this.deadline) };
		worker.postMessage({ id, request: task.request });
	}

	private start(): Worker {
		const worker = new Worker(this.script, {
			resourceLimits: { maxOldGenerationSizeMb: 256 },
			stdout: true,
			stderr: true,
		});
		this.worker = worker;
		worker.on('message', ({ id, result }: { id: number; result: Result }) => {
			if (this.running?.id === id) {
				this.settle(result, '');
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

	/** Kills the thread; the current task gets no result. */
	private stop(reason: string): void {
		const worker = this.worker;
		this.worker = undefined;
		void worker?.terminate();
		this.settle(undefined, reason);
		this.next();
	}

	private settle(result: Result | undefined, reason: string): void {
		const running = this.running;
		if (running !== undefined) {
			this.running = undefined;
			clearTimeout(running.timer);
			running.task.done(result, reason);
		}
	}
}
