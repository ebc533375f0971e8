/** Runs actions in turn: those that arrive while a reply is awaited run after it, in order. */
export class Turns {
	private awaited: number | null = null;
	private readonly waiting: (() => void)[] = [];

	/** From now on every action waits until {@link ended} is called for this request. */
	wait(request: number): void {
		this.awaited = request;
	}

	take(work: () => void): void {
		this.waiting.push(work);
		this.goOn();
	}

	ended(request: number | null): void {
		this.awaited = request === this.awaited ? null : this.awaited;
		this.goOn();
	}

	private goOn(): void {
		while (this.awaited === null && this.waiting.length > 0) {
			this.waiting.shift()?.();
		}
	}
}
