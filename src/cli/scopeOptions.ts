import type { Store } from '../core/ports/store/store.ts';
import type { Scope } from '../core/scope.ts';
import { resolveScope } from '../workflow/reading/scope.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** Options that select whose answers a command reads. */
export const scopeOptions = {
	student: { type: 'string', value: 'NAME', help: 'default: the only student, else the one imported last' },
	round: { type: 'string', value: 'N', help: 'default: the round imported last' },
} satisfies OptionSpecs;

/** The option shared by all commands that read the profile. */
export const benchmarkOption = {
	benchmark: {
		type: 'string',
		value: 'NAME|all',
		help:
			'only questions of this benchmark; default: the benchmark of the round ("rounds show"), else all ' +
			'questions',
	},
} satisfies OptionSpecs;

/** Returns the benchmark; `null` for all questions, whatever benchmark the round is for. */
export function benchmarkOf(values: Values<typeof benchmarkOption>): string | null | undefined {
	const name = values.text('benchmark');
	return name === 'all' ? null : name;
}

export function scopeOf(store: Pick<Store, 'read'>, values: Values<typeof scopeOptions>): Promise<Scope> {
	return resolveScope(store, { student: values.text('student'), round: values.whole('round', 1) });
}
