import type {
	ChangeLine,
	Compared,
	FlipLine,
	PanelState,
	RoundLine,
	SkillLine,
} from '../../../../webview/rounds/protocol.ts';
import type { BuildMethod } from '../../../core/datasets/dataset.ts';
import { methodNames } from '../../../core/datasets/dataset.ts';
import { findingOf } from '../../../core/rounds/ledger.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { RoundEntry, RoundNode } from '../../../core/rounds/round.ts';
import { isSameRound } from '../../../core/rounds/round.ts';
import type { Run } from '../../../core/run.ts';
import { StatError } from '../../../core/errors/statError.ts';
import { skillKey, skillLabel } from '../../../core/skills/skill.ts';
import type { Scope } from '../../../core/scope.ts';
import type { CompareResult } from '../../../workflow/rounds/compare.ts';
import { compare } from '../../../workflow/rounds/compare.ts';
import type { LedgerResult } from '../../../workflow/rounds/ledger.ts';
import { ledger } from '../../../workflow/rounds/ledger.ts';
import { questionsWithIds } from '../../../workflow/reading/chunks.ts';
import { listRounds } from '../../../workflow/rounds/rounds.ts';
import type { RoundsChoice } from './roundsMessages.ts';

export interface ReadRounds {
	/** The scope in view. */
	readonly scope: Scope | null;
	readonly choice: RoundsChoice;
	readonly trusted: boolean;
	/** Holds the last comparison, so that it is not computed again until the project changes. */
	readonly cache?: Map<string, Compared> | undefined;
}

const mostFlips = 2000;

/** Reads the tree of rounds and the comparison of two of them, with the ledger if one was trained from the other. */
export async function readRoundsState(
	parts: Pick<Parts, 'store' | 'datasets'>,
	{ scope, choice, trusted, cache = new Map() }: ReadRounds,
	run: Pick<Run, 'signal'>,
): Promise<PanelState> {
	const [tree, cards] = await Promise.all([listRounds(parts), parts.datasets.list()]);
	const methods = new Map(cards.map(({ name, method }) => [name, method]));
	const lines = flat(tree, scope, methods);
	const answered = lines.filter(({ answers }) => answers > 0);
	const there = (target: Scope | null) => answered.find((line) => isSameRound(line, target));
	const after = there(choice.after) ?? there(scope) ?? answered.at(-1);
	const before =
		there(choice.before) ??
		there(parentOf(tree, after)) ??
		answered.find((line) => !isSameRound(line, after ?? null));
	const [from, to] =
		choice.after === null && choice.before === null && after && parentOf(tree, after) === null && before
			? childFirst(tree, after, before, answered)
			: [before, after];
	const { how } = choice;
	const [imported, added, questions] = await Promise.all([
		parts.store.read('benchmarks', {}),
		parts.store.read('benchmarkEntries', {}),
		parts.store.read('status', {}),
	]);
	const benchmarks = [
		...new Set([
			...imported.map(({ benchmark }) => benchmark),
			...added
				.filter((one) => one.questions.validation + one.questions.test > 0)
				.map(({ benchmark }) => benchmark.name),
		]),
	].sort();
	const splits = (['validation', 'test'] as const).filter((split) => questions.questions[split] > 0);
	const common = {
		kind: 'rounds',
		rounds: lines,
		before: scopeOf(from),
		after: scopeOf(to),
		how,
		benchmarks,
		splits,
		trusted,
	} as const;
	if (!from || !to || isSameRound(from, to)) {
		return { ...common, compared: null, problem: null };
	}
	const key = JSON.stringify([
		questions.seq,
		cards.map(({ name, sha256 }) => [name, sha256]),
		scopeOf(from),
		scopeOf(to),
		how,
	]);
	const same = cache.get(key);
	if (same) {
		return { ...common, compared: same, problem: null };
	}
	try {
		const options = { split: how.split ?? undefined, benchmark: how.benchmark ?? undefined, answers: how.answers };
		const book = isSameRound(parentOf(tree, to), from)
			? await ledger(parts, { ...options, round: { student: to.student, round: to.round } }, run)
			: null;
		const comparison = book?.comparison ?? (await compare(parts, { ...options, before: from, after: to }, run));
		const compared = await comparedOf(parts, comparison, book);
		cache.clear();
		cache.set(key, compared);
		return { ...common, compared, problem: null };
	} catch (error) {
		if (error instanceof StatError && error.kind === 'usage') {
			return { ...common, compared: null, problem: error.message };
		}
		throw error;
	}
}

/** If a base model is in view, the gain over it is shown: that of its first child that is not a control arm. */
function childFirst(
	tree: readonly RoundNode[],
	base: RoundLine,
	fallback: RoundLine,
	answered: readonly RoundLine[],
): [RoundLine, RoundLine] {
	const children =
		nodes(tree)
			.find(({ round }) => isSameRound(round, base))
			?.children.filter(({ answers }) => answers > 0) ?? [];
	const child = children.find(({ round }) => !round.control) ?? children[0];
	const line = child && answered.find((one) => isSameRound(one, child.round));
	return line ? [base, line] : [fallback, base];
}

function nodes(tree: readonly RoundNode[]): RoundNode[] {
	return tree.flatMap((node) => [node, ...nodes(node.children)]);
}

function parentOf(tree: readonly RoundNode[], scope: Scope | undefined): Scope | null {
	return nodes(tree).find(({ round }) => isSameRound(round, scope ?? null))?.round.parent ?? null;
}

function scopeOf(line: Scope | undefined): Scope | null {
	return line ? { student: line.student, round: line.round } : null;
}

function flat(
	tree: readonly RoundNode[],
	scope: Scope | null,
	methods: ReadonlyMap<string, BuildMethod>,
	depth = 0,
): RoundLine[] {
	return tree.flatMap(({ round, known, questions, answers, children }) => [
		{
			student: round.student,
			round: round.round,
			depth,
			origin: known ? roundOrigin(round, methods) : '',
			control: round.control,
			questions,
			answers,
			inView: isSameRound(round, scope),
		},
		...flat(children, scope, methods, depth + 1),
	]);
}

/** Returns, for example, `SFT on sel-r1 (STAT-Sel)`; the names are untrusted text. */
export function roundOrigin(
	{ parent, recipe, dataset, model, benchmark, note }: RoundEntry,
	methods: ReadonlyMap<string, BuildMethod>,
): string {
	const method = dataset === null ? undefined : methods.get(dataset);
	const trained = [
		recipe?.toUpperCase() ?? '',
		dataset === null
			? ''
			: `${recipe === null ? 'trained ' : ''}on ` +
				`${dataset}${method === undefined ? '' : ` (${methodNames[method]})`}`,
	]
		.filter(Boolean)
		.join(' ');
	return [
		parent === null && trained === '' ? `base${model === null ? '' : `: ${model}`}` : trained,
		benchmark === null ? '' : `meant for ${benchmark}`,
		note ?? '',
	]
		.filter(Boolean)
		.join(' · ');
}

async function comparedOf(
	parts: Pick<Parts, 'store'>,
	comparison: CompareResult,
	book: LedgerResult | null,
): Promise<Compared> {
	const {
		overall,
		benchmarks,
		subjects,
		levels,
		skills,
		flips,
		unsure,
		onlyBefore,
		onlyAfter,
		unlabelled,
		split,
		validation,
	} = comparison;
	const several = <T extends ChangeLine['change']>(rows: readonly T[], name: (row: T) => string): ChangeLine[] =>
		rows.length > 1 ? rows.map((row) => ({ name: name(row), change: row })) : [];
	const right = flips.filter(({ to }) => to === 'right').length;
	const first = [
		...flips.filter(({ to }) => to === 'right').slice(0, mostFlips / 2),
		...flips.filter(({ to }) => to === 'wrong').slice(0, mostFlips / 2),
	];
	const texts = await questionsWithIds(
		parts.store,
		first.map(({ questionId }) => questionId),
	);
	const ledgerLines = book?.skills.map((row): SkillLine => ({
		subject: row.subject,
		name: row.name,
		missed: row.missed,
		gap: row.gap,
		rows: row.rows,
		cost: row.cost,
		change: row.gain,
		finding: row.finding,
		fruitless: row.fruitless,
		controls: row.controls.map(({ gain, over, finding }) => ({ gain: gain?.delta ?? null, over, finding })),
	}));
	const plain = skills.map((change): SkillLine => ({
		subject: change.subject,
		name: change.name,
		missed: change.missed,
		gap: null,
		rows: 0,
		cost: null,
		change,
		finding: findingOf(change),
		fruitless: false,
		controls: [],
	}));
	const left = [
		unsure > 0 ? `${unsure} without a sure verdict` : '',
		onlyBefore + onlyAfter > 0 ? `${onlyBefore + onlyAfter} answered in one round only` : '',
	]
		.filter(Boolean)
		.join(', ');
	return {
		lines: [
			{ name: 'all', change: overall },
			...several(benchmarks, ({ benchmark }) => benchmark ?? 'no benchmark'),
			...several(subjects, ({ subject }) => skillLabel(subject ?? 'no subject')),
			...several(levels, ({ level }) => (level === null ? 'no level' : `level ${level}`)),
		],
		skills: [...new Map((ledgerLines ?? plain).map((line) => [skillKey(line), line])).values()],
		isLedger: book !== null,
		dataset: book?.dataset?.card.name ?? null,
		controls:
			book?.controls.map(({ round, equalSize }) => ({
				name: `${round.student === book.round.student ? '' : `${round.student}, `}round ${round.round}`,
				equalSize,
			})) ?? [],
		family: skills.length,
		flips: first.map(({ questionId, to, subject, level }): FlipLine => ({
			questionId,
			to,
			subject,
			level,
			title: (texts.get(questionId)?.text ?? questionId).replace(/\s+/gu, ' ').slice(0, 200),
		})),
		right,
		wrong: flips.length - right,
		split,
		validation,
		leftOut: [
			left === '' ? '' : `left out: ${left}`,
			unlabelled > 0 ? `${unlabelled} in no skill's row: nothing labels them` : '',
		]
			.filter(Boolean)
			.join(' · '),
	};
}
