import * as z from 'zod';

/** The user's choices for an evaluation. */
export interface EvaluateChoices {
	by?: 'endpoint' | 'host' | undefined;
	url?: string | undefined;
	host?: string | undefined;
	model?: string | undefined;
	student?: string | undefined;
	round?: number | undefined;
	benchmarks?: readonly string[] | undefined;
	/** `undefined`: each benchmark's own number. */
	samples?: number | undefined;
	temperature?: number | undefined;
	ownSettings?: boolean | undefined;
}

const name = z.string().min(1).max(500);
const common = {
	model: name,
	student: z.string().min(1).max(200).optional(),
	round: z.int().min(1).max(1_000_000).optional(),
	benchmarks: z.array(name).min(1).max(100),
	samples: z.int().min(1).max(100_000).optional(),
	temperature: z.number().min(0).max(10).optional(),
};
const shape = z.discriminatedUnion('by', [
	z.object({
		by: z.literal('endpoint'),
		url: z
			.string()
			.max(2000)
			.regex(/^https?:\/\//i),
		...common,
	}),
	z.object({ by: z.literal('host'), host: z.string().min(1).max(255), ...common }),
]);

/**
 * Returns options that a keybinding, a link or another extension passes to the command. `undefined`: there are none
 * (the argument is a tree node, or missing), so the user is asked; `null`: they are invalid. Whatever they name must
 * still be confirmed.
 */
export function callerChoices(argument: unknown): EvaluateChoices | null | undefined {
	if (typeof argument !== 'object' || argument === null || !('benchmarks' in argument)) {
		return undefined;
	}
	return shape.safeParse(argument).data ?? null;
}
