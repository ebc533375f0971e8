import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { SynthesisTargets } from '../../core/datasets/synthesis.ts';
import { needsFigure, synthesisTargets } from '../../core/datasets/synthesis.ts';
import type { Plan } from '../asking/plan.ts';
import { questionsWithIds } from '../reading/chunks.ts';
import type { BuildOptions } from './buildOptions.ts';
import type { MissingInputs } from './missingInputs.ts';
import { missingInputs, nothingToDraw } from './missingInputs.ts';
import type { EmbedInputs, Neighbourhoods } from './neighbours.ts';
import { embedInputs, findNeighbours, planNeighbours } from './neighbours.ts';
import type { SynthesisPools } from './synthesise.ts';
import type { SynSettings } from './synSettings.ts';

/** The inputs of STAT-Syn and Embed-Syn. */
export interface SynInputs extends Omit<MissingInputs, 'skillMap'>, SynthesisPools {
	readonly plan: SynthesisTargets;
	/** Only set for Embed-Syn. */
	readonly neighbours?: Neighbourhoods | undefined;
}

/** Reads the inputs of a build. For Embed-Syn it embeds the questions, which costs calls. */
export function synInputs(parts: Parts, options: BuildOptions, settings: SynSettings, run: Run): Promise<SynInputs> {
	return settings.method === 'syn'
		? skillInputs(parts, options, settings, run)
		: neighbourInputs(parts, options, settings, run);
}

/** Reads the inputs of STAT-Syn, which cost nothing. */
export async function skillInputs(
	parts: Parts,
	options: BuildOptions,
	settings: SynSettings,
	run: Run,
): Promise<SynInputs> {
	const inputs = await missingInputs(parts, options, settings.preset, run);
	const { skillMap, ...rest } = inputs;
	const unfit = await unfitReferences(parts, settings, [...skillMap.values()].flat());
	const fit = new Map([...skillMap].map(([key, ids]) => [key, ids.filter((id) => !unfit.has(id))]));
	const plan = synthesisTargets(inputs.missing, fit, {
		seed: settings.seed,
		difficult: settings.difficult,
		skills: options.skills,
	});
	if (plan.targets.length === 0) {
		throw nothingToDraw(plan.difficult, options);
	}
	return { ...rest, plan, pools: skillMap, unfit };
}

async function neighbourInputs(
	parts: Parts,
	options: BuildOptions,
	settings: SynSettings,
	run: Run,
): Promise<SynInputs> {
	const inputs = await embedInputs(parts, options, settings, run);
	const neighbours = await findNeighbours(parts, inputs, settings, run);
	return { ...(await synInputsOf(parts, settings, inputs, neighbours.near)), neighbours };
}

/**
 * The nearest neighbours are unknown until the embeddings have been paid for, so the estimate uses other training
 * questions as the references.
 */
export async function planEmbedInputs(
	parts: Parts,
	options: BuildOptions,
	settings: SynSettings,
	run: Run,
): Promise<{ inputs: SynInputs; embedding: Plan }> {
	const inputs = await embedInputs(parts, options, settings, run);
	const some = inputs.training.slice(0, settings.nearest).map(({ id }) => id);
	return {
		inputs: await synInputsOf(
			parts,
			settings,
			inputs,
			inputs.difficult.map(({ id }) => ({ questionId: id, nearest: some })),
		),
		embedding: await planNeighbours(parts, inputs),
	};
}

/** Returns targets without a skill: each difficult question with its nearest training questions. */
async function synInputsOf(
	parts: Parts,
	settings: SynSettings,
	{ scope, classification, profiledOn }: EmbedInputs,
	near: Neighbourhoods['near'],
): Promise<SynInputs> {
	const unfit = await unfitReferences(
		parts,
		settings,
		near.flatMap(({ nearest }) => nearest),
	);
	const targets = near
		.filter(({ nearest }) => nearest.some((id) => !unfit.has(id)))
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
		unfit,
	};
}

/**
 * Returns which of the questions are not shown to the teacher as references: those that need a figure, unless the build
 * accepts such questions. One rule for references and new questions.
 */
async function unfitReferences(
	parts: Pick<Parts, 'store'>,
	{ filters }: SynSettings,
	ids: readonly QuestionId[],
): Promise<ReadonlySet<QuestionId>> {
	if (filters.figures !== 'drop') {
		return new Set();
	}
	const questions = await questionsWithIds(parts.store, [...new Set(ids)]);
	return new Set([...questions.values()].filter(({ text }) => needsFigure(text)).map(({ id }) => id));
}
