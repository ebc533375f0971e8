import { formatCount } from '../../../core/text/formatNumber.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { Repair } from '../../../core/curation/repair.ts';
import type { Run } from '../../../core/run.ts';
import { StatError } from '../../../core/errors/statError.ts';
import type { CurationAct } from '../../../workflow/curation/curate.ts';
import { curate, undoDecisions } from '../../../workflow/curation/curate.ts';
import type { Curated } from '../../../workflow/curation/decideInWrites.ts';
import type { Repaired } from '../../../workflow/curation/repairAll.ts';
import { repairAll } from '../../../workflow/curation/repairAll.ts';

type Grading = Pick<Parts, 'store' | 'grader' | 'datasets'>;
type Going = Pick<Run, 'signal' | 'progress'>;

interface UndoEntry {
	readonly ids: readonly QuestionId[];
	readonly what: string;
}

const remembered = 500;

/**
 * A user's decisions on a queue, and their undo: decisions made in one step are undone in one step. Decisions made
 * before the panel was opened are undone one problem at a time.
 */
export class Decisions {
	private readonly undoStack: UndoEntry[] = [];

	constructor(
		private readonly parts: Grading,
		private readonly dataset: string,
		private readonly author: () => string,
		private readonly now: () => string,
	) {}

	/** Briefly describes what {@link undo} would undo; `null` if nothing was done here. */
	get undoable(): string | null {
		return this.undoStack.at(-1)?.what ?? null;
	}

	/** Number of problems that the undo affects. */
	get undoableCount(): number {
		return this.undoStack.at(-1)?.ids.length ?? 0;
	}

	/**
	 * Resolves once the decision is on disk. If it is cancelled or fails, the part already written can be undone like
	 * any other step.
	 */
	async decide(
		ids: readonly QuestionId[],
		act: Exclude<CurationAct, { verdict: 'withdrawn' | 'edited' }>,
		note: string | null,
		run: Going,
	): Promise<Curated> {
		return this.record(act.verdict, (written) =>
			curate(
				this.parts,
				{
					dataset: this.dataset,
					questionIds: ids,
					act,
					author: this.author(),
					note: note ?? undefined,
					written,
				},
				{ ...run, now: this.now },
			),
		);
	}

	/**
	 * Applies the same repair to every match, or only to the item in view, where it counts as an edit. It is one step
	 * to undo.
	 */
	async repair(repair: Repair, only: QuestionId | null, run: Going): Promise<Repaired> {
		return this.record('repaired', (written) =>
			repairAll(
				this.parts,
				{
					dataset: this.dataset,
					...repair,
					questionIds: only === null ? undefined : [only],
					seen: only !== null,
					author: this.author(),
					apply: true,
					written,
				},
				{ ...run, now: this.now },
			),
		);
	}

	private async record<T>(
		what: string,
		work: (written: (ids: readonly QuestionId[]) => void) => Promise<T>,
	): Promise<T> {
		const ids: QuestionId[] = [];
		try {
			return await work((some) => void ids.push(...some));
		} finally {
			if (ids.length > 0) {
				this.add(ids, count(what, ids.length));
			}
		}
	}

	/**
	 * Records something that was done to items elsewhere (in an item's editor, or by the teacher) so that it can be
	 * undone here.
	 */
	add(ids: readonly QuestionId[], what: string): void {
		this.undoStack.push({ ids, what });
		this.undoStack.splice(0, Math.max(0, this.undoStack.length - remembered));
	}

	/**
	 * Undoes the latest step or, if there is none, the latest decision on the item in view; returns `null` if there is
	 * neither.
	 */
	async undo(inView: QuestionId | null, run: Going): Promise<(UndoEntry & { readonly left: number }) | null> {
		const entry = this.undoStack.at(-1) ?? (await this.latestOn(inView));
		if (!entry) {
			return null;
		}
		const back = new Set<QuestionId>();
		const entryIds = new Set(entry.ids);
		let left = 0;
		try {
			// Items that a rebuild removed, or whose decision has been undone meanwhile, do not prevent the others from
			// being undone.
			const there = (await this.parts.store.read('itemIds', { dataset: this.dataset, filter: {} })).filter((id) =>
				entryIds.has(id),
			);
			({ left } = await undoDecisions(
				this.parts,
				{
					dataset: this.dataset,
					questionIds: there,
					author: this.author(),
					written: (ids) => ids.forEach((id) => back.add(id)),
				},
				{ ...run, now: this.now },
			));
			this.leave(entry, left > 0 ? there.slice(-left) : []);
		} catch (error) {
			this.leave(
				entry,
				entry.ids.filter((id) => !back.has(id)),
			);
			throw error;
		}
		if (back.size === 0 && left === 0) {
			throw new StatError('editor.nothingToDo', { problem: 'there is nothing left to undo there' });
		}
		return { ids: [...back], what: entry.what, left };
	}

	/** Keeps what remains of a step to undo; once nothing remains, the step is over. */
	private leave(entry: UndoEntry, left: readonly QuestionId[]): void {
		const at = this.undoStack.indexOf(entry);
		if (at >= 0) {
			this.undoStack.splice(at, 1, ...(left.length > 0 ? [{ ids: left, what: entry.what }] : []));
		}
	}

	private async latestOn(id: QuestionId | null): Promise<UndoEntry | null> {
		const found =
			id === null ? null : await this.parts.store.read('item', { dataset: this.dataset, questionId: id });
		return found?.decision ? { ids: [found.item.questionId], what: found.decision.verdict } : null;
	}
}

function count(what: string, times: number): string {
	return times === 1 ? what : `${formatCount(times)} ${what}`;
}
