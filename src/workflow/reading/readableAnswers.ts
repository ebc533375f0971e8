import type { Answer } from '../../core/questions/answer.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { Scope } from '../../core/scope.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SetAsideRow } from '../../core/ports/store/setAside.ts';
import type { Store } from '../../core/ports/store/store.ts';
import { setAsideKeys } from '../asking/setAsideKeys.ts';

/** Reads the answers of many questions. A question whose answers are damaged is set aside, and the others go on. */
export class ReadableAnswers {
	private readonly damaged = new Map<QuestionId, string>();
	private readonly sound = new Set<QuestionId>();

	constructor(
		private readonly store: Pick<Store, 'read' | 'write'>,
		private readonly scope: Scope,
	) {}

	/** The answers to a question, or none if one of them cannot be read. */
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

	/** Questions with answers that could not be read, and why. */
	get unreadable(): ReadonlyMap<QuestionId, string> {
		return this.damaged;
	}

	/** For a plan: what will be set aside instead of sent. */
	get notes(): readonly string[] {
		const [reason] = this.damaged.values();
		return reason === undefined
			? []
			: [`${this.damaged.size} questions have damaged answers and will be set aside, not sent: ${reason}`];
	}

	/** Sets the unreadable questions aside under `operation`, and takes those back that can be read again. */
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

/** Marks the rows of {@link ReadableAnswers} among those of other reasons. */
const field = 'answer';
