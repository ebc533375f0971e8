type Joined<Parts extends readonly string[]> = Parts extends readonly [
	infer First extends string,
	...infer Rest extends readonly string[],
]
	? `${First}${Joined<Rest>}`
	: '';

/**
 * Joins the parts of a long sentence. Unlike `+` it preserves the literal type, from which the compiler reads the
 * placeholders.
 */
export function sentence<const Parts extends readonly string[]>(...parts: Parts): Joined<Parts> {
	return parts.join('') as Joined<Parts>;
}
