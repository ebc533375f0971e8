import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { messageOf, StatError } from '../../core/errors/statError.ts';
import type { Tier } from '../../core/ports/tier.ts';

const price = z.number().min(0).max(100_000);
const share = z.number().min(0).max(100);
const pattern = z.string().min(1).max(200);
const factsSchema = z.strictObject({
	/** One or several model names, in which `*` stands for any run of characters and `?` for one character. */
	match: z.union([pattern, z.array(pattern).min(1).max(50)]),
	/** USD per million tokens. */
	input: price.optional(),
	cachedInput: price.optional(),
	output: price.optional(),
	/** By which these prices are multiplied for batches and `service_tier`s. */
	tiers: z.strictObject({ batch: share.optional(), flex: share.optional(), priority: share.optional() }).optional(),
	/** In tokens. */
	context: z.number().int().positive().optional(),
	maxOutput: z.number().int().positive().optional(),
	/** Maximum number of calls in flight. */
	concurrency: z.number().int().min(1).max(1000).optional(),
	/** Whether the model thinks in hidden tokens. Token limits are then sent as `max_completion_tokens`. */
	reasoning: z.boolean().optional(),
	noTemperature: z.boolean().optional(),
	/** For estimates: number of billed output tokens per visible token. */
	hiddenOutput: z.number().min(1).max(100).optional(),
	/** Tokens added to a prompt's limit so that thinking does not use up the tokens meant for the answer. */
	hiddenAllowance: z.number().int().min(0).max(1_000_000).optional(),
	/** The day on which the provider stops serving the model. */
	shutdown: z.iso.date().optional(),
	replacement: z.string().max(200).optional(),
	/** The day on which the prices were looked up, and where; for readers of the table. */
	checked: z.iso.date().optional(),
	source: z.string().max(500).optional(),
});
const tableSchema = z.strictObject({ asOf: z.iso.date().optional(), models: z.array(factsSchema).max(10_000) });

/** Facts about a model. They are data, never code, because prices, limits and names change. */
export type ModelFacts = Omit<z.infer<typeof factsSchema>, 'match'>;

export interface ModelTable {
	/**
	 * Returns the facts about a model, or `{}` if it is unknown. `vendor/name` is also looked up as `name`. The most
	 * specific pattern wins; a user's row overrides a built-in row, field by field.
	 */
	find(model: string): ModelFacts;
	/** The day on which the built-in rows were checked. */
	readonly asOf: string;
}

/**
 * Loads the built-in table with the user's overrides ({@link userModelsFile}, same schema). A table contains only
 * prices and limits, nothing that could redirect a call.
 * @throws StatError naming file and field.
 */
export function loadModelTable(sources: { readonly folder: string; readonly userFile: string | null }): ModelTable {
	const builtIn = readTable(path.join(sources.folder, 'models.json'));
	const user =
		sources.userFile !== null && existsSync(sources.userFile) ? readTable(sources.userFile) : { models: [] };
	return modelTable([user.models, builtIn.models], builtIn.asOf ?? '');
}

/**
 * Returns the path of the user's own rows. They are stored per user and never in a project: otherwise a stranger's
 * `.stat/` could set prices to zero and disable the budget.
 */
export function userModelsFile(): string {
	return (
		process.env['STAT_STUDIO_MODELS'] ??
		path.join(process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config'), 'stat-studio', 'models.json')
	);
}

/** Combines layers of rows; the first one wins, field by field. */
export function modelTable(
	layers: readonly (readonly (ModelFacts & { readonly match: string | readonly string[] })[])[],
	asOf = '',
): ModelTable {
	return {
		asOf,
		find(model) {
			const names = [model, model.slice(model.lastIndexOf('/') + 1)];
			const found = layers.map((rows) => {
				const fitting = rows.flatMap((row) =>
					[row.match]
						.flat()
						.filter((match) => names.some((name) => fits(match, name)))
						.map((match) => ({ row, exactness: exactness(match) })),
				);
				return fitting.sort((a, b) => b.exactness - a.exactness)[0]?.row ?? {};
			});
			const facts: ModelFacts & { match?: string | readonly string[] } = Object.assign({}, ...found.reverse());
			delete facts.match;
			return facts;
		},
	};
}

/**
 * Returns the facts with the prices of a tier. A batch or flex whose price is unknown costs the full price; the price of
 * priority, which costs more, is then unknown.
 */
export function factsAt(facts: ModelFacts, tier: Tier): ModelFacts {
	if (tier === 'default') {
		return facts;
	}
	const factor = facts.tiers?.[tier];
	if (factor === undefined) {
		return tier === 'priority' ? { ...facts, input: undefined, output: undefined } : facts;
	}
	const of = (full: number | undefined) => (full === undefined ? undefined : full * factor);
	return { ...facts, input: of(facts.input), cachedInput: of(facts.cachedInput), output: of(facts.output) };
}

/** Returns the price of one reply in USD; `null` if it is unknown. */
export function priceOf(
	facts: ModelFacts,
	usage: { readonly input: number; readonly cachedInput: number; readonly output: number },
): number | null {
	if (facts.input === undefined || facts.output === undefined) {
		return null;
	}
	const cached = Math.min(usage.cachedInput, usage.input);
	return (
		((usage.input - cached) * facts.input +
			cached * (facts.cachedInput ?? facts.input) +
			usage.output * facts.output) /
		1e6
	);
}

/** Returns a warning if the model will be shut down within 90 days of `today` (ISO), otherwise `null`. */
export function shutdownWarning(model: string, facts: ModelFacts, today: string): string | null {
	if (facts.shutdown === undefined) {
		return null;
	}
	const days = Math.round((Date.parse(facts.shutdown) - Date.parse(today)) / 86_400_000);
	if (days > 90) {
		return null;
	}
	const instead = facts.replacement ? `; ${facts.replacement} is named as its replacement` : '';
	return days < 0
		? `${model} was to be shut down on ${facts.shutdown}${instead}`
		: `${model} will be shut down on ${facts.shutdown}, in ${days} days${instead}. Replies recorded ` +
				'until then stay usable';
}

function readTable(file: string): z.infer<typeof tableSchema> {
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
	} catch (error) {
		throw new StatError('teacher.modelTable', { file, reason: messageOf(error) }, { cause: error });
	}
	const parsed = tableSchema.safeParse(value);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new StatError('teacher.modelTableField', {
			file,
			field: issue?.path.join('.') || 'the file',
			reason: issue?.message ?? 'not a model table',
		});
	}
	return parsed.data;
}

function fits(pattern: string, name: string): boolean {
	const expression = pattern
		.replace(/[.+^${}()|[\]\\]/g, '\\$&')
		.replace(/\*+/g, '.*')
		.replace(/\?/g, '.');
	return new RegExp(`^${expression}$`, 'i').test(name);
}

function exactness(pattern: string): number {
	return pattern.includes('*') || pattern.includes('?') ? pattern.length : 10_000;
}
