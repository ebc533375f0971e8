import { decisionsInForce } from '../../core/curation.ts';
import type { Parts } from '../../core/ports.ts';
import type { QuestionId } from '../../core/question.ts';
import type { Repair } from '../../core/repair.ts';
import { StatError } from '../../core/run.ts';
import type { CurationAct } from '../../workflow/curate.ts';
import { curate, repairAll } from '../../workflow/curate.ts';

type Grading = Pick<Parts, 'store' | 'grader'>;

interface Step {
	readonly ids: readonly QuestionId[];
	readonly what: string;
}

const remembered = 500;

/**
 * A person's words on a queue, and taking them back: what was done at once is undone at once. Words said before the panel was
 * open are undone problem by problem.
 */
export class CurationWords {
	private readonly steps: Step[] = [];

	constructor(
		private readonly parts: Grading,
		private readonly dataset: string,
		private readonly author: () => string,
		private readonly now: () => string,
	) {}

	/** What {@link undo} would take back, in a few words; `null`: nothing done here. */
	get undoable(): string | null {
		return this.steps.at(-1)?.what ?? null;
	}

	/** Durable when it resolves; a rejected one left nothing. */
	async decide(ids: readonly QuestionId[], act: Exclude<CurationAct, { verdict: 'withdrawn' | 'edited' }>, note: string | null): Promise<number> {
		const { decided } = await curate(this.parts, { dataset: this.dataset, questionIds: ids, act, author: this.author(), note: note ?? undefined }, { now: this.now });
		if (decided > 0) {
			this.add(ids, count(act.verdict, decided));
		}
		return decided;
	}

	/** The same repair in all that match, or in one; one step to undo. */
	async repair(repair: Repair, only: QuestionId | null, signal: AbortSignal): Promise<number> {
		const { decided, items } = await repairAll(this.parts, { dataset: this.dataset, ...repair, questionIds: only === null ? undefined : [only], author: this.author(), apply: true }, { now: this.now, signal });
		if (decided > 0) {
			this.add(items.map(({ questionId }) => questionId), count('repaired', decided));
		}
		return decided;
	}

	/** Something was done to an item elsewhere (its editor, the teacher), and can be undone here. */
	add(ids: readonly QuestionId[], what: string): void {
		this.steps.push({ ids, what });
		this.steps.splice(0, Math.max(0, this.steps.length - remembered));
	}

	/** Takes the latest step back, else the latest word on the item in view; `null`: there is neither. */
	async undo(inView: QuestionId | null): Promise<Step | null> {
		const step = this.steps.at(-1) ?? (await this.latestOn(inView));
		if (!step) {
			return null;
		}
		// What somebody took back meanwhile, or what a rebuild took away, is no reason to keep the rest.
		const ids: QuestionId[] = [];
		for (let from = 0; from < step.ids.length; from += 500) {
			const found = await this.parts.store.read('itemsById', { dataset: this.dataset, ids: step.ids.slice(from, from + 500) });
			ids.push(...found.filter(({ history }) => decisionsInForce(history).length > 0).map(({ item }) => item.questionId));
		}
		if (ids.length === 0) {
			this.steps.pop();
			throw new StatError('there is nothing left to undo there');
		}
		await curate(this.parts, { dataset: this.dataset, questionIds: ids, act: { verdict: 'withdrawn' }, author: this.author() }, { now: this.now });
		this.steps.pop();
		return { ...step, ids };
	}

	private async latestOn(id: QuestionId | null): Promise<Step | null> {
		const found = id === null ? null : await this.parts.store.read('item', { dataset: this.dataset, questionId: id });
		return found?.decision ? { ids: [found.item.questionId], what: found.decision.verdict } : null;
	}
}

function count(what: string, times: number): string {
	return times === 1 ? what : `${times.toLocaleString('en')} ${what}`;
}

