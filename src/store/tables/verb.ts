import type * as z from 'zod';
import { StatError } from '../../core/errors/statError.ts';
import type { Topic } from '../../core/ports/store/store.ts';
import type { Sql } from '../engine/sql.ts';
import type { Texts } from '../engine/texts.ts';

/** What a verb or query works on. */
export interface Context {
	readonly db: Sql;
	readonly texts: Texts;
	/** Number of the record that is being written or replayed. */
	readonly seq: number;
	/** Whether a record is being replayed. The record is sound, so a damaged text must not make it fail. */
	readonly isReplay?: boolean;
}

/** Milliseconds after which repeatable writes are synced. */
export const syncAfter = 500;

/** A verb as the engine sees it. */
export interface Verb {
	readonly topics: readonly Topic[];
	/**
	 * Whether what it wrote can be obtained again. Then it is confirmed once it survives the end of the process, and is
	 * safe from a power failure within {@link syncAfter} and the time of a sync.
	 */
	readonly isRepeatable: boolean;
	/** Checks a caller's params; throws a StatError that names the field. */
	check(params: unknown): unknown;
	/**
	 * Applies checked params. `record`: what the journal needs in order to apply them again, or `null` if nothing
	 * changed.
	 */
	write(context: Context, params: unknown): { result: unknown; record: unknown };
	/**
	 * Applies a journal record; throws if it is not one. Rows about unknown questions are skipped, so that a lost
	 * record does not affect others.
	 */
	replay(context: Context, record: unknown): void;
}

/** Ties a verb's types together and hides them. */
export function defineVerb<Params, Record, Result>(
	name: string,
	topics: readonly Topic[],
	verb: {
		readonly params: z.ZodType<Params>;
		/**
		 * A fast check for params that are clearly valid, for use if the schema would take most of the time. It must
		 * never accept what the schema refuses.
		 */
		readonly isPlainlyRight?: (params: unknown) => params is Params;
		readonly record: z.ZodType<Record>;
		readonly write: (context: Context, params: Params) => { result: Result; record: Record | null };
		readonly replay: (context: Context, record: Record) => void;
		/** See {@link Verb.isRepeatable}. */
		readonly isRepeatable?: boolean;
	},
): Verb {
	return {
		topics,
		isRepeatable: verb.isRepeatable === true,
		check: (params) => (verb.isPlainlyRight?.(params) ? params : checked(name, verb.params, params)),
		write: (context, params) => verb.write(context, params as Params),
		replay: (context, record) => verb.replay(context, checked(name, verb.record, record)),
	};
}

/**
 * Parses a value, or throws an error of one line, such as `addAnswers: rows[3].samples[0].text: Invalid input: expected
 * string, received number`.
 */
export function checked<T>(name: string, schema: z.ZodType<T>, value: unknown): T {
	const parsed = schema.safeParse(value);
	if (parsed.success) {
		return parsed.data;
	}
	const issue = parsed.error.issues[0];
	const where = (issue?.path ?? [])
		.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
		.join('')
		.replace(/^\./, '');
	throw new StatError('store.input', {
		operation: name,
		reason: `${where ? `${where}: ` : ''}${issue?.message ?? 'invalid'}`,
	});
}
