import { Budget } from '../core/ports/budget.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** Options that limit what a command may spend; all its requests together stay within both. */
export const budgetOptions = {
	budget: { type: 'string', value: 'USD', help: 'budget of this run in USD (or in calls if the price is unknown)' },
	'budget-calls': { type: 'string', value: 'N', help: 'budget of this run in calls' },
} satisfies OptionSpecs;

type BudgetValues = Values<typeof budgetOptions>;

/** Returns the budget of one command. */
export function budgetOf(values: BudgetValues): Budget {
	return new Budget(limitsOf(values));
}

function limitsOf(values: BudgetValues): { readonly usd: number | undefined; readonly calls: number | undefined } {
	return { usd: values.positive('budget'), calls: values.whole('budget-calls', 1) };
}

/** Formats the limits for a step whose price is known or not, e.g. `, at most $2.00, at most 300 calls`. */
export function formatLimits(values: BudgetValues, hasPrice: boolean): string {
	const { usd, calls } = limitsOf(values);
	const inCalls = calls ?? (hasPrice ? undefined : usd);
	const limits = [
		...(usd !== undefined && hasPrice ? [formatCost(usd)] : []),
		...(inCalls === undefined ? [] : [`${inCalls} calls`]),
	];
	return limits.map((limit) => `, at most ${limit}`).join('');
}
