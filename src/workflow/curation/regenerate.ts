import type { Budget } from '../../core/ports/budget.ts';
import type { ItemSolution, Remade } from '../../core/curation/curation.ts';
import { contentInForce, contentOf, itemInForce } from '../../core/curation/curation.ts';
import type { DatasetCard } from '../../core/datasets/dataset.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { referenceLines } from '../../core/ports/promptValues.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import { hashHex } from '../../core/text/hash.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { SimilarityIndex } from '../../core/text/similarityIndex.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { SynthesisFilters } from '../../core/datasets/synthesis.ts';
import { emptyYield, largestGroup, saysUnsolvable, synthesisDefaults } from '../../core/datasets/synthesis.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { Plan } from '../asking/plan.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { questionsWithIds } from '../reading/chunks.ts';
import { QuestionFilter } from '../datasets/synthesisFilters.ts';
import { dropReasons, filtersOf, knownLike, madeLike } from './wordings.ts';

export interface RegenerateOptions {
	readonly dataset: string;
	readonly questionId: QuestionId;
	/** What the new question should be like, in the user's words; at most 2,000 characters. */
	readonly hint: string;
	readonly author: string;
	readonly budget?: Budget | undefined;
}

/** `remade` is `null` if the new question failed: `why` then gives the reason, and the item is unchanged. */
export interface RegenerateResult {
	readonly remade: Remade | null;
	readonly why: string | null;
	readonly calls: number;
	readonly cost: number | null;
}

const longestHint = 2000;

/** Estimates the cost of a replacement question: one proposal, and as many solutions as the dataset was built with. */
export async function planRegenerate(parts: Parts, options: RegenerateOptions): Promise<Plan> {
	const teacher = teacherOf(parts);
	options.budget?.admit([teacher, parts.solver ?? teacher]);
	const { call, settings } = await proposal(parts, options);
	const plan = await planCalls(
		teacher,
		[call],
		parts.prompts.render('propose', { subject: '', skill: '', references: '', hint: '' }).expectedOutputTokens,
	);
	const like = makeCall(parts, 'solve', 'estimate', { question: 'x'.repeat(240) });
	const one = await (parts.solver ?? teacher).estimate(
		[like],
		parts.prompts.render('solve', { question: '' }).expectedOutputTokens,
	);
	const times = settings.solutions;
	return {
		...plan,
		calls: plan.calls + times,
		rows: 1,
		tokens: {
			input: plan.tokens.input + times * one.tokens.input,
			output: plan.tokens.output + times * one.tokens.output,
		},
		cost: plan.cost === null || one.cost === null ? null : plan.cost + times * one.cost,
	};
}

/**
 * Has the teacher write a question to replace an item, with the same skill and references, the user's hint, and the
 * dataset's own filters and agreement (sec. 2.3). A new question that passes replaces the old one and waits for a
 * decision; the old one remains in the history, and undo restores it. A new question that fails changes nothing.
 * Replies are on disk before they count.
 */
export async function regenerate(parts: Parts, options: RegenerateOptions, run: Run): Promise<RegenerateResult> {
	const teacher = teacherOf(parts);
	options.budget?.admit([teacher, parts.solver ?? teacher]);
	const { failed, ...result } = await attempt(parts, options, run);
	if (failed) {
		await countFailure(parts, options);
	}
	return result;
}

/**
 * Makes one attempt. `failed` means that all replies arrived and yielded no question. An attempt interrupted by the
 * budget or a cancel has not failed: the next one uses the stored replies.
 */
async function attempt(
	parts: Parts,
	options: RegenerateOptions,
	run: Run,
): Promise<RegenerateResult & { readonly failed: boolean }> {
	const { call, settings, item, history, references } = await proposal(parts, options);
	const operation = `regenerate ${options.dataset}`;
	let proposed: Pick<Remade, 'question' | 'replyKey' | 'model' | 'promptVersion' | 'at'> | undefined;
	const first = await askTeacher(
		parts,
		{
			operation,
			label: 'Writing a question',
			calls: [call],
			total: 1,
			parse: (text) => parts.replies.parseProposal(text),
			keyOf: ({ about, sample }) => `propose/${about}/${sample}`,
			write: async () => {},
			budget: options.budget,
			row: ({ reply, value }) =>
				void (proposed = {
					question: value.question,
					replyKey: reply.key,
					model: reply.model,
					promptVersion: reply.promptVersion,
					at: reply.at,
				}),
		},
		run,
	);
	if (!proposed) {
		return {
			remade: null,
			why: formatFailure(first, 'a question'),
			calls: first.calls,
			cost: first.cost,
			failed: first.overBudget === 0,
		};
	}
	const { question } = proposed;
	const counts = emptyYield();
	const flags = await flagsOf(parts, options.dataset, question, settings.filters, counts, run);
	if (!flags) {
		const dropped =
			(['figures', 'leaks', 'copies', 'leakTwins', 'twins'] as const).find((name) => counts[name] > 0) ??
			'copies';
		return { remade: null, why: dropReasons[dropped], calls: first.calls, cost: first.cost, failed: true };
	}
	const id = questionId(question);
	const calls = Array.from({ length: settings.solutions }, (_, sample) =>
		makeCall(parts, 'solve', id, { question }, sample),
	);
	const found: (ItemSolution | undefined)[] = [];
	const solving = parts.solver ? { ...parts, teacher: parts.solver } : parts;
	const second = await askTeacher(
		solving,
		{
			operation,
			label: 'Solving',
			calls,
			total: calls.length,
			parse: (text) => parts.replies.parseSolution(text),
			keyOf: ({ about, sample }) => `solve/${about}/${sample}`,
			write: async () => {},
			budget: options.budget,
			row: ({ call: { sample }, reply, value }) =>
				void (found[sample] = {
					sample,
					text: value,
					answer: parts.grader.extract(value).answer,
					agrees: false,
					replyKey: reply.key,
				}),
		},
		run,
	);
	const spent = {
		calls: first.calls + second.calls,
		cost: first.cost === null || second.cost === null ? null : first.cost + second.cost,
	};
	const solutions = found.filter((solution) => solution !== undefined);
	if (second.overBudget > 0) {
		return { remade: null, why: formatFailure(second, 'all solutions'), ...spent, failed: false };
	}
	const answers = solutions.map(({ answer }) => answer);
	const { agree, members } = largestGroup(answers, await parts.grader.groups(answers));
	if (agree < settings.agree) {
		return {
			remade: null,
			why:
				'solutions to the new question disagree ' +
				`(${answers.map((answer) => answer ?? 'no answer').join('; ')}): ${agree} of ` +
				`${settings.solutions}, and ${settings.agree} must agree`,
			...spent,
			failed: true,
		};
	}
	if (
		settings.filters.unsolvable === 'drop' &&
		answers.some((answer, index) => members.has(index) && saysUnsolvable(answer))
	) {
		return {
			remade: null,
			why: 'the solutions say that the new question cannot be solved',
			...spent,
			failed: true,
		};
	}
	throwIfCancelled(run);
	const remade: Remade = {
		...proposed,
		references,
		solutions: solutions.map((solution, index) => ({ ...solution, agrees: members.has(index) })),
		agreement: { agree, of: settings.solutions },
		flags,
		hint: options.hint.trim(),
	};
	await parts.store.write('decideItems', {
		rows: [
			{
				dataset: options.dataset,
				questionId: options.questionId,
				verdict: 'regenerated',
				reason: null,
				note: null,
				before: contentInForce(item, history),
				after: contentOf(remade),
				made: remade,
				author: options.author,
				at: run.now(),
			},
		],
	});
	return { remade, why: null, ...spent, failed: false };
}

interface RegenerateSettings {
	readonly solutions: number;
	readonly agree: number;
	readonly filters: SynthesisFilters;
}

/**
 * Returns the call for the new question. Repeating a hint sends a new request, because identical messages are
 * distinguished by their sample.
 */
async function proposal(parts: Parts, { dataset, questionId: id, hint }: RegenerateOptions) {
	const wish = hint.trim();
	if (wish === '' || wish.length > longestHint) {
		throw wish === ''
			? new StatError('curation.noHint', {})
			: new StatError('curation.longHint', { most: longestHint });
	}
	const found = await parts.store.read('item', { dataset, questionId: id });
	if (!found) {
		throw new StatError('curation.unknownProblem', { dataset, problem: id });
	}
	const { item, history } = found;
	if (!item.skill) {
		throw new StatError('curation.noSkill', { problem: id });
	}
	const texts = await questionsWithIds(parts.store, item.references);
	const references = item.references.filter((reference) => texts.has(reference));
	const { subject, name } = item.skill;
	const again =
		history.filter(({ made }) => made?.hint === wish).length +
		((await failuresOf(parts, dataset, id))[hashHex(wish)] ?? 0);
	const values = {
		subject: subject === '' ? 'any' : subject,
		skill: name,
		references: referenceLines(references.map((reference) => texts.get(reference) ?? { text: '' })),
		hint:
			`${wish}\nIt takes the place of this question, which is not wanted: ` +
			`${itemInForce(item, history).question}`,
	};
	const call: TeacherCall = makeCall(
		parts,
		'propose',
		`${item.forQuestion ?? item.questionId}/${skillKey(item.skill)}/hint-${history.filter(({ verdict }) => verdict === 'regenerated').length}`,
		values,
		again,
	);
	return { call, item, history, references, settings: settingsOf(await parts.datasets.card(dataset)) };
}

/** Returns the key of the setting that counts failed attempts to replace an item, by the hash of their hint. */
const failuresKey = (dataset: string, id: QuestionId): string => `regenerate/${dataset}/${id}`;

async function failuresOf(
	{ store }: Pick<Parts, 'store'>,
	dataset: string,
	id: QuestionId,
): Promise<Readonly<Record<string, number>>> {
	const value = await store.read('setting', { key: failuresKey(dataset, id) });
	const counts = typeof value === 'object' && value !== null ? Object.entries(value as Record<string, unknown>) : [];
	return Object.fromEntries(
		counts.filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && Number(entry[1]) > 0),
	);
}

/**
 * Counts a failed attempt. Its replies are stored, and the same hint would find them again; with the count, the next
 * attempt sends new requests.
 */
async function countFailure(
	parts: Pick<Parts, 'store'>,
	{ dataset, questionId: id, hint }: RegenerateOptions,
): Promise<void> {
	const counts = await failuresOf(parts, dataset, id);
	const key = hashHex(hint.trim());
	await parts.store.write('setSetting', {
		key: failuresKey(dataset, id),
		value: { ...counts, [key]: (counts[key] ?? 0) + 1 },
	});
}

/** Returns the dataset's settings, with defaults for those missing from its card. */
function settingsOf(card: DatasetCard): RegenerateSettings {
	const whole = (name: string, fallback: number): number => {
		const value = card.settings[name];
		return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= 100 ? value : fallback;
	};
	const solutions = whole('solutions', synthesisDefaults.solutions);
	return { solutions, agree: Math.min(solutions, whole('agree', synthesisDefaults.agree)), filters: filtersOf(card) };
}

/**
 * Returns the flags of one question, using only the filters that need no teacher. Indexes only similar questions, so it
 * needs one pass and little memory.
 */
async function flagsOf(
	parts: Parts,
	dataset: string,
	question: string,
	filters: SynthesisFilters,
	counts: ReturnType<typeof emptyYield>,
	run: Run,
) {
	const itself = new SimilarityIndex();
	itself.add('', question);
	const isLike = (text: string): boolean => itself.resembles(text);
	const made = await madeLike(parts, dataset, isLike, run);
	return new QuestionFilter(filters, await knownLike(parts, isLike, run), made, counts).flagsOf(question);
}

function formatFailure(
	{
		failures,
		overBudget,
	}: {
		readonly failures: readonly { readonly failure: { readonly kind: string; readonly message: string } }[];
		readonly overBudget: number;
	},
	what: string,
): string {
	if (overBudget > 0) {
		return `the budget is used up before ${what} came; what came is stored: run it again with a larger one`;
	}
	const [first] = failures;
	const reason = first ? `: ${first.failure.kind}: ${first.failure.message}` : '';
	return `the teacher gave no usable reply${reason}`;
}
