import type { ChainRow, DatasetCard, DatasetRow } from '../../core/datasets/dataset.ts';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import { buildDefaults } from '../../core/datasets/buildDefaults.ts';
import { deviationsFromPaper } from '../../core/datasets/paperPreset.ts';
import type { Teacher } from '../../core/ports/teacher.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { BuildOptions, BuildResult } from './buildOptions.ts';
import { buildResult } from './buildOptions.ts';
import type { Plan } from '../asking/plan.ts';
import { addPlans } from '../asking/plan.ts';
import { planCalls, teacherOf } from '../asking/askTeacher.ts';
import { buildSyn } from './buildSyn.ts';
import { planSyn } from './planSyn.ts';
import type { BuildSelection, BuildSettings } from './buildSelection.ts';
import { selectPairs, settingsOf } from './buildSelection.ts';
import { embedInputs, planNeighbours } from './neighbours.ts';
import { benchmarkOnCard } from '../questions/profiledOn.ts';
import { requireAllowed } from '../questions/gradeByRule.ts';
import { gradingRules } from '../questions/gradingRules.ts';
import type { PairAnswer } from './rewrite.ts';
import { originalAnswers, pairKey, planRewrites, rewriteAnswers, rewriteCalls } from './rewrite.ts';
import { distinctOf, skillsOf } from './distinctRows.ts';

/**
 * Builds a training set: STAT-Sel or STAT-Syn (sec. 2.3), or a baseline (C.2). The pairs are drawn first, and only
 * those are rewritten. Everything drawn ends up in the set or set aside. The same inputs and seed produce the same
 * bytes.
 */
export async function build(parts: Parts, options: BuildOptions, run: Run): Promise<BuildResult> {
	await checkOptions(parts, options);
	if (options.method === 'syn' || options.method === 'embed-syn') {
		return buildSyn(parts, options, run);
	}
	const settings = settingsOf(options, parts.teacher !== null);
	// A build with this name but other settings drew other pairs, so the list is cleared. Pairs that fail again are
	// listed again.
	await parts.store.write('clearSetAside', { operation: `build ${settings.name}`, keys: null });
	const selected = await selectPairs(parts, options, settings, run);
	const { pairs, counts } = selected.selection;
	const embedded = selected.neighbours ?? { calls: 0, cost: 0 };
	const rewritten =
		settings.answersFrom === 'teacher'
			? await rewriteAnswers(parts, settings.name, pairs, selected.questions, options.budget, run)
			: null;
	if (rewritten && rewritten.result.overBudget > 0) {
		throw new StatError('asking.budgetUsedUp', {
			done: rewritten.result.succeeded,
			total: rewritten.result.succeeded + rewritten.result.failures.length + rewritten.result.overBudget,
		});
	}
	const answers = rewritten?.answers ?? originalAnswers(pairs, selected.questions);
	const rows = await rowsOf(parts, settings, selected, answers);
	const setAside = pairs.length - rows.length;
	if (rows.length === 0) {
		throw settings.answersFrom === 'original'
			? new StatError('datasets.noSolutions', {})
			: new StatError('datasets.allSetAside', { pairs: setAside, name: settings.name });
	}
	if (setAside > 0 && !rewritten) {
		await listWithoutSolution(parts, settings.name, selected, run);
		run.log('warn', `${setAside} pairs left out: their questions have no worked solution`);
	}
	throwIfCancelled(run);
	run.progress({ label: 'Writing', done: rows.length, total: rows.length });
	const stages: Record<string, number> = {
		...counts,
		...(rewritten
			? { rewritten: rewritten.answers.size, unequal: rewritten.unequal, unsure: rewritten.unsure }
			: {}),
		setAside,
		pairs: rows.length,
	};
	const facts = await factsOf(parts, settings, selected, rows, setAside, options);
	const card = (written: { readonly sha256: string; readonly rows: number }): DatasetCard => ({
		name: settings.name,
		method: settings.method,
		settings: settingsOnCard(settings, selected),
		seed: settings.seed,
		student: selected.scope?.student ?? null,
		round: selected.scope?.round ?? null,
		pairs: written.rows,
		...distinctOf(rows),
		sha256: written.sha256,
		deviations: facts.deviations,
		yield: stages,
		setAside,
		teacher: rewritten && parts.teacher ? { model: parts.teacher.model, endpoint: parts.teacher.endpoint } : null,
		promptVersions: facts.promptVersions,
		calls: embedded.calls + (rewritten?.result.calls ?? 0),
		cost:
			embedded.cost === null || rewritten?.result.cost === null
				? null
				: embedded.cost + (rewritten?.result.cost ?? 0),
		createdAt: run.now(),
		skills: skillsOf(rows),
	});
	const written = await parts.datasets.write(settings.name, rows, card, options.replace ?? false);
	return buildResult(written, rewritten?.result.failures.length ?? written.card.setAside);
}

/**
 * Estimates what {@link build} would pay for. Draws exactly what it would draw, and writes nothing except a first
 * classification.
 */
export async function planBuild(parts: Parts, options: BuildOptions, run: Run): Promise<Plan> {
	await checkOptions(parts, options);
	if (options.method === 'syn' || options.method === 'embed-syn') {
		return planSyn(parts, options, run);
	}
	const settings = settingsOf(options, parts.teacher !== null);
	if (settings.method === 'embed-sel') {
		return planEmbedSel(parts, options, settings, run);
	}
	const { selection, questions } = await selectPairs(parts, options, settings, run);
	const { counts, pairs } = selection;
	const notes = [settings.method === 'sel' ? formatTargeted(counts) : formatBaseline(counts)];
	if (settings.pairs !== null && pairs.length < settings.pairs) {
		notes.push(`${pairs.length} pairs, fewer than the ${settings.pairs} requested: the pool has no more`);
	}
	if (settings.answersFrom === 'original') {
		return {
			calls: 0,
			cached: 0,
			tokens: { input: 0, output: 0 },
			cost: 0,
			rows: pairs.length,
			notes: [...notes, 'original solutions: no calls'],
		};
	}
	const expected = parts.prompts.render('rewrite', {
		question: '',
		solution: '',
		finalAnswer: '',
	}).expectedOutputTokens;
	const rules = await gradingRules(parts.store);
	await requireAllowed(parts, new Set([...questions.values()].map(({ benchmark }) => rules.of(benchmark))));
	return {
		...(await planCalls(teacherOf(parts), rewriteCalls(parts, pairs, questions, rules), expected, notes)),
		rows: pairs.length,
	};
}

/**
 * The nearest questions are known only after embedding, so the estimate assumes the maximum number of answers to
 * rewrite.
 */
async function planEmbedSel(parts: Parts, options: BuildOptions, settings: BuildSettings, run: Run): Promise<Plan> {
	const inputs = await embedInputs(parts, options, settings, run);
	const embedding = await planNeighbours(parts, inputs);
	const pool = inputs.difficult.length * Math.min(settings.nearest, inputs.training.length) * settings.answers;
	const rows = Math.min(pool, settings.pairs ?? Infinity);
	const notes = [
		`${inputs.difficult.length} difficult questions, ${settings.nearest} nearest of ` +
			`${inputs.training.length} training questions each, a pool of ${pool} pairs`,
		...embedding.notes,
	];
	if (settings.answersFrom === 'original') {
		return { ...embedding, rows, notes: [...notes, 'original solutions: no calls for them'] };
	}
	const rewriting = await planRewrites(parts, inputs.training, rows);
	return {
		...addPlans([embedding, rewriting]),
		rows,
		notes: [...notes, `at most ${rows} answers to rewrite: what is near to several questions is rewritten once`],
	};
}

/** Checks the options, and throws before anything is paid for. */
async function checkOptions(parts: Parts, options: BuildOptions): Promise<void> {
	const { name, replace, method, skills, mix = buildDefaults.mix, rank = buildDefaults.rank } = options;
	if (skills?.length === 0) {
		throw new StatError('datasets.noSkillChosen', {});
	}
	if (method !== 'sel' && (mix !== buildDefaults.mix || rank !== buildDefaults.rank)) {
		throw new StatError('datasets.onlySelMixes', { method });
	}
	if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/.test(name)) {
		throw new StatError('datasets.badName', { name: name.slice(0, 100) });
	}
	if (!replace && (await parts.datasets.list()).some((card) => card.name === name)) {
		throw new StatError('datasets.nameTaken', { name });
	}
	options.budget?.admit(payees(parts, options));
}

/** Returns the models that a build calls. */
function payees({ teacher, solver, embedder }: Parts, { method, answersFrom }: BuildOptions): Teacher[] {
	const isNew = method === 'syn' || method === 'embed-syn';
	const isNear = method === 'embed-sel' || method === 'embed-syn';
	const rewrites = method !== 'train' && answersFrom !== 'original';
	return [isNew || rewrites ? teacher : null, isNew ? solver : null, isNear ? embedder : null].filter(
		(one) => one !== null && one !== undefined,
	);
}

async function rowsOf(
	parts: Parts,
	settings: BuildSettings,
	selected: BuildSelection,
	answers: ReadonlyMap<string, PairAnswer>,
): Promise<(readonly [DatasetRow, ChainRow])[]> {
	const { scope, questions, selection } = selected;
	const kind = settings.answersFrom === 'teacher' ? 'rewritten' : 'original';
	const samples = new Map<string, number>();
	if (scope) {
		const { student, round } = scope;
		for (const questionId of new Set(selection.pairs.map(({ forQuestion }) => forQuestion))) {
			const { diagnosis } =
				questionId === null
					? { diagnosis: null }
					: await parts.store.read('diagnosis', { student, round, questionId });
			samples.set(questionId ?? '', diagnosis?.sample ?? 0);
		}
	}
	return selection.pairs.flatMap(({ questionId, answer, skill, forQuestion }) => {
		const question = questions.get(questionId);
		const found = answers.get(pairKey(questionId, answer));
		if (!question || !found) {
			return [];
		}
		const { text, gold, subject } = question;
		const row: DatasetRow = {
			questionId,
			question: text,
			solution: found.solution,
			gold,
			subject,
			skill: skill && { subject: skill.subject, name: skill.name },
			forQuestion,
			kind,
			sample: answer,
			flags: found.flags,
		};
		const chain: ChainRow = {
			replyKey: found.replyKey,
			references: [],
			agreement: null,
			...(scope === null || forQuestion === null
				? { student: null, round: null, sample: null }
				: { student: scope.student, round: scope.round, sample: samples.get(forQuestion) ?? 0 }),
		};
		return [[row, chain] as const];
	});
}

async function listWithoutSolution(parts: Parts, name: string, { questions }: BuildSelection, run: Run): Promise<void> {
	const at = run.now();
	const rows = [...questions.values()]
		.filter(({ solution }) => solution === null)
		.map(({ id, text }) => ({
			operation: `build ${name}`,
			key: id,
			file: null,
			line: null,
			field: 'solution',
			message: 'drawn, but it has no worked solution',
			text: text.slice(0, 2000),
			at,
		}));
	await parts.store.write('setAside', { rows });
}

async function factsOf(
	parts: Parts,
	settings: BuildSettings,
	selected: BuildSelection,
	rows: readonly (readonly [DatasetRow, ChainRow])[],
	setAside: number,
	options: BuildOptions,
): Promise<{ deviations: string[]; promptVersions: string[] }> {
	const { scope, missing, selection, classification, skillsPerQuestion } = selected;
	const used = new Set(rows.map(([{ forQuestion }]) => forQuestion));
	const diagnoses: Diagnosis[] = [];
	if (scope) {
		for (const { questionId, from } of missing) {
			const { diagnosis } =
				from === 'teacher' && used.has(questionId)
					? await parts.store.read('diagnosis', { student: scope.student, round: scope.round, questionId })
					: { diagnosis: null };
			if (diagnosis) {
				diagnoses.push(diagnosis);
			}
		}
	}
	const rewriter = settings.answersFrom === 'teacher' && parts.teacher ? [parts.teacher.model] : [];
	const rewriteVersions =
		rewriter.length > 0
			? [parts.prompts.render('rewrite', { question: '', solution: '', finalAnswer: '' }).version]
			: [];
	const deviations = deviationsFromPaper({
		...settings,
		difficultUsed: selection.counts.difficult,
		difficultRequested: settings.difficult,
		classification,
		skillsPerQuestion,
		onlySomeSkills: options.skills !== undefined,
		corrected: missing.filter(({ questionId, from }) => from === 'person' && used.has(questionId)).length,
		teachers: [...new Set([...diagnoses.map(({ model }) => model), ...rewriter])].sort(),
		setAside,
		neighbours: selected.neighbours?.facts,
	});
	return {
		deviations,
		promptVersions: [
			...new Set([...diagnoses.map(({ promptVersion }) => promptVersion), ...rewriteVersions]),
		].sort(),
	};
}

function settingsOnCard(
	{ seed: _seed, name: _name, method, ...settings }: BuildSettings,
	{ classification, profiledOn, neighbours }: BuildSelection,
): DatasetCard['settings'] {
	const { difficult, perSkill, nearest, repeats, mix, rank, ...common } = settings;
	const rule = {
		...(profiledOn ? benchmarkOnCard(profiledOn) : {}),
		difficultyRule: classification?.method ?? null,
		...Object.fromEntries(
			Object.entries(classification?.settings ?? {}).map(([key, value]) => [`rule.${key}`, value]),
		),
	};
	switch (method) {
		case 'sel':
			return { ...common, difficult, perSkill, repeats, mix, rank, ...rule };
		case 'embed-sel':
			return { ...common, difficult, nearest, repeats, nearness: neighbours?.facts.model ?? 'lexical', ...rule };
		default:
			return common;
	}
}

type SelectionCounts = BuildSelection['selection']['counts'];

function formatTargeted({ difficult, missingSkills, drawn, pool, rehearsal }: SelectionCounts): string {
	const rehearsed = rehearsal === undefined ? '' : `, and ${rehearsal} pairs from all training questions`;
	return (
		`${difficult} difficult questions, ${missingSkills} missing skills, ` +
		`${drawn} draws, a pool of ${pool}${rehearsed}`
	);
}

function formatBaseline({ drawn, pool }: SelectionCounts): string {
	return `${drawn} questions, a pool of ${pool}`;
}
