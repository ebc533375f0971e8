/** Longer pauses between replies belong to nobody's work: the run had ended, or waited for a person. */
const longestPause = 60_000;
const enoughReplies = 20;

/**
 * Returns how many replies arrived per second while replies arrived, from their times in ms; `null` below 20 replies.
 */
export function replyPace(times: readonly number[]): number | null {
	const sorted = times.filter(Number.isFinite).sort((left, right) => left - right);
	const gaps = sorted.slice(1).map((time, index) => time - (sorted[index] ?? time));
	const busy = gaps.filter((gap) => gap <= longestPause);
	const seconds = busy.reduce((sum, gap) => sum + gap, 0) / 1000;
	return busy.length < enoughReplies - 1 || seconds === 0 ? null : busy.length / seconds;
}
