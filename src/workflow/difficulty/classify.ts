import type { Parts } from '../../core/ports/parts.ts';
import type { Metrics } from '../../core/difficulty/detector.ts';
import { detectorMetrics } from '../../core/difficulty/detector.ts';
import type { DifficultyMethod, DifficultyRule } from '../../core/difficulty/difficulty.ts';
import {
	answerRule,
	defaultMethod,
	difficultyDefaults,
	paperThresholds,
	groupEqualTexts,
	isDifficult,
	largestGroup,
} from '../../core/difficulty/difficulty.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { Scope } from '../../core/scope.ts';
import { judgeAnswers } from './judgeAnswers.ts';
import type { ScopeDigest } from '../reading/chunks.ts';
import { allDigests } from '../reading/chunks.ts';
import type { ClassifyOptions } from './classifyOptions.ts';

export interface ClassifyResult extends Metrics {
	method: DifficultyMethod;
	questions: number;
	difficult: number;
	unclassified: number;
	settings: Record<string, number | string | null>;
	calls: number;
	cost: number | null;
}

/** A classification before it is stored. */
export interface Decision {
	readonly method: DifficultyMethod;
	readonly settings: Record<string, number | string | null>;
	readonly digests: readonly ScopeDigest[];
	/** Whether each question is difficult, in the order of the digests; `null` if unclassified. */
	readonly difficult: readonly (boolean | null)[];
	readonly calls: number;
	readonly cost: number | null;
}

/**
 * Classifies the questions of a student's round as difficult or not (sec. 2.1), all by the same rule. Replaces the
 * round's earlier classification.
 */
export async function classify(parts: Parts, options: ClassifyOptions, run: Run): Promise<ClassifyResult> {
	const decision = await decide(parts, options, run);
	const { method, settings, digests, difficult } = decision;
	throwIfCancelled(run);
	const rows = digests.map(({ questionId }, index) => ({ questionId, difficult: difficult[index] ?? null }));
	const { student, round } = options;
	const stored = await parts.store.write('setClassification', {
		student,
		round,
		method,
		settings,
		at: run.now(),
		rows,
	});
	return {
		method,
		settings,
		questions: digests.length,
		...stored,
		...detectorMetrics(digests, difficult),
		calls: decision.calls,
		cost: decision.cost,
	};
}

/** Reads the answers and decides. Writes nothing, except the teacher's replies if the method is `teacher`. */
export async function decide(parts: Parts, options: ClassifyOptions, run: Run): Promise<Decision> {
	const digests = await allDigests(parts.store, options);
	if (digests.length === 0) {
		throw new StatError('difficulty.noAnswers', { student: options.student, round: options.round });
	}
	const method = options.method ?? defaultMethod(digests);
	if (method === null) {
		throw new StatError('difficulty.noRule', { samples: difficultyDefaults.consistencySamples });
	}
	if (method === 'teacher') {
		return { method, digests, ...(await judgeAnswers(parts, options, digests, run)) };
	}
	const rule = ruleOf(method, options);
	const difficult: (boolean | null)[] = [];
	for (const [index, digest] of digests.entries()) {
		difficult.push(
			rule.method === 'consistency'
				? isDifficult(rule, digest, await groupsOf(parts, digest, rule.samples))
				: isDifficult(rule, digest),
		);
		if (index % 200 === 0) {
			throwIfCancelled(run);
			run.progress({ label: 'Classifying', done: index, total: digests.length });
		}
	}
	const settings: Decision['settings'] = Object.fromEntries(
		Object.entries(rule).flatMap(([key, value]) => (key === 'method' || value === undefined ? [] : [[key, value]])),
	);
	return { method, settings, digests, difficult, calls: 0, cost: 0 };
}

export interface Classified {
	readonly ids: readonly QuestionId[];
	readonly method: string;
	readonly settings: Readonly<Record<string, number | string | null>>;
}

/**
 * Returns the difficult questions of a scope. If the scope has never been classified, it is classified now: by
 * `preferred` if the answers allow that, else by the default rule.
 */
export async function difficultQuestions(
	parts: Parts,
	scope: Scope,
	run: Run,
	preferred?: 'reward',
): Promise<Classified> {
	const { student, round } = scope;
	const known = await parts.store.read('classification', { student, round });
	if (known) {
		return { ids: known.difficult, method: known.method, settings: known.settings };
	}
	const scored =
		preferred !== undefined && (await allDigests(parts.store, scope)).some(({ reward }) => reward !== null);
	const { method, settings, difficult, questions, unclassified } = await classify(
		parts,
		{ student, round, ...(scored ? { method: preferred, ...paperThresholds } : {}) },
		run,
	);
	run.log(
		'info',
		`classified now by the rule "${method}": ${difficult} of ${questions} questions are difficult` +
			`${unclassified > 0 ? `, ${unclassified} unclassified` : ''}; classify again to use another rule`,
	);
	const stored = await parts.store.read('classification', { student, round });
	return { ids: stored?.difficult ?? [], method, settings };
}

function ruleOf(method: Exclude<DifficultyMethod, 'teacher'>, options: ClassifyOptions): DifficultyRule {
	const {
		tau1 = difficultyDefaults.tau1,
		tau2 = difficultyDefaults.tau2,
		words = difficultyDefaults.words,
	} = options;
	switch (method) {
		case 'answer':
			return checkedAnswerRule(
				wholeSamples(options.samples ?? difficultyDefaults.answerSamples),
				options.rightBelow,
			);
		case 'reward':
			return { method, tau1: threshold(tau1, 'tau1'), tau2: threshold(tau2, 'tau2') };
		case 'consistency':
			return { method, samples: wholeSamples(options.samples ?? difficultyDefaults.consistencySamples, 2) };
		case 'length':
			if (!(words > 0)) {
				throw new StatError('difficulty.badWords', { words });
			}
			return { method, words };
	}
}

function checkedAnswerRule(samples: number, rightBelow: number | undefined): DifficultyRule {
	if (rightBelow !== undefined && !(samples > 1 && rightBelow > 0 && rightBelow <= samples)) {
		throw new StatError('difficulty.badRightBelow', { rightBelow, samples });
	}
	return answerRule(samples, rightBelow);
}

function wholeSamples(samples: number, least = 1): number {
	if (!Number.isInteger(samples) || samples < least) {
		throw new StatError('difficulty.badSamples', { least, samples });
	}
	return samples;
}

function threshold(value: number, name: string): number {
	if (!(value >= 0 && value <= 1)) {
		throw new StatError('difficulty.badThreshold', { name, value });
	}
	return value;
}

/**
 * Returns each answer's group; answers of equal value share one. The grader is called only if no two of the first
 * `samples` answers have the same text.
 */
async function groupsOf(parts: Pick<Parts, 'grader'>, digest: ScopeDigest, samples: number): Promise<number[]> {
	const byText = groupEqualTexts(digest.extracted);
	return largestGroup(byText.slice(0, samples)) >= 2 ? byText : parts.grader.groups(digest.extracted);
}
