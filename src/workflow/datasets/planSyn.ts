import type { Parts } from '../../core/ports/parts.ts';
import { referenceLines } from '../../core/ports/promptValues.ts';
import type { Question } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { SynthesisTarget } from '../../core/datasets/synthesis.ts';
import { assumedAgreement, inBuyingOrder, needsFigure } from '../../core/datasets/synthesis.ts';
import { SimilarityIndex } from '../../core/text/similarityIndex.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import { makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { planAlike } from '../asking/planAlike.ts';
import type { Plan } from '../asking/plan.ts';
import { addPlans } from '../asking/plan.ts';
import { inChunks } from '../reading/chunks.ts';
import type { BuildOptions } from './buildOptions.ts';
import { Synthesis } from './synthesise.ts';
import { planEmbedInputs, skillInputs } from './synInputs.ts';
import type { SynSettings } from './synSettings.ts';
import { synSettingsOf } from './synSettings.ts';

/** Builds with fewer new questions than this say too little about the yield to expect. */
const enoughNew = 30;

/**
 * Estimates the cost of reaching the target number of pairs at the yield of earlier builds of this project, or at an
 * assumed one. Writes nothing except a first classification.
 */
export async function planSyn(parts: Parts, options: BuildOptions, run: Run): Promise<Plan> {
	const teacher = teacherOf(parts);
	const settings = synSettingsOf(options);
	const { inputs, embedding } =
		settings.method === 'syn'
			? { inputs: await skillInputs(parts, options, settings, run), embedding: null }
			: await planEmbedInputs(parts, options, settings, run);
	const { targets, difficult } = inputs.plan;
	const agreement = await expectedAgreement(parts, settings);
	const most = settings.new * settings.solutions;
	const needed =
		settings.preset === 'paper'
			? targets.length * settings.rounds
			: Math.min(targets.length * settings.rounds, Math.ceil(settings.pairs / (most * agreement.share)));
	const none = { training: new SimilarityIndex(), evaluation: new SimilarityIndex() };
	const calls = await firstCalls(new Synthesis(parts, settings, inputs, none, run), settings, targets, needed);
	const stored: string[] = [];
	const proposals = await planCalls(
		teacher,
		calls,
		(settings.method === 'syn'
			? parts.prompts.render('propose', { subject: '', skill: '', references: '', hint: '' })
			: parts.prompts.render('proposeNear', { subject: '', references: '', hint: '' })
		).expectedOutputTokens,
		[],
		(text) => stored.push(text),
	);
	const solutions = await planSolutions(parts, settings, stored, proposals.calls);
	const agreed = Math.ceil(calls.length * agreement.share);
	const checks =
		settings.filters.skill === 'off'
			? null
			: await planAlike(
					teacher,
					[makeCall(parts, 'check', 'estimate', { skill: 'x'.repeat(30), question: unknownQuestion })],
					parts.prompts.render('check', { skill: '', question: '' }).expectedOutputTokens,
					agreed,
				);
	const sources =
		settings.method === 'syn'
			? `${targets.length} missing skills`
			: `references from the ${settings.nearest} nearest training questions`;
	const expected = Math.min(settings.pairs, Math.round(needed * most * agreement.share));
	const notes = [
		`${difficult} difficult questions, ${sources}; ${calls.length} new questions, ` +
			`${settings.solutions} solutions to each, for about ${expected} pairs`,
		`${Math.round(agreement.share * 100)} % of the solutions become pairs: ${agreement.source}`,
		settings.preset === 'paper' || needed === targets.length * settings.rounds
			? `at most ${settings.rounds === 1 ? 'one pass' : `${settings.rounds} passes`} over all of them`
			: `drawn at random and bought until there are ${settings.pairs} pairs: at least ` +
				`${Math.ceil(settings.pairs / settings.solutions) * (1 + settings.solutions)} calls, if every ` +
				'solution agrees',
		...(embedding?.notes ?? []),
	];
	const all = [proposals, solutions, checks, embedding].filter((plan) => plan !== null);
	return { ...addPlans(all), rows: expected, notes: [...notes, ...proposals.notes] };
}

/**
 * Estimates a build before anything is diagnosed: proposals with references from any training questions, of which there
 * must be at least one.
 */
export async function planUnknownSyn(
	parts: Parts,
	training: readonly Question[],
	options: { readonly pairs: number },
): Promise<Plan> {
	const settings = synSettingsOf({ method: 'syn', name: 'plan', ...options });
	const { pairs, solutions, references } = settings;
	const agreement = await expectedAgreement(parts, settings);
	const proposals = Math.ceil(pairs / (solutions * agreement.share));
	const fit = training.filter(({ text }) => !needsFigure(text));
	const like = inChunks(fit.length === 0 ? training : fit, references);
	const propose = [...like].map((shown, index) =>
		makeCall(parts, 'propose', `estimate/${index}`, {
			subject: shown[0]?.subject ?? 'any',
			skill: 'x'.repeat(30),
			references: referenceLines(shown),
			hint: 'none',
		}),
	);
	const { expectedOutputTokens } = parts.prompts.render('propose', {
		subject: '',
		skill: '',
		references: '',
		hint: '',
	});
	return {
		...addPlans([
			await planAlike(teacherOf(parts), propose, expectedOutputTokens, proposals),
			await planSolutions(parts, settings, [], proposals),
		]),
		rows: pairs,
		notes: [
			`${proposals} new questions, ${solutions} solutions to each`,
			`${Math.round(agreement.share * 100)} % of the solutions become pairs: ${agreement.source}`,
		],
	};
}

/** A question that does not exist yet is estimated by one of typical length. */
const unknownQuestion = 'x'.repeat(240);

/** Returns the proposal calls of the first targets to be bought, over as many rounds as that takes. */
async function firstCalls(
	synthesis: Synthesis,
	{ seed, preset }: SynSettings,
	targets: readonly SynthesisTarget[],
	needed: number,
): Promise<TeacherCall[]> {
	const calls: TeacherCall[] = [];
	let left = needed;
	for (let round = 0; left > 0; round++) {
		const planned = await synthesis.proposalCalls(targets, round);
		const bought = (preset === 'paper' ? planned : inBuyingOrder(seed, round, planned)).slice(0, left);
		calls.push(...bought.flatMap(({ calls: own }) => own));
		left -= bought.length;
	}
	return calls;
}

/** Estimates the solutions: exactly for questions whose proposals are stored, by a typical length for the others. */
async function planSolutions(
	parts: Parts,
	settings: SynSettings,
	stored: readonly string[],
	unknown: number,
): Promise<Plan> {
	const solver = parts.solver ?? teacherOf(parts);
	const tokens = parts.prompts.render('solve', { question: '' }).expectedOutputTokens;
	const known = stored.flatMap((text, index) => {
		const question = questionIn(parts, text);
		return question === null
			? []
			: Array.from({ length: settings.solutions }, (_, sample) =>
					makeCall(parts, 'solve', `estimate/${index}`, { question }, sample),
				);
	});
	const like = makeCall(parts, 'solve', 'estimate', { question: unknownQuestion });
	return addPlans([
		await planCalls(solver, known, tokens),
		await planAlike(solver, [like], tokens, unknown * settings.solutions),
	]);
}

function questionIn({ replies }: Pick<Parts, 'replies'>, text: string): string | null {
	try {
		return replies.parseProposal(text).question;
	} catch {
		return null;
	}
}

/** Returns the share of solutions that become pairs: as measured in this project's builds of the method, or assumed. */
export async function expectedAgreement(
	{ datasets }: Pick<Parts, 'datasets'>,
	{ method }: Pick<SynSettings, 'method'>,
): Promise<{ readonly share: number; readonly source: string }> {
	const builds = (await datasets.list()).filter(({ method: of }) => of === method);
	let [questions, solved, pool, names] = [0, 0, 0, 0];
	for (const { yield: stages, settings } of builds) {
		const made = (stages['asked'] ?? 0) - (stages['unbought'] ?? 0);
		const solutions = settings['solutions'];
		if (typeof solutions === 'number' && made > 0) {
			questions += made;
			solved += made * solutions;
			pool += stages['pool'] ?? 0;
			names += 1;
		}
	}
	return questions < enoughNew || pool === 0
		? { share: assumedAgreement, source: 'an assumption, until a build has shown it' }
		: { share: pool / solved, source: `measured in ${names} ${names === 1 ? 'build' : 'builds'} of this project` };
}
