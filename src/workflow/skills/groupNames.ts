import type { Budget } from '../../core/ports/budget.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { compareText } from '../../core/text/order.ts';
import type { Run } from '../../core/run.ts';
import { askTeacher, makeCall } from '../asking/askTeacher.ts';

/** Maximum number of rounds in which groups are grouped again. */
const roundsAtMost = 8;
/** A chunk is split in half only if both halves keep at least this many names; otherwise its names stay ungrouped. */
const pageAtLeast = 4;

export interface Grouping {
	/** Maps each name to the skill it became. Every name has one. */
	readonly skillOf: ReadonlyMap<string, string>;
	readonly calls: number;
	readonly cost: number | null;
	/** Number of calls beyond the budget or without a reply; if there are any, not all names are grouped. */
	readonly unanswered: number;
}

/**
 * Has the teacher group a subject's names (stage 0, "cluster"). A long list is spread over several prompts, and the
 * resulting groups are grouped again until they fit into one prompt. If a reply cannot be parsed, its names are split
 * in half and requested again. A name left ungrouped becomes a separate skill. The same names produce the same prompts,
 * so an interrupted run repeats no call.
 */
export async function groupNames(
	parts: Parts,
	subject: string,
	names: readonly string[],
	options: { readonly chunkSize: number; readonly budget?: Budget | undefined },
	run: Run,
): Promise<Grouping> {
	let skillOf = new Map(names.map((name) => [name, name]));
	let current = [...names].sort(compareText);
	const spent = { calls: 0, cost: 0 as number | null };
	let unanswered = 0;
	let requests = 0;
	let idle = 0;
	for (let round = 0; round < roundsAtMost && current.length > 1; round++) {
		const chunks = inEvenChunks(current, options.chunkSize, round % 2 === 1);
		const wholeList = chunks.length === 1;
		const groups = new Map<string, string>();
		let open = chunks;
		let loose = 0;
		while (open.length > 0) {
			const about = new Map(
				open.map((chunk) => [
					wholeList && round === 0 ? subject || 'any' : `${subject || 'any'}/${++requests}`,
					chunk,
				]),
			);
			const again: string[][] = [];
			const answered = await askTeacher(
				parts,
				{
					operation: 'catalog groups',
					label: `Grouping ${subject === '' ? 'names' : subject.replaceAll('_', ' ')}`,
					calls: [...about].map(([name, chunk]) =>
						makeCall(parts, 'catalogCluster', name, {
							subject: subject === '' ? 'any' : subject,
							skills: chunk.join('\n'),
						}),
					),
					total: open.length,
					parse: (text, call) => parts.replies.parseClusters(text, about.get(call.about) ?? []),
					keyOf: (call) => call.about,
					row: ({ value }) => value,
					write: async (rows) => {
						for (const { clusters, missing } of rows) {
							clusters.forEach(({ name, members }) =>
								members.forEach((member) => groups.set(member, name)),
							);
							loose += missing.length;
						}
					},
					budget: options.budget,
				},
				run,
			);
			spent.calls += answered.calls;
			spent.cost = spent.cost === null || answered.cost === null ? null : spent.cost + answered.cost;
			unanswered += answered.overBudget;
			for (const { about: name, failure } of answered.failures) {
				const chunk = about.get(name) ?? [];
				if (failure.kind !== 'malformed') {
					unanswered += 1;
				} else if (chunk.length >= 2 * pageAtLeast) {
					again.push(chunk.slice(0, Math.ceil(chunk.length / 2)), chunk.slice(Math.ceil(chunk.length / 2)));
				}
			}
			open = again;
		}
		if (unanswered > 0) {
			return { skillOf, ...spent, unanswered };
		}
		skillOf = new Map([...skillOf].map(([name, skill]) => [name, groups.get(skill) ?? skill]));
		const next = [...new Set(skillOf.values())].sort(compareText);
		idle = next.length < current.length ? 0 : idle + 1;
		if ((wholeList && (loose === 0 || idle > 0)) || idle > 1) {
			break;
		}
		current = next;
	}
	return { skillOf, ...spent, unanswered };
}

/**
 * Splits names into chunks of about equal length, at most `size`. Neighbours stay together (they share words). With
 * `dealt`, they are spread over the chunks instead, so that names from different chunks come together.
 */
function inEvenChunks(names: readonly string[], size: number, dealt: boolean): string[][] {
	const count = Math.ceil(names.length / Math.max(2, size));
	const chunks = Array.from({ length: count }, (): string[] => []);
	names.forEach((name, index) =>
		chunks[dealt ? index % count : Math.floor((index * count) / names.length)]?.push(name),
	);
	return chunks;
}
