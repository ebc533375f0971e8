import type { Answer } from '../../core/questions/answer.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { Scope } from '../../core/scope.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SetAsideRow } from '../../core/ports/store/setAside.ts';
import type { Store } from '../../core/ports/store/store.ts';
import { setAsideKeys } from '../asking/setAsideKeys.ts';

/**
 * Reads the answers to many questions. A question whose answers are damaged is set aside, and reading continues with
 * the others.
 */
export class ReadableAnswers {
	private readonly damaged = new Map<QuestionId, string>();
	private readonly sound = new Set<QuestionId>();

	constructor(
		private readonly store: Pick<Store, 'read' | 'write'>,
		private readonly scope: Scope,
	) {}

	/** Returns the answers to a question, or none if one of them cannot be read. */
	async of(questionId: QuestionId): Promise<readonly Answer[]> {
		try {
			const { student, round } = this.scope;
			const answers = await this.store.read('answers', { student, round, questionId });
			this.sound.add(questionId);
			return answers;
		} catch (error) {
			if (
				error instanceof StatError &&
				(error.code === 'store.textDamaged' || error.code === 'store.textMissing')
			) {
				this.damaged.set(questionId, error.message);
				return [];
			}
			throw error;
		}
	}

	/** Questions whose answers could not be read, with the reason. */
	get unreadable(): ReadonlyMap<QuestionId, string> {
		return this.damaged;
	}

	/** Notes for a plan: what will be set aside instead of being sent. */
	get notes(): readonly string[] {
		const [reason] = this.damaged.values();
		return reason === undefined
			? []
			: [`${this.damaged.size} questions have damaged answers and will be set aside, not sent: ${reason}`];
	}

	/** Sets the unreadable questions aside under `operation`, and clears those that have become readable again. */
	async setAside(operation: string, run: Pick<Run, 'now' | 'log'>): Promise<void> {
		const { student, round } = this.scope;
		const keyOf = (id: QuestionId): string => `${student}/${round}/${id}`;
		const earlier = await setAsideKeys(this.store, operation, field);
		const mended = [...this.sound].map(keyOf).filter((key) => earlier.has(key));
		if (mended.length > 0) {
			await this.store.write('clearSetAside', { operation, keys: mended });
		}
		const rows = [...this.damaged].map(([id, message]): SetAsideRow => ({
			operation,
			key: keyOf(id),
			file: null,
			line: null,
			field,
			message,
			text: null,
			at: run.now(),
		}));
		if (rows.length > 0) {
			await this.store.write('setAside', { rows });
			run.log('warn', `${rows.length} questions set aside under "${operation}": ${rows[0]?.message ?? ''}`);
		}
	}
}

/** Distinguishes the rows that {@link ReadableAnswers} sets aside from those set aside for other reasons. */
const field = 'answer';
