import * as z from 'zod';

/** An evaluation's options. */
export interface EvaluateChoices {
	by?: 'endpoint' | 'host' | undefined;
	url?: string | undefined;
	host?: string | undefined;
	model?: string | undefined;
	student?: string | undefined;
	round?: number | undefined;
	benchmarks?: readonly string[] | undefined;
	/** `undefined`: each benchmark's own. */
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
 * Options that a keybinding, a link or another extension passes to the command. `undefined`: none (a tree's node, or
 * nothing), so a person is asked; `null`: invalid ones. Whatever they name is still to be confirmed.
 */
export function callerChoices(argument: unknown): EvaluateChoices | null | undefined {
	if (typeof argument !== 'object' || argument === null || !('benchmarks' in argument)) {
		return undefined;
	}
	return shape.safeParse(argument).data ?? null;
}
