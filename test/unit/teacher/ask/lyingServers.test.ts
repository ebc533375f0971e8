import assert from 'node:assert/strict';
import test from 'node:test';
import { StatError } from '../../../../src/core/errors/statError.ts';
import { Budget } from '../../../../src/core/ports/budget.ts';
import type { Spent, TeacherCall } from '../../../../src/core/ports/teacher.ts';
import { modelTable } from '../../../../src/teacher/wire/modelTable.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import type { Lie } from '../../../fixtures/lyingServers.ts';
import { lies, startLyingServer, truePrice } from '../../../fixtures/lyingServers.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

const prices = modelTable([[{ match: 'priced', ...truePrice, cachedInput: 0.2 }]]);
const limit = 200;
const cap = 0.06;
const concurrency = 16;

function* calls(count: number): Generator<TeacherCall> {
	for (let n = 0; n < count; n++) {
		yield {
			task: 'diagnose',
			about: `q${n}`,
			messages: [
				{ role: 'system', content: 'You read a solution of a student and name the skills that it lacks.' },
				{ role: 'user', content: `Question ${n}: solve \\frac{x}{${n}} = 3 + x for real x. `.repeat(8) },
			],
			sampling: { maxTokens: limit },
			sample: 0,
			promptVersion: 'diagnose@1',
		};
	}
}

/** Asks far more than the budget pays for. */
async function spend(lie: Lie) {
	const server = await startLyingServer(lie);
	const warnings: string[] = [];
	const teacher = createOpenAiTeacher({
		baseUrl: server.url,
		model: 'priced',
		replies: new MemoryReplyLog(),
		models: prices,
		backoffMs: 1,
		timeoutMs: lie.isSilent ? 40 : 20_000,
		concurrency,
		log: (level, line) => void (level === 'warn' && warnings.push(line)),
	});
	let spent: Spent | undefined;
	try {
		const outcomes = teacher.ask(calls(2000), (text) => text, {
			signal: new AbortController().signal,
			budget: new Budget({ usd: cap }),
			onProgress: (current) => void (spent = current),
		});
		let ended = 0;
		try {
			for await (const { call } of outcomes) {
				ended += call.task === 'diagnose' ? 1 : 0;
			}
			assert.equal(ended, 2000);
		} catch (error) {
			// A server that only fails ends the run.
			assert.ok(error instanceof StatError && error.kind !== 'usage', String(error));
		}
		return {
			bill: server.bill(),
			dearest: server.dearest(),
			inFlight: server.mostInFlight(),
			requests: server.requests(),
			reported: (spent?.cost ?? 0) + (spent?.unsure.usd ?? 0),
			warnings,
		};
	} finally {
		await teacher.dispose();
		await server.close();
	}
}

for (const lie of lies) {
	test(`the true bill of a server that ${lie.name} stays within the budget and the calls in flight`, async (t) => {
		const { bill, dearest, inFlight, requests, reported, warnings } = await spend(lie);
		t.diagnostic(
			`| ${lie.name} | ${requests} | ${inFlight} | ${dearest.toFixed(4)} | ${bill.toFixed(4)} | ` +
				`${reported.toFixed(4)} |`,
		);
		assert.equal(warnings.length, lie.isImplausible ? 1 : 0, warnings.join());
		// A reply that is sent but not read yet is still in flight, which only the client knows.
		const together = lie.honestFirst === undefined ? inFlight : concurrency;
		assert.ok(bill <= cap + together * dearest, `billed ${bill} of ${cap}, ${together} calls of ${dearest}`);
		if (lie.usage === undefined && lie.generates === undefined && lie.send === undefined && !lie.message) {
			assert.ok(bill > cap - 0.01, `only ${bill} of ${cap}`);
		}
		// Replies of ordinary length are paid for within the budget itself, whatever is reported.
		if (lie.generates === undefined) {
			assert.ok(bill <= cap, `billed ${bill} of ${cap}`);
		}
		// A server that exceeds its limit from the start never gets a second call beside the first.
		if (lie.generates !== undefined && lie.honestFirst === undefined) {
			assert.equal(inFlight, 1);
		}
	});
}
