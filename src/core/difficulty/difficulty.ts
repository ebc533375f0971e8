import type { AnswerDigest, Verdict } from '../questions/answer.ts';

export const difficultyMethods = ['answer', 'reward', 'consistency', 'length', 'teacher'] as const;
export type DifficultyMethod = (typeof difficultyMethods)[number];

/** The paper's reward thresholds (sec. 2.1). Our own are in `difficultyDefaults`. */
export const paperThresholds = { tau1: 0.85, tau2: 0.7 } as const;

/**
 * Our defaults: the paper's numbers (sec. 2.1, Table 11) where it has any. `answerSamples`: 1 reads only sample 0.
 * `tau1`, `tau2`: rewards in [0, 1]. `words`: mean answer length, in words, from which an answer counts as long. Help
 * texts, dialogs and rules all read these values.
 */
export const difficultyDefaults = {
	answerSamples: 1,
	tau1: 0.85,
	tau2: 0.7,
	consistencySamples: 5,
	words: 800,
} as const;

/** The thresholds in the paper's Table 8; rewards are in [0, 1]. */
export const thresholdGridDefaults = { tau1: [0, 0.8, 0.85, 0.9], tau2: [0, 0.6, 0.7, 0.8] } as const;

/** A rule that reads only answers; the `teacher` method asks the teacher instead. */
export type DifficultyRule =
	| {
			readonly method: 'answer';
			/** With 1, sample 0 must be wrong; with more, too few of that many samples are right. */
			readonly samples: number;
			/**
			 * With several samples, the question is difficult if fewer than this many are right; default
			 * {@link rightBelowOf}.
			 */
			readonly rightBelow?: number | undefined;
	  }
	| { readonly method: 'reward'; readonly tau1: number; readonly tau2: number }
	| { readonly method: 'consistency'; readonly samples: number }
	| { readonly method: 'length'; readonly words: number };

/** Reduces step scores r_1..r_t to what eq. (1) reads; `null` without scores. */
export function rewardDigest(scores: readonly number[] | null): AnswerDigest['reward'] {
	const last = scores?.at(-1);
	if (!scores || last === undefined) {
		return null;
	}
	const before = scores.slice(0, -1);
	return {
		last,
		mean: scores.reduce((sum, score) => sum + score, 0) / scores.length,
		minBeforeLast: before.length === 0 ? null : before.reduce((least, score) => Math.min(least, score)),
	};
}

/** Equation (1): R(q) = 0 if r_t ≤ τ1, or mean(r_1..r_t) ≤ τ1, or some i < t has r_i ≤ τ2. */
export function isDifficultByReward(reward: NonNullable<AnswerDigest['reward']>, tau1: number, tau2: number): boolean {
	return (
		reward.last <= tau1 || reward.mean <= tau1 || (reward.minBeforeLast !== null && reward.minBeforeLast <= tau2)
	);
}

/**
 * Whether one step's score is low according to equation (1). The last step is compared with τ1, earlier steps with τ2.
 */
export function isLowScore(
	scores: readonly number[] | null,
	index: number,
	{ tau1, tau2 }: { readonly tau1: number; readonly tau2: number },
): boolean {
	const score = scores?.[index];
	return score !== undefined && score <= (index + 1 === scores?.length ? tau1 : tau2);
}

/**
 * Whether a question is difficult; `null` (unclassified) if the rule cannot be applied because of missing verdicts,
 * scores or samples. `groups[i]` says which answers are equal (see Grader.groups) and is used only for `consistency`;
 * by default, answers are equal if their text is.
 */
export function isDifficult(
	rule: DifficultyRule,
	digest: AnswerDigest,
	groups: readonly number[] = groupEqualTexts(digest.extracted),
): boolean | null {
	switch (rule.method) {
		case 'answer':
			return isWrong(digest, rule.samples, rule.rightBelow ?? rightBelowOf(rule.samples));
		case 'reward':
			return digest.reward === null ? null : isDifficultByReward(digest.reward, rule.tau1, rule.tau2);
		case 'consistency':
			return digest.samples.length < rule.samples ? null : largestGroup(groups.slice(0, rule.samples)) < 2;
		case 'length':
			return digest.words.length === 0
				? null
				: digest.words.reduce((sum, words) => sum + words, 0) / digest.words.length >= rule.words;
	}
}

/** Returns sample 0's verdict, or `null` if there is no sample 0. */
export function firstVerdict(digest: Pick<AnswerDigest, 'samples' | 'verdicts'>): Verdict {
	return digest.samples[0] === 0 ? (digest.verdicts[0] ?? null) : null;
}

/** Returns half of this many samples; fewer right samples than that are a minority. */
export function rightBelowOf(samples: number): number {
	return Math.ceil(samples / 2);
}

/** Returns the rule `answer` in the one form that is stored and compared. */
export function answerRule(samples: number, rightBelow: number | null | undefined): DifficultyRule {
	return samples > 1
		? { method: 'answer', samples, rightBelow: rightBelow ?? rightBelowOf(samples) }
		: { method: 'answer', samples };
}

/** Describes in a few words which questions a rule finds difficult. */
export function describeRule(method: string, settings: Readonly<Record<string, unknown>>): string {
	const { samples, rightBelow } = settings;
	if (method !== 'answer') {
		return `by the rule "${method}"`;
	}
	return typeof samples === 'number' && samples > 1
		? `where fewer than ${typeof rightBelow === 'number' ? rightBelow : rightBelowOf(samples)} of ${samples} answers are right`
		: 'where the first answer is wrong';
}

/** Whether so many questions are unclassified (more than a tenth) that this is reported before the result. */
export function isLargelyUnclassified({
	unclassified,
	questions,
}: Record<'unclassified' | 'questions', number>): boolean {
	return unclassified * 10 > questions;
}

/** Explains in a few words why a rule leaves questions unclassified. */
export function whyUnclassified(method: DifficultyMethod, settings: Readonly<Record<string, unknown>>): string {
	const samples = typeof settings['samples'] === 'number' ? settings['samples'] : 1;
	switch (method) {
		case 'answer':
			return samples > 1
				? `they have fewer than ${samples} answers, no gold, or answers too unsure to decide`
				: 'their first answer has no verdict, since there is no gold, or since it is unsure or cut off';
		case 'reward':
			return 'their first answer has no step scores';
		case 'consistency':
			return `they have fewer than ${samples} answers`;
		case 'length':
			return 'they have no answers';
		case 'teacher':
			return 'only validation questions are sent to the teacher, and some replies may be set aside';
	}
}

/**
 * Whether fewer than `rightBelow` of the first `samples` answers are right; `null` if there are fewer samples or unsure
 * verdicts could change the outcome.
 */
function isWrong(digest: AnswerDigest, samples: number, rightBelow: number): boolean | null {
	if (samples <= 1) {
		const verdict = firstVerdict(digest);
		return verdict === null ? null : !verdict;
	}
	if (digest.verdicts.length < samples) {
		return null;
	}
	const considered = digest.verdicts.slice(0, samples);
	const right = considered.filter((verdict) => verdict === true).length;
	const unsure = considered.filter((verdict) => verdict === null).length;
	if (right >= rightBelow) {
		return false;
	}
	return right + unsure < rightBelow ? true : null;
}

/** Returns the size of the largest group, given group numbers as returned by {@link groupEqualTexts}. */
export function largestGroup(groups: readonly number[]): number {
	const sizes = new Map<number, number>();
	let largest = 0;
	for (const group of groups) {
		const size = (sizes.get(group) ?? 0) + 1;
		sizes.set(group, size);
		largest = Math.max(largest, size);
	}
	return largest;
}

/**
 * Groups answers with equal text: result[i] is the first index with the same text. Each `null` (no answer found) is its
 * own group.
 */
export function groupEqualTexts(answers: readonly (string | null)[]): number[] {
	const first = new Map<string, number>();
	return answers.map((answer, index) => {
		if (answer === null) {
			return index;
		}
		const known = first.get(answer);
		if (known === undefined) {
			first.set(answer, index);
		}
		return known ?? index;
	});
}

/**
 * Chooses the simplest rule that the data allow: `answer` with verdicts, else `reward` with step scores, else `consistency`
 * with enough samples, else `null`, in which case the user chooses. A rule needs its data for at least half of the
 * questions or, if no rule has that, for any question.
 */
export function defaultMethod(
	digests: readonly AnswerDigest[],
): Exclude<DifficultyMethod, 'teacher' | 'length'> | null {
	const applicable = {
		answer: digests.filter((digest) => firstVerdict(digest) !== null).length,
		reward: digests.filter((digest) => digest.reward !== null).length,
		consistency: digests.filter((digest) => digest.samples.length >= difficultyDefaults.consistencySamples).length,
	};
	const methods = ['answer', 'reward', 'consistency'] as const;
	return (
		methods.find((method) => applicable[method] > 0 && applicable[method] * 2 >= digests.length) ??
		methods.find((method) => applicable[method] > 0) ??
		null
	);
}
