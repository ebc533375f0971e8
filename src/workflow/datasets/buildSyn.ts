import type { CurationItem, SynthesizedQuestion } from '../../core/curation/curation.ts';
import type { ChainRow, DatasetCard, DatasetRow } from '../../core/datasets/dataset.ts';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { randomStream, smallest } from '../../core/stats/random.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { isDry } from '../../core/datasets/synthesis.ts';
import { synthesisDeviations } from '../../core/datasets/synthesisDeviations.ts';
import type { BuildOptions, BuildResult } from './buildOptions.ts';
import { buildResult } from './buildOptions.ts';
import type { Scope } from '../../core/scope.ts';
import { teacherOf } from '../asking/askTeacher.ts';
import { distinctOf, skillsOf } from './distinctRows.ts';
import { indexOfSplits } from './leakRadar.ts';
import { inChunks } from '../reading/chunks.ts';
import { benchmarkOnCard } from '../questions/profiledOn.ts';
import { Synthesis } from './synthesise.ts';
import type { SynInputs } from './synInputs.ts';
import { synInputs } from './synInputs.ts';
import type { SynSettings } from './synSettings.ts';
import { synSettingsOf } from './synSettings.ts';

/**
 * Builds STAT-Syn (sec. 2.3): new questions for each (difficult question, missing skill), which are used if enough of
 * their solutions agree. Targets are drawn at random and bought in slices until `pairs` is reached; rounds over all of
 * them end with the budget, or when three in a row add less than 1%. The paper's preset is a single whole pass. The questions join the curation queue. The same replies and seed
 * produce the same bytes, and a killed run pays for nothing twice. Embed-Syn (C.2) works in the same way, but its
 * references are a difficult question's nearest training questions, and it has no skill.
 */
export async function buildSyn(parts: Parts, options: BuildOptions, run: Run): Promise<BuildResult> {
	const teacher = teacherOf(parts);
	const settings = synSettingsOf(options);
	await parts.store.write('clearSetAside', { operation: `build ${settings.name}`, keys: null });
	const inputs = await synInputs(parts, options, settings, run);
	const embedded = inputs.neighbours ?? { calls: 0, cost: 0 };
	const known = {
		training: await indexOfSplits(parts.store, ['train'], run),
		evaluation: await indexOfSplits(parts.store, ['validation', 'test'], run),
	};
	const synthesis = new Synthesis(parts, settings, inputs, known, run);
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
		bought: synthesis.done,
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
		targets: inputs.plan.targets.length,
		targetsBought: synthesis.done,
		unfitReferences: inputs.unfit.size,
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
