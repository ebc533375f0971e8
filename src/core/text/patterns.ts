/**
 * One pattern from several: matches where any of them does, the earlier ones first. The parts stay literals, so that
 * each can be read, and is tested for linear time (test/unit/hostile/patterns.test.ts). Their own flags are ignored.
 */
export function eitherOf(patterns: readonly RegExp[], flags = ''): RegExp {
	return new RegExp(patterns.map(({ source }) => source).join('|'), flags);
}

/** As {@link eitherOf}, but only at the start of a text. */
export function startsWith(patterns: readonly RegExp[], flags = ''): RegExp {
	return new RegExp(`^(?:${eitherOf(patterns).source})`, flags);
}
