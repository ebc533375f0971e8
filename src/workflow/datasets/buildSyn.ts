import type { CurationItem, SynthesizedQuestion } from '../../core/curation/curation.ts';
import type { ChainRow, DatasetCard, DatasetRow } from '../../core/datasets/dataset.ts';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { randomStream, smallest } from '../../core/stats/random.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { SimilarityIndex } from '../../core/text/similarityIndex.ts';
import type { SynthesisTargets } from '../../core/datasets/synthesis.ts';
import { isDry, synthesisTargets } from '../../core/datasets/synthesis.ts';
import { synthesisDeviations } from '../../core/datasets/synthesisDeviations.ts';
import type { BuildOptions, BuildResult } from './buildOptions.ts';
import { buildResult } from './buildOptions.ts';
import type { Plan } from '../asking/plan.ts';
import type { Scope } from '../../core/scope.ts';
import { makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { distinctOf, skillsOf } from './distinctRows.ts';
import { indexOfSplits } from './leakRadar.ts';
import type { MissingInputs } from './missingInputs.ts';
import { missingInputs, nothingToDraw } from './missingInputs.ts';
import type { EmbedInputs, Neighbourhoods } from './neighbours.ts';
import { embedInputs, findNeighbours, planNeighbours } from './neighbours.ts';
import { inChunks } from '../reading/chunks.ts';
import { benchmarkOnCard } from '../questions/profiledOn.ts';
import { Synthesis } from './synthesise.ts';
import type { SynSettings } from './synSettings.ts';
import { synSettingsOf } from './synSettings.ts';

interface SynInputs extends Omit<MissingInputs, 'skillMap'> {
	readonly plan: SynthesisTargets;
	/** See `Synthesis`. */
	readonly pools: ReadonlyMap<string, readonly QuestionId[]>;
	/** Only set for Embed-Syn. */
	readonly neighbours?: Neighbourhoods | undefined;
}

/**
 * Builds STAT-Syn (sec. 2.3): new questions for each (difficult question, missing skill), which are used if enough of
 * their solutions agree. Rounds continue until `pairs` is reached, the budget is used up, or three rounds in a row add
 * less than 1%; the paper's preset is a single pass. The questions join the curation queue. The same replies and seed
 * produce the same bytes, and a killed run pays for nothing twice. Embed-Syn (C.2) works in the same way, but its
 * references are a difficult question's nearest training questions, and it has no skill.
 */
export async function buildSyn(parts: Parts, options: BuildOptions, run: Run): Promise<BuildResult> {
	const teacher = teacherOf(parts);
	const settings = synSettingsOf(options);
	await parts.store.write('clearSetAside', { operation: `build ${settings.name}`, keys: null });
	const inputs =
		settings.method === 'syn'
			? await inputsOf(parts, options, settings, run)
			: await embedInputsOf(parts, options, settings, run);
	const embedded = inputs.neighbours ?? { calls: 0, cost: 0 };
	const known = {
		training: await indexOfSplits(parts.store, ['train'], run),
		evaluation: await indexOfSplits(parts.store, ['validation', 'test'], run),
	};
	const left =
		settings.budget === undefined ? undefined : Math.max(0, settings.budget - (embedded.cost ?? embedded.calls));
	const synthesis = new Synthesis(parts, { ...settings, budget: left }, inputs.pools, known, run);
	const totals: number[] = [];
	while (
		totals.length < settings.rounds &&
		synthesis.yield.pool < settings.pairs &&
		!synthesis.isOverBudget &&
		!isDry(totals)
	) {
		if (!(await synthesis.round(inputs.plan.targets, totals.length))) {
			break;
		}
		totals.push(synthesis.yield.pool);
		run.log(
			'info',
			`round ${totals.length}: ${synthesis.yield.kept} new questions, ${synthesis.yield.pool} of ` +
				`${settings.pairs} pairs`,
		);
	}
	const { accepted } = synthesis;
	if (accepted.length === 0) {
		throw synthesis.isOverBudget
			? new StatError('datasets.budgetBeforeQuestions', {})
			: new StatError('datasets.nothingSynthesized', {
					name: settings.name,
					stages: formatStages(synthesis.yield),
				});
	}
	throwIfCancelled(run);
	const rows = await rowsOf(parts, settings, inputs.scope, accepted);
	const facts = await factsOf(parts, options, settings, inputs, synthesis, totals.length);
	// The queue is written first, because the dataset's folder marks the build as complete.
	await fillQueue(parts, settings.name, accepted);
	const stages: Record<string, number> = {
		rounds: totals.length,
		targets: inputs.plan.targets.length,
		...synthesis.yield,
		pairs: rows.length,
	};
	const card = (written: { readonly sha256: string; readonly rows: number }): DatasetCard => ({
		name: settings.name,
		method: settings.method,
		settings: settingsOnCard(settings, inputs, parts),
		seed: settings.seed,
		student: inputs.scope.student,
		round: inputs.scope.round,
		pairs: written.rows,
		...distinctOf(rows),
		sha256: written.sha256,
		deviations: facts.deviations,
		yield: stages,
		setAside: synthesis.failed,
		teacher: { model: teacher.model, endpoint: teacher.endpoint },
		promptVersions: facts.promptVersions,
		calls: embedded.calls + synthesis.calls,
		cost: embedded.cost === null || synthesis.cost === null ? null : embedded.cost + synthesis.cost,
		createdAt: run.now(),
		skills: skillsOf(rows),
		...(settings.method === 'syn' ? { skillYields: synthesis.skillYields } : {}),
	});
	const written = await parts.datasets.write(settings.name, rows, card, options.replace ?? false);
	return buildResult(written, synthesis.failed);
}

/** Estimates the cost of the first round, and of continuing to the target. */
export async function planSyn(parts: Parts, options: BuildOptions, run: Run): Promise<Plan> {
	const teacher = teacherOf(parts);
	const settings = synSettingsOf(options);
	const { inputs, embedding } =
		settings.method === 'syn'
			? { inputs: await inputsOf(parts, options, settings, run), embedding: null }
			: await planEmbedInputs(parts, options, settings, run);
	const { targets } = inputs.plan;
	const none = { training: new SimilarityIndex(), evaluation: new SimilarityIndex() };
	const calls = (await new Synthesis(parts, settings, inputs.pools, none, run).proposalCalls(targets, 0)).map(
		({ call }) => call,
	);
	const proposals = await planCalls(
		teacher,
		calls,
		(settings.method === 'syn'
			? parts.prompts.render('propose', { subject: '', skill: '', references: '', hint: '' })
			: parts.prompts.render('proposeNear', { subject: '', references: '', hint: '' })
		).expectedOutputTokens,
	);
	// The new questions do not exist yet, so the estimate uses a placeholder of typical length for each.
	const like = makeCall(parts, 'solve', 'estimate', { question: 'x'.repeat(240) });
	const one = await (parts.solver ?? teacher).estimate(
		[like],
		parts.prompts.render('solve', { question: '' }).expectedOutputTokens,
	);
	const times = calls.length * settings.solutions;
	const perRound = times;
	const severalRounds =
		perRound < settings.pairs
			? `, so at least ${Math.ceil(settings.pairs / perRound)} rounds of about ${calls.length + times} calls`
			: '';
	const sources =
		settings.method === 'syn'
			? `${targets.length} missing skills`
			: `references from the ${settings.nearest} nearest training questions`;
	const notes = [
		`${inputs.plan.difficult} difficult questions, ${sources}, ` +
			`${calls.length} new questions a round, ${settings.solutions} solutions to each`,
		settings.rounds === 1
			? 'one pass'
			: `continues in rounds to ${settings.pairs} pairs: a round brings at most ` +
				`${perRound}${severalRounds}; a budget or a number of rounds limits it`,
		...(embedding?.notes ?? []),
	];
	return {
		calls: proposals.calls + times + (embedding?.calls ?? 0),
		cached: proposals.cached + (embedding?.cached ?? 0),
		tokens: {
			input: proposals.tokens.input + one.tokens.input * times + (embedding?.tokens.input ?? 0),
			output: proposals.tokens.output + one.tokens.output * times,
		},
		cost:
			proposals.cost === null || one.cost === null || embedding?.cost === null
				? null
				: proposals.cost + one.cost * times + (embedding?.cost ?? 0),
		rows: Math.min(settings.pairs, perRound),
		notes,
	};
}

async function inputsOf(parts: Parts, options: BuildOptions, settings: SynSettings, run: Run): Promise<SynInputs> {
	const inputs = await missingInputs(parts, options, settings.preset, run);
	const plan = synthesisTargets(inputs.missing, inputs.skillMap, {
		seed: settings.seed,
		difficult: settings.difficult,
		skills: options.skills,
	});
	if (plan.targets.length === 0) {
		throw nothingToDraw(plan.difficult, options);
	}
	const { skillMap, ...rest } = inputs;
	return { ...rest, plan, pools: skillMap };
}

async function embedInputsOf(parts: Parts, options: BuildOptions, settings: SynSettings, run: Run): Promise<SynInputs> {
	const inputs = await embedInputs(parts, options, settings, run);
	const neighbours = await findNeighbours(parts, inputs, settings, run);
	return { ...synInputsOf(inputs, neighbours.near), neighbours };
}

/**
 * The nearest neighbours are unknown until the embeddings have been paid for, so the estimate uses other training
 * questions as the references.
 */
async function planEmbedInputs(
	parts: Parts,
	options: BuildOptions,
	settings: SynSettings,
	run: Run,
): Promise<{ inputs: SynInputs; embedding: Plan }> {
	const inputs = await embedInputs(parts, options, settings, run);
	const some = inputs.training.slice(0, settings.nearest).map(({ id }) => id);
	return {
		inputs: synInputsOf(
			inputs,
			inputs.difficult.map(({ id }) => ({ questionId: id, nearest: some })),
		),
		embedding: await planNeighbours(parts, inputs),
	};
}

/** Returns targets without a skill: each difficult question with its nearest training questions. */
function synInputsOf({ scope, classification, profiledOn }: EmbedInputs, near: Neighbourhoods['near']): SynInputs {
	const targets = near
		.filter(({ nearest }) => nearest.length > 0)
		.map(({ questionId }) => ({ forQuestion: questionId, skill: null }));
	// The inputs do not depend on diagnoses.
	return {
		scope,
		classification,
		profiledOn,
		missing: [],
		skillsPerQuestion: 0,
		plan: { targets, difficult: near.length, skillsWithoutQuestions: 0 },
		pools: new Map(near.map(({ questionId, nearest }) => [questionId, nearest])),
	};
}

/**
 * Returns the rows of the solutions that agree, reduced at random to `pairs`; each question has its own random stream.
 */
async function rowsOf(
	parts: Parts,
	settings: SynSettings,
	{ student, round }: Scope,
	accepted: readonly SynthesizedQuestion[],
): Promise<(readonly [DatasetRow, ChainRow])[]> {
	const rows: (readonly [DatasetRow, ChainRow])[] = [];
	const priorities: number[] = [];
	const samples = new Map<QuestionId, number>();
	for (const questionId of new Set(accepted.map(({ target }) => target.forQuestion))) {
		samples.set(
			questionId,
			(await parts.store.read('diagnosis', { student, round, questionId })).diagnosis?.sample ?? 0,
		);
	}
	for (const {
		target,
		questionId,
		question,
		solutions,
		references,
		agreement,
		flags,
		replyKey,
		subject,
	} of accepted) {
		const random = randomStream(settings.seed, 'pool', questionId);
		const agreeing = solutions.filter(({ agrees }) => agrees);
		for (const { text, sample, replyKey: solvedBy } of agreeing) {
			const row: DatasetRow = {
				questionId,
				question,
				solution: text,
				gold: agreeing[0]?.answer ?? null,
				subject,
				skill: target.skill && { subject: target.skill.subject, name: target.skill.name },
				forQuestion: target.forQuestion,
				kind: 'synthesized',
				sample,
				flags: [...new Set(flags.map(({ kind }) => kind))],
			};
			rows.push([
				row,
				{
					replyKey: solvedBy,
					references,
					agreement,
					...(replyKey === null ? {} : { proposalKey: replyKey }),
					student,
					round,
					sample: samples.get(target.forQuestion) ?? 0,
				},
			]);
			priorities.push(random.priority());
		}
	}
	return smallest(priorities, settings.pairs).map((index) => rows[index] as (typeof rows)[number]);
}

async function factsOf(
	parts: Parts,
	options: BuildOptions,
	settings: SynSettings,
	inputs: SynInputs,
	synthesis: Synthesis,
	rounds: number,
): Promise<{ deviations: string[]; promptVersions: string[] }> {
	const { scope, missing, classification, plan } = inputs;
	const used = new Set(plan.targets.map(({ forQuestion }) => forQuestion));
	const diagnoses: Diagnosis[] = [];
	for (const { questionId, from } of missing) {
		const { diagnosis } =
			from === 'teacher' && used.has(questionId)
				? await parts.store.read('diagnosis', { student: scope.student, round: scope.round, questionId })
				: { diagnosis: null };
		if (diagnosis) {
			diagnoses.push(diagnosis);
		}
	}
	const solver = parts.solver ?? parts.teacher;
	const deviations = synthesisDeviations({
		...settings,
		rounds,
		difficultRequested: settings.difficult,
		difficultUsed: plan.difficult,
		rule: classification.method,
		ruleSettings: classification.settings,
		skillsPerQuestion: inputs.skillsPerQuestion,
		onlySomeSkills: options.skills !== undefined,
		corrected: missing.filter(({ questionId, from }) => from === 'person' && used.has(questionId)).length,
		teachers: [
			...new Set([
				...diagnoses.map(({ model }) => model),
				...synthesis.accepted.map(({ model }) => model),
				...(solver ? [solver.model] : []),
			]),
		].sort(),
		setAside: synthesis.failed,
		isOverBudget: synthesis.isOverBudget,
		neighbours: inputs.neighbours?.facts,
	});
	const versions = [
		...diagnoses.map(({ promptVersion }) => promptVersion),
		...synthesis.accepted.map(({ promptVersion }) => promptVersion),
		parts.prompts.render('solve', { question: '' }).version,
	];
	return { deviations, promptVersions: [...new Set(versions)].sort() };
}

function settingsOnCard(
	settings: SynSettings,
	{ classification, profiledOn, neighbours }: SynInputs,
	parts: Parts,
): DatasetCard['settings'] {
	const { pairs, difficult, references, new: fresh, solutions, agree, rounds, preset, filters } = settings;
	return {
		pairs,
		difficult,
		...(neighbours ? { nearest: neighbours.facts.nearest, nearness: neighbours.facts.model ?? 'lexical' } : {}),
		references,
		new: fresh,
		solutions,
		agree,
		mostRounds: rounds,
		preset,
		...Object.fromEntries(Object.entries(filters).map(([name, action]) => [`filter.${name}`, action])),
		solver: parts.solver?.model ?? null,
		...benchmarkOnCard(profiledOn),
		difficultyRule: classification.method,
		...Object.fromEntries(Object.entries(classification.settings).map(([key, value]) => [`rule.${key}`, value])),
	};
}

async function fillQueue(parts: Parts, dataset: string, accepted: readonly SynthesizedQuestion[]): Promise<void> {
	for (const chunk of inChunks(accepted, 200)) {
		const rows = chunk.map(({ target: _target, proposalVersion: _version, ...made }): CurationItem => ({
			dataset,
			...made,
		}));
		await parts.store.write('addItems', { rows });
	}
	await parts.store.write('keepItems', { dataset, questionIds: accepted.map(({ questionId }) => questionId) });
}

function formatStages(stages: object): string {
	return Object.entries(stages)
		.filter(([, count]) => count !== 0)
		.map(([stage, count]) => `${stage} ${String(count)}`)
		.join(', ');
}
