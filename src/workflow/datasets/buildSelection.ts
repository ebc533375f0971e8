import type { Classified } from '../difficulty/classify.ts';
import type { BuildMethod } from '../../core/datasets/dataset.ts';
import type { MissingSkills } from '../../core/diagnosis/diagnosis.ts';
import { buildDefaults } from '../../core/datasets/buildDefaults.ts';
import { hardLevels, paperBuild } from '../../core/datasets/paperPreset.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Rank } from '../../core/profile/profile.ts';
import { missingSkillProfile, sureExposureRate } from '../../core/profile/profile.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { Selection } from '../../core/datasets/selection.ts';
import { mixWithAll, selectForSkills, selectFromAll, selectNeighbours } from '../../core/datasets/selection.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { BuildOptions } from './buildOptions.ts';
import type { Scope } from '../../core/scope.ts';
import type { MissingInputs } from './missingInputs.ts';
import { missingInputs, nothingToDraw } from './missingInputs.ts';
import type { Neighbourhoods } from './neighbours.ts';
import { embedInputs, findNeighbours } from './neighbours.ts';
import type { ProfiledOn } from '../questions/profiledOn.ts';
import { allDigests, labelsOf, questionChunks, questionsWithIds } from '../reading/chunks.ts';

/** Every number that a build depends on, taken from the options or else from the paper. */
export interface BuildSettings {
	readonly method: BuildMethod;
	readonly name: string;
	readonly seed: number;
	/** `null`: all pairs (`train` without a given number of pairs). */
	readonly pairs: number | null;
	readonly difficult: number;
	readonly perSkill: number;
	/** Embed-Sel: number of nearest training questions for each difficult question. */
	readonly nearest: number;
	readonly answers: number;
	readonly answersFrom: 'teacher' | 'original';
	readonly repeats: 'keep' | 'drop';
	readonly mix: number;
	readonly rank: Rank;
	readonly preset: 'paper' | null;
}

export interface BuildSelection {
	readonly selection: Selection;
	/** The training questions that were drawn, by id. */
	readonly questions: ReadonlyMap<QuestionId, Question>;
	readonly scope: Scope | null;
	readonly classification: Classified | null;
	readonly missing: readonly MissingSkills[];
	/** Mean number of skills linked to a labelled training question; 0 without a Skill-Map. */
	readonly skillsPerQuestion: number;
	/** `undefined` for a baseline that uses all training questions. */
	readonly profiledOn?: ProfiledOn | undefined;
	/** Embed-Sel: the neighbours, how they were found, and what that cost. */
	readonly neighbours?: Neighbourhoods | undefined;
}

/** Checks the options and fills in the defaults; every error is one line. */
export function settingsOf(options: BuildOptions, hasTeacher: boolean): BuildSettings {
	const numbers = options.preset === 'paper' ? paperBuild : buildDefaults;
	const {
		method,
		seed = buildDefaults.seed,
		difficult = numbers.difficult,
		perSkill = numbers.perSkill,
		nearest = numbers.nearest,
		repeats = numbers.repeats,
		mix = numbers.mix,
		rank = numbers.rank,
	} = options;
	if (method === 'train' && options.answersFrom === 'teacher') {
		throw new StatError('datasets.trainKeepsSolutions', {});
	}
	if (options.answersFrom === 'teacher' && !hasTeacher) {
		throw new StatError('datasets.rewritingNeedsTeacher', {});
	}
	const answersFrom =
		method === 'train' ? 'original' : (options.answersFrom ?? (hasTeacher ? 'teacher' : 'original'));
	// A question's original answers are all the same, so unless repeats are allowed there is only one.
	const answers =
		method === 'train' || (answersFrom === 'original' && repeats === 'drop')
			? 1
			: (options.answers ?? numbers.answers);
	const pairs = options.pairs ?? (method === 'train' ? null : numbers.pairs);
	for (const [name, value, least] of [
		['seed', seed, 0],
		['difficult', difficult, 1],
		['per-skill', perSkill, 1],
		['nearest', nearest, 1],
		['answers', answers, 1],
		['pairs', pairs ?? 1, 1],
	] as const) {
		if (!Number.isSafeInteger(value) || value < least) {
			throw new StatError('datasets.badNumber', { option: name, least, value });
		}
	}
	if (!(mix >= 0 && mix < 1)) {
		throw new StatError('datasets.badMix', { mix });
	}
	return {
		method,
		name: options.name,
		seed,
		pairs,
		difficult,
		perSkill,
		nearest,
		answers,
		answersFrom,
		repeats,
		mix,
		rank,
		preset: options.preset ?? null,
	};
}

/** Selects the pairs of the set before any answer is paid for. Embed-Sel pays for its embeddings here. */
export async function selectPairs(
	parts: Parts,
	options: BuildOptions,
	settings: BuildSettings,
	run: Run,
): Promise<BuildSelection> {
	const { selection, ...rest } = await selectByMethod(parts, options, settings, run);
	throwIfCancelled(run);
	return {
		selection,
		...rest,
		questions: await questionsWithIds(parts.store, [
			...new Set(selection.pairs.map(({ questionId }) => questionId)),
		]),
	};
}

function selectByMethod(
	parts: Parts,
	options: BuildOptions,
	settings: BuildSettings,
	run: Run,
): Promise<Omit<BuildSelection, 'questions'>> {
	switch (settings.method) {
		case 'sel':
			return targeted(parts, options, settings, run);
		case 'embed-sel':
			return byNearness(parts, options, settings, run);
		default:
			return baseline(parts, settings, run);
	}
}

async function targeted(
	parts: Parts,
	options: BuildOptions,
	settings: BuildSettings,
	run: Run,
): Promise<Omit<BuildSelection, 'questions'>> {
	const inputs = await missingInputs(parts, options, settings.preset, run);
	if ([...inputs.skillMap.values()].every((questions) => questions.length === 0)) {
		throw new StatError('datasets.skillMapEmpty', {});
	}
	const { skillMap, ...rest } = inputs;
	const weights = settings.rank === 'exposure' ? await exposureWeights(parts, inputs, run) : undefined;
	const select = (pairs: number) =>
		selectForSkills(rest.missing, skillMap, { ...settings, pairs, skills: options.skills, weights });
	const pairs = settings.pairs ?? Infinity;
	const selection =
		settings.mix === 0
			? select(pairs)
			: mixWithAll(select, await trainingIds(parts, settings, run), { ...settings, pairs });
	if (selection.pairs.length === 0) {
		throw nothingToDraw(selection.counts.difficult, options);
	}
	return { ...rest, selection };
}

async function byNearness(
	parts: Parts,
	options: BuildOptions,
	settings: BuildSettings,
	run: Run,
): Promise<Omit<BuildSelection, 'questions'>> {
	const inputs = await embedInputs(parts, options, settings, run);
	const neighbours = await findNeighbours(
		parts,
		inputs,
		{ name: settings.name, nearest: settings.nearest, budget: options.budget },
		run,
	);
	const { scope, classification, profiledOn } = inputs;
	// This selection does not depend on diagnoses.
	return {
		selection: selectNeighbours(neighbours.near, { ...settings, pairs: settings.pairs ?? Infinity }),
		scope,
		classification,
		profiledOn,
		missing: [],
		skillsPerQuestion: 0,
		neighbours,
	};
}

/**
 * Returns each skill's weight: how often it is missed when it is needed. Throws if none of the answered questions is
 * labelled.
 */
async function exposureWeights(
	{ store }: Pick<Parts, 'store'>,
	{ scope, missing, skillMap, profiledOn }: MissingInputs,
	run: Run,
): Promise<Map<string, number>> {
	const validation = (await allDigests(store, { student: scope.student, round: scope.round }))
		.filter(({ split, questionId }) => split === 'validation' && profiledOn.has(questionId))
		.map(({ questionId }) => questionId);
	throwIfCancelled(run);
	const { skills } = missingSkillProfile({ missing, train: [], answered: await labelsOf(store, validation) });
	if (skills.every(({ exposed }) => exposed === 0)) {
		throw new StatError('datasets.noExposure', {});
	}
	const unknown = skills.filter(
		(skill) => skill.exposed === 0 && (skillMap.get(skillKey(skill))?.length ?? 0) > 0,
	).length;
	if (unknown > 0) {
		run.log('warn', `ranking by exposure: ${unknown} missing skills label no answered question and get no draws`);
	}
	return new Map(skills.map((skill) => [skillKey(skill), sureExposureRate(skill)]));
}

async function baseline(parts: Parts, settings: BuildSettings, run: Run): Promise<Omit<BuildSelection, 'questions'>> {
	const ids = await trainingIds(parts, settings, run);
	const selection = selectFromAll(ids, {
		seed: settings.seed,
		answers: settings.answers,
		pairs: settings.pairs ?? Infinity,
	});
	return { selection, scope: null, classification: null, missing: [], skillsPerQuestion: 0 };
}

async function trainingIds(parts: Parts, settings: BuildSettings, run: Run): Promise<QuestionId[]> {
	const ids: QuestionId[] = [];
	let all = 0;
	for await (const chunk of questionChunks(parts.store, 'train')) {
		throwIfCancelled(run);
		all += chunk.length;
		for (const { id, level } of chunk) {
			if (settings.method !== 'hard' || hardLevels.some((hard) => hard === level)) {
				ids.push(id);
			}
		}
	}
	if (ids.length === 0) {
		throw all === 0
			? new StatError('questions.noTraining', {})
			: new StatError('datasets.noHardLevel', { all, levels: hardLevels.join(' or ') });
	}
	return ids;
}
