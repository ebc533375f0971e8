import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { readGradingRule } from '../../core/questions/gradingRule.ts';
import { findBenchmark } from '../../core/questions/benchmark.ts';
import type { Store } from '../../core/ports/store/store.ts';

/** The project setting that holds the rules which no benchmark's own settings hold. */
const settingKey = 'grading';

/** The rules of a project, read once. A rule is data: a checker's command runs only after consent on this machine. */
export interface GradingRules {
	/** Returns the rule for questions of this benchmark, or for those of none. */
	of(benchmark: string | null): GradingRule;
	/** Every rule that is stored. */
	readonly all: ReadonlySet<GradingRule>;
}

/**
 * Reads a project's rules: a benchmark's own settings, else what an import stored for a benchmark of this name, else
 * the project's, else `math`.
 */
export async function gradingRules(store: Pick<Store, 'read'>): Promise<GradingRules> {
	const [entries, setting] = await Promise.all([
		store.read('benchmarkEntries', {}),
		store.read('setting', { key: settingKey }),
	]);
	const { rule, benchmarks } = readSetting(setting);
	const added = new Map(entries.map(({ benchmark: { name, grading } }) => [name, grading]));
	return {
		all: new Set([...added.values(), ...benchmarks.values(), ...(rule === undefined ? [] : [rule])]),
		of(name) {
			const registered = name === null ? undefined : findBenchmark(name)?.name;
			const own = [name, registered].flatMap((key) => {
				const found = key === null || key === undefined ? undefined : (added.get(key) ?? benchmarks.get(key));
				return found === undefined ? [] : [found];
			});
			return own[0] ?? rule ?? 'math';
		},
	};
}

/** Stores the rule of a benchmark, or of the project if none is named. Verdicts that are stored stay as they are. */
export async function setGradingRule(
	store: Pick<Store, 'read' | 'write'>,
	rule: GradingRule,
	benchmark: string | null,
): Promise<void> {
	const entries = await store.read('benchmarkEntries', {});
	const entry = entries.find(
		({ benchmark: { name } }) =>
			benchmark !== null && (name === benchmark || name === findBenchmark(benchmark)?.name),
	)?.benchmark;
	if (entry !== undefined) {
		await store.write('setBenchmark', { benchmark: { ...entry, grading: rule }, questions: [] });
		return;
	}
	const known = readSetting(await store.read('setting', { key: settingKey }));
	const benchmarks = benchmark === null ? known.benchmarks : new Map([...known.benchmarks, [benchmark, rule]]);
	await store.write('setSetting', {
		key: settingKey,
		value: { rule: benchmark === null ? rule : (known.rule ?? null), benchmarks: Object.fromEntries(benchmarks) },
	});
}

function readSetting(value: unknown): { rule: GradingRule | undefined; benchmarks: Map<string, GradingRule> } {
	const { rule, benchmarks } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
	const named = typeof benchmarks === 'object' && benchmarks !== null ? Object.entries(benchmarks) : [];
	return {
		rule: ruleOf(rule),
		benchmarks: new Map(
			named.flatMap(([name, text]) => {
				const found = ruleOf(text);
				return found === undefined ? [] : [[name, found]];
			}),
		),
	};
}

function ruleOf(value: unknown): GradingRule | undefined {
	return typeof value === 'string' ? readGradingRule(value) : undefined;
}
