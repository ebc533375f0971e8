import type { Budget } from '../../core/ports/budget.ts';
import type { Neighbour } from '../../core/datasets/neighbours.ts';
import { queriesAtOnce, VectorSearch, WordSearch } from '../../core/datasets/neighbours.ts';
import { compareText } from '../../core/text/order.ts';
import type { NeighbourFacts } from '../../core/datasets/paperPreset.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { MissingSkills } from '../../core/diagnosis/diagnosis.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { chooseDifficult } from '../../core/datasets/selection.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { BuildOptions } from './buildOptions.ts';
import type { Plan } from '../asking/plan.ts';
import type { Scope } from '../../core/scope.ts';
import { askTeacher, planCalls } from '../asking/askTeacher.ts';
import type { Classified } from '../difficulty/classify.ts';
import { difficultQuestions } from '../difficulty/classify.ts';
import { ownOrder } from '../asking/shuffled.ts';
import { inChunks, questionChunks, questionsWithIds } from '../reading/chunks.ts';
import type { ProfiledOn } from '../questions/profiledOn.ts';
import { profiledOn } from '../questions/profiledOn.ts';
import { resolveScope } from '../reading/scope.ts';

/** The inputs of Embed-Sel and Embed-Syn (C.2): the difficult questions and all training questions, both by id. */
export interface EmbedInputs {
	readonly scope: Scope;
	readonly classification: Classified;
	readonly profiledOn: ProfiledOn;
	readonly missing: readonly MissingSkills[];
	/**
	 * Whether the difficult questions are the ones that STAT-Sel uses; if nothing has been diagnosed, they are all the
	 * difficult questions.
	 */
	readonly fromMissing: boolean;
	readonly difficult: readonly Question[];
	readonly training: readonly Question[];
}

export interface Neighbourhoods {
	/** The neighbours of each difficult question, in order of the questions' ids; nearest neighbour first. */
	readonly near: readonly { readonly questionId: QuestionId; readonly nearest: readonly QuestionId[] }[];
	readonly facts: NeighbourFacts;
	/** Number of texts embedded (and paid for) in this run; 0 if the neighbours are lexical. */
	readonly calls: number;
	readonly cost: number | null;
}

/** The search yields after this many milliseconds, because it shares the editor's thread. */
const turn = 30;

/** Reads the inputs. Throws if there are no difficult questions or no training questions. */
export async function embedInputs(
	parts: Parts,
	options: Pick<BuildOptions, 'scope' | 'benchmark'>,
	settings: { readonly seed: number; readonly difficult: number; readonly preset: 'paper' | null },
	run: Run,
): Promise<EmbedInputs> {
	const { store } = parts;
	const scope = options.scope ?? (await resolveScope(store, {}));
	const { student, round } = scope;
	const classification = await difficultQuestions(
		parts,
		scope,
		run,
		settings.preset === 'paper' ? 'reward' : undefined,
	);
	const on = await profiledOn(store, scope, options.benchmark);
	const missing = (await store.read('missingSkills', { student, round })).filter(({ questionId }) =>
		on.has(questionId),
	);
	const withSkills = missing.filter(({ skills }) => skills.length > 0);
	// Test questions are for reports, not for builds.
	const all =
		withSkills.length > 0
			? withSkills.map(({ questionId }) => questionId)
			: [...(await questionsWithIds(store, classification.ids)).values()]
					.filter(({ id, split }) => split === 'validation' && on.has(id))
					.map(({ id }) => id);
	if (all.length === 0) {
		throw on.benchmark === null
			? new StatError('datasets.noDifficult', { student, round })
			: new StatError('datasets.noDifficultOf', { student, round, benchmark: on.benchmark });
	}
	const chosen = chooseDifficult(
		all.map((questionId) => ({ questionId })),
		settings.seed,
		settings.difficult,
	).map(({ questionId }) => questionId);
	const training: Question[] = [];
	for await (const chunk of questionChunks(store, 'train')) {
		throwIfCancelled(run);
		training.push(...chunk);
		run.progress({ label: 'Reading questions', done: training.length });
	}
	if (training.length === 0) {
		throw new StatError('questions.noTraining', {});
	}
	const difficult = [...(await questionsWithIds(store, chosen)).values()].sort((left, right) =>
		compareText(left.id, right.id),
	);
	return { scope, classification, profiledOn: on, missing, fromMissing: withSkills.length > 0, difficult, training };
}

/** Estimates the cost of finding the neighbours. */
export async function planNeighbours(parts: Parts, { difficult, training }: EmbedInputs): Promise<Plan> {
	const { embedder } = parts;
	if (!embedder) {
		return {
			calls: 0,
			cached: 0,
			tokens: { input: 0, output: 0 },
			cost: 0,
			rows: 0,
			notes: ['nearness is lexical (cosine of weighed words): no embedding model is set'],
		};
	}
	const plan = await planCalls(embedder, [...embedCalls([...difficult, ...training])], 0);
	return {
		...plan,
		notes: [
			`${plan.rows - plan.cached} texts to embed with ${embedder.model} at ${embedder.endpoint}, many in a ` +
				`request${plan.cached > 0 ? `; ${plan.cached} are embedded already` : ''}`,
		],
	};
}

/**
 * Finds the `nearest` training questions of each difficult question: by embeddings or, without an embedder, by words,
 * which is reported. Every embedding is on disk before it counts, filed under its model and text, so it is paid for
 * only once. A question without an embedding is set aside and is nobody's neighbour.
 */
export async function findNeighbours(
	parts: Parts,
	inputs: EmbedInputs,
	options: { readonly name: string; readonly nearest: number; readonly budget: Budget | undefined },
	run: Run,
): Promise<Neighbourhoods> {
	const { difficult, training, fromMissing } = inputs;
	const { nearest } = options;
	if (!parts.embedder) {
		run.log('info', 'nearness is lexical (cosine of weighed words), not by embeddings');
		const search = new WordSearch(training.map(({ text }) => text));
		const near = await searchAll(
			difficult,
			'Finding neighbours by words (lexical)',
			(some) => some.map(({ text }) => search.nearest(text, nearest)),
			training,
			run,
		);
		return { near, facts: { model: null, nearest, fromMissing, unembedded: 0 }, calls: 0, cost: 0 };
	}
	const places = new Map(training.map(({ id }, index) => [id, index]));
	const search = new VectorSearch(training.length);
	const queries = new Map<QuestionId, Float32Array>();
	const toEmbed = new Map([...difficult, ...training].map((question) => [question.id, question]));
	let numbers = 0;
	const result = await askTeacher(
		{ ...parts, teacher: parts.embedder },
		{
			operation: `build ${options.name}`,
			label: 'Embedding',
			calls: embedCalls(ownOrder([...toEmbed.values()], run)),
			total: toEmbed.size,
			parse: (text) => parts.replies.parseEmbedding(text),
			keyOf: ({ about }) => `embed/${about}`,
			row: ({ call: { about }, value }) => {
				numbers = numbers === 0 ? value.length : numbers;
				if (value.length !== numbers) {
					throw new StatError('datasets.embeddingsDiffer', {
						model: parts.embedder?.model ?? '',
						numbers,
						other: value.length,
					});
				}
				const place = places.get(about);
				if (place === undefined) {
					queries.set(about, value);
				} else {
					search.set(place, value);
				}
			},
			// Nothing to write: the replies themselves are stored.
			write: async () => {},
			budget: options.budget,
		},
		run,
	);
	if (result.overBudget > 0) {
		throw new StatError('asking.budgetUsedUp', { done: result.succeeded, total: toEmbed.size });
	}
	const known = difficult.filter(({ id }) => queries.has(id));
	const near = await searchAll(
		known,
		'Finding neighbours',
		(some) =>
			search.nearest(
				some.flatMap(({ id }) => queries.get(id) ?? []),
				nearest,
			),
		training,
		run,
	);
	return {
		near,
		facts: { model: parts.embedder.model, nearest, fromMissing, unembedded: result.failures.length },
		calls: result.calls,
		cost: result.cost,
	};
}

/** Yields one call per question. The text is embedded unchanged, without a prompt. */
function* embedCalls(questions: readonly Question[]): Generator<TeacherCall> {
	for (const { id, text } of questions) {
		yield {
			task: 'embed',
			about: id,
			messages: [{ role: 'user', content: text }],
			sampling: {},
			sample: 0,
			promptVersion: 'embed@1',
		};
	}
}

async function searchAll(
	difficult: readonly Question[],
	label: string,
	find: (some: readonly Question[]) => readonly (readonly Neighbour[])[],
	training: readonly Question[],
	run: Run,
): Promise<Neighbourhoods['near']> {
	const near: { questionId: QuestionId; nearest: QuestionId[] }[] = [];
	let until = Date.now() + turn;
	for (const some of inChunks(difficult, queriesAtOnce)) {
		const found = find(some);
		some.forEach(({ id }, at) =>
			near.push({ questionId: id, nearest: (found[at] ?? []).flatMap(({ index }) => training[index]?.id ?? []) }),
		);
		if (Date.now() >= until) {
			run.progress({ label, done: near.length, total: difficult.length });
			await new Promise((resolve) => setImmediate(resolve));
			throwIfCancelled(run);
			until = Date.now() + turn;
		}
	}
	return near;
}
