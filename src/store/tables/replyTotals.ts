import type { Reads } from '../../core/ports/store/store.ts';
import type { ReplyTotals } from '../../core/ports/store/project.ts';
import { replyPace } from '../../core/stats/pace.ts';
import { compareText } from '../../core/text/order.ts';
import { pointerOf } from '../engine/packed.ts';
import { replyShape } from './replies.ts';
import type { Context } from './verb.ts';

interface Sums {
	readonly task: ReplyTotals['task'];
	readonly model: string;
	replies: number;
	cost: number;
	unpriced: number;
	withUsage: number;
	input: number;
	output: number;
	readonly times: number[];
}

/** Fewer replies than this have no mean. */
const enoughReplies = 10;
const facts = replyShape.pick({ task: true, model: true, usage: true, cost: true, at: true });

/** Replies that cannot be read do not count: they will be paid for again. */
export function replyTotals(
	{ db, texts }: Context,
	{ latest }: Reads['replyTotals']['params'],
): Reads['replyTotals']['result'] {
	const sums = new Map<string, Sums>();
	const rows = db.all(
		'SELECT segment, offset, length, sum FROM reply ORDER BY segment DESC, offset DESC LIMIT ?',
		latest ?? -1,
	);
	for (const row of rows) {
		const found = facts.safeParse(texts.readIfSound(pointerOf(row))?.extra);
		if (!found.success) {
			continue;
		}
		const { task, model, usage, cost, at } = found.data;
		const key = `${task}\n${model}`;
		const sum = sums.get(key) ?? {
			task,
			model,
			replies: 0,
			cost: 0,
			unpriced: 0,
			withUsage: 0,
			input: 0,
			output: 0,
			times: [],
		};
		sums.set(key, sum);
		sum.replies += 1;
		sum.cost += cost ?? 0;
		sum.unpriced += cost === null ? 1 : 0;
		if (usage) {
			sum.withUsage += 1;
			sum.input += usage.input;
			sum.output += usage.output;
		}
		sum.times.push(Date.parse(at));
	}
	return [...sums]
		.sort(([left], [right]) => compareText(left, right))
		.map(([, { task, model, replies, cost, unpriced, withUsage, input, output, times }]) => ({
			task,
			model,
			replies,
			cost,
			unpriced,
			meanInput: withUsage < enoughReplies ? null : input / withUsage,
			meanOutput: withUsage < enoughReplies ? null : output / withUsage,
			perSecond: replyPace(times),
		}));
}
