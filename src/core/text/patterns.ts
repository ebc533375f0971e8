/**
 * Combines several patterns into one that matches if any of them does, trying earlier ones first. The parts remain
 * literals, so that each can be read and tested for linear time (test/unit/hostile/patterns.test.ts). Their own flags
 * are ignored.
 */
export function eitherOf(patterns: readonly RegExp[], flags = ''): RegExp {
	return new RegExp(patterns.map(({ source }) => source).join('|'), flags);
}

/** Like {@link eitherOf}, but matches only at the beginning of a text. */
export function startsWith(patterns: readonly RegExp[], flags = ''): RegExp {
	return new RegExp(`^(?:${eitherOf(patterns).source})`, flags);
}
