import type { Estimate, TeacherCall } from '../../core/ports/teacher.ts';
import type { Engine } from './engine.ts';
import type { ModelFacts } from '../wire/modelTable.ts';
import { priceOf } from '../wire/modelTable.ts';
import { requestKey } from './requestKey.ts';

const batch = 500;

/**
 * Estimates what the calls without a stored reply would cost. Tokens are counted by {@link TokenEstimate}. The length
 * of a reply is that of this model's earlier replies to the task, or else the expected one by the model table's factor
 * for hidden output.
 */
export async function estimateCalls(
	engine: Engine,
	/** With the prices of the tier that is requested. */
	facts: ModelFacts,
	calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
	expectedOutputTokens: number,
	onStored?: (text: string, call: TeacherCall) => void,
): Promise<Estimate> {
	let [count, cached, input, output] = [0, 0, 0, 0];
	let chunk: TeacherCall[] = [];
	const seen = new Set<string>();
	const measured = new Map<TeacherCall['task'], number>();
	const outputOf = async (task: TeacherCall['task']): Promise<number> => {
		const known =
			measured.get(task) ??
			engine.tokens.meanOutput(task) ??
			(await engine.replies.meanOutput?.(engine.model, task)) ??
			expectedOutputTokens * (facts.hiddenOutput ?? 1);
		measured.set(task, known);
		return known;
	};
	const flush = async () => {
		const keys = chunk.map((call) => requestKey(engine.keyModel, call, 0));
		const known = await engine.replies.known(keys);
		for (const [index, call] of chunk.entries()) {
			const key = keys[index] ?? '';
			// A stored reply to a call with `retryEmpty` may be empty, so the estimate errs on the high side.
			if ((known.has(key) && call.retryEmpty !== true) || seen.has(key)) {
				cached++;
				const reply = onStored && (await engine.replies.get(key));
				if (reply) {
					onStored?.(reply.text, call);
				}
				continue;
			}
			seen.add(key);
			input += engine.tokens.input(call.messages);
			output += await outputOf(call.task);
		}
		chunk = [];
	};
	for await (const call of calls) {
		count++;
		chunk.push(call);
		if (chunk.length >= batch) {
			await flush();
		}
	}
	await flush();
	output = Math.round(output);
	return {
		calls: Math.ceil((count - cached) / (engine.transport.shared ?? 1)),
		cached,
		tokens: { input, output },
		cost: priceOf(facts, { input, cachedInput: 0, output }),
	};
}
