import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ended, newFolder, runCli, startCli } from '../../fixtures/builtCli.ts';
import type { StudentSettings } from '../../fixtures/standInStudent.ts';
import { startStandInStudent } from '../../fixtures/standInStudent.ts';

const count = 20;
const questions = Array.from({ length: count }, (_, n) => ({
	part: `crate ${n}:`,
	problem: `In crate ${n}: there are $${n}$ boxes of 7. How many things are there?`,
	answer: String(7 * n),
}));
const golds = new Map(questions.map(({ part, answer }) => [part, answer]));
const student: StudentSettings = {
	golds,
	skill: (part) => (Number(part.slice(6, -1)) % 10) / 10,
	latency: 5,
	cut: 0,
	broken: 0,
};

async function must(
	args: readonly string[],
	cwd: string,
	env: Record<string, string> = {},
): Promise<Record<string, unknown>> {
	const ran = await runCli([...args, '--json'], cwd, env);
	assert.equal(ran.code, 0, ran.stderr);
	return ran.json();
}

/** Creates a project with the questions as a benchmark, `validation` of them in the validation split. */
async function project(validation = 0): Promise<string> {
	const folder = newFolder();
	fs.writeFileSync(
		path.join(folder, 'crates.jsonl'),
		questions.map(({ problem, answer }) => `${JSON.stringify({ prompt: problem, key: answer })}\n`).join(''),
	);
	await must(['init'], folder);
	const added = await must(
		[
			'benchmarks',
			'add',
			'crates',
			'crates.jsonl',
			'--map',
			'question=prompt,gold=key',
			'--validation',
			String(validation),
		],
		folder,
	);
	assert.deepEqual([added['test'], added['validation'], added['questions']], [count - validation, validation, count]);
	return folder;
}

interface Evaluated {
	readonly benchmark: string;
	readonly part: string;
	readonly n: number;
	readonly pass1: number;
	readonly avgk: number;
	readonly passk: number;
	readonly ci95: readonly [number, number];
	readonly unanswered: number;
	readonly unsure: number;
}
const benchmarksOf = (result: Record<string, unknown>) => result['benchmarks'] as Evaluated[];

test('k answers per question are sampled from a served student and scored exactly, and a second run sends nothing', async () => {
	const folder = await project();
	const server = await startStandInStudent(student);
	try {
		const args = [
			'evaluate',
			'--model',
			'tiny',
			'--url',
			server.url,
			'--benchmark',
			'crates',
			'--samples',
			'4',
			'--temperature',
			'0.7',
			'--max-tokens',
			'99',
		];
		const result = await must(args, folder, { STAT_STUDENT_KEY: 'student-key', OPENAI_API_KEY: 'teacher-key' });
		const [crates] = benchmarksOf(result);
		assert.ok(crates);
		const sent = [...server.sent.values()];
		assert.equal(sent.length, count * 4);
		assert.equal(result['answers'], count * 4);
		assert.ok(sent.every(({ temperature, maxTokens }) => temperature === 0.7 && maxTokens === 99));
		assert.equal(server.key(), 'Bearer student-key');
		const rights = questions.map(({ part }) => sent.filter((one) => one.part === part && one.right).length);
		assert.equal(crates.n, count);
		assert.ok(Math.abs(crates.avgk - rights.reduce((sum, right) => sum + right, 0) / (4 * count)) < 1e-12);
		assert.ok(Math.abs(crates.passk - rights.filter((right) => right > 0).length / count) < 1e-12);
		assert.ok(crates.ci95[0] < crates.avgk && crates.avgk < crates.ci95[1]);
		const again = await must(args, folder);
		assert.equal(server.received(), count * 4);
		assert.deepEqual(
			[again['benchmarks'], again['evaluation'], again['answers']],
			[result['benchmarks'], result['evaluation'], 0],
		);
		// If more samples are requested with the same settings, only the missing ones are sent.
		await must(
			args.map((arg) => (arg === '4' ? '6' : arg)),
			folder,
		);
		assert.equal(server.received(), count * 6);
		// Another temperature in the same round is refused before anything is sent.
		const other = await runCli(
			args.map((arg) => (arg === '0.7' ? '0.1' : arg)),
			folder,
		);
		assert.equal(other.code, 2);
		assert.match(
			other.stderr,
			/20 of these questions have answers in tiny:1 that were not made with these settings.*another --round/,
		);
		// A later checkpoint under the same name is another student: no replies of the first one are used.
		await must([...args, '--round', '2'], folder);
		assert.equal(server.received(), count * 10);
		// Another server is used for the same round: once most answers are from an earlier server, their origin is
		// reported.
		const elsewhere = await startStandInStudent(student);
		try {
			const ran = await runCli(
				args.map((arg) => (arg === server.url ? elsewhere.url : arg)),
				folder,
			);
			assert.equal(elsewhere.received(), 0);
			assert.match(
				ran.stderr,
				new RegExp(
					`80 of 80 were answered before, by tiny at ${new URL(server.url).origin}; give another ` +
						'--round for another checkpoint',
				),
			);
		} finally {
			await elsewhere.close();
		}
	} finally {
		await server.close();
	}
});

test('only test questions are sampled, a cut-off answer is wrong, and a failed request is sent again in the next run', async () => {
	const folder = await project(8);
	const server = await startStandInStudent({ ...student, skill: () => 1, cut: 0.5 });
	try {
		const [crates] = benchmarksOf(
			await must(['evaluate', '--model', 'tiny', '--url', server.url, '--benchmark', 'crates'], folder),
		);
		assert.deepEqual([crates?.part, crates?.n], ['test', 12]);
		assert.equal(server.received(), 12);
		const right = [...server.sent.values()].filter((one) => one.right).length;
		assert.ok(right < 12 && crates?.pass1 === right / 12);
		const [validation] = benchmarksOf(
			await must(
				['evaluate', '--model', 'tiny', '--url', server.url, '--benchmark', 'crates', '--split', 'validation'],
				folder,
			),
		);
		assert.deepEqual([validation?.part, validation?.n], ['validation', 8]);
		const { answers } = await must(['status'], folder);
		assert.equal(answers, 20);
	} finally {
		await server.close();
	}
});

test('an evaluation killed at random moments resumes to the same result without requesting stored answers again', async () => {
	const folder = await project();
	const server = await startStandInStudent({ ...student, latency: 60, broken: 0.05 });
	const inFlight = 8;
	const args = [
		'evaluate',
		'--model',
		'tiny',
		'--url',
		server.url,
		'--benchmark',
		'crates',
		'--samples',
		'16',
		'--concurrency',
		String(inFlight),
		'--json',
	];
	try {
		let kills = 0;
		for (let round = 0; round < 4; round++) {
			const child = startCli(args, folder);
			const end = ended(child);
			// The kill comes at a random moment while requests are being sent, however fast this machine is.
			const until = server.received() + 20 + round * 15;
			while (child.exitCode === null && server.received() < until) {
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			kills += child.exitCode === null ? 1 : 0;
			child.kill('SIGKILL');
			await end;
		}
		const result = await must(args.slice(0, -1), folder);
		const [crates] = benchmarksOf(result);
		assert.equal(crates?.n, count);
		assert.equal(crates?.unanswered, 0);
		assert.equal(server.sent.size, count * 16);
		const right = [...server.sent.values()].filter((one) => one.right).length;
		assert.ok(Math.abs((crates?.avgk ?? -1) - right / (count * 16)) < 1e-12);
		// A kill loses the replies that were on their way, and at most as many that had arrived and were about to be
		// stored.
		assert.ok(server.sentTwice() <= kills * 2 * inFlight, `${server.sentTwice()} sent twice at ${kills} kills`);
		const before = server.received();
		assert.deepEqual((await must(args.slice(0, -1), folder))['benchmarks'], result['benchmarks']);
		assert.equal(server.received(), before);
	} finally {
		await server.close();
	}
});

test('an impossible evaluation is rejected with a one-line message that says what to do', async () => {
	const folder = await project();
	fs.writeFileSync(
		path.join(folder, 'log.jsonl'),
		`${JSON.stringify({ question: questions[0]?.problem, response: 'It is 1.' })}\n`,
	);
	await must(['import', 'answers', 'log.jsonl', '--student', 'tiny'], folder);
	const url = 'http://127.0.0.1:9/v1';
	for (const [args, message] of [
		[
			['--model', 'tiny', '--url', url, '--benchmark', 'AIME24'],
			/no questions from AIME24, only from: crates.*add them .*benchmarks add AIME24 FILE.*HuggingFaceH4\/aime_2024/,
		],
		[['--model', 'tiny', '--url', url], /no benchmark is named: give --benchmark NAME/],
		[['--model', 'tiny', '--benchmark', 'crates'], /--url URL .* or --host HOST/],
		[['--url', url, '--benchmark', 'crates'], /--model is missing/],
		[
			['--model', 'tiny', '--url', url, '--benchmark', 'crates', '--split', 'validation'],
			/crates has no validation questions here, only test questions/,
		],
		[
			['--model', 'tiny', '--url', url, '--benchmark', 'crates'],
			/1 of these questions have answers in tiny:1 .*--keep/,
		],
		[
			['--model', 'tiny', '--url', url, '--benchmark', 'MATH^D'],
			/difficult part of MATH for tiny and is not known yet/,
		],
		[['--model', 'tiny', '--url', 'ftp://x', '--benchmark', 'crates', '--keep'], /http/],
	] as const) {
		const { code, stderr } = await runCli(['evaluate', ...args], folder);
		assert.equal(code, 2, stderr);
		assert.match(stderr, message);
	}
});

const evaluation = (url: string) => ['evaluate', '--model', 'tiny', '--url', url, '--benchmark', 'crates'];
const failedChoice = (code: number) => ({
	index: 0,
	finish_reason: 'error',
	error: { code, message: 'Provider returned error' },
	message: { role: 'assistant', content: '' },
});

test("a provider's error inside a choice is never stored as the student's answer, and the answer is requested again", async () => {
	const folder = await project();
	let isDown = true;
	const server = await startStandInStudent({
		...student,
		skill: () => 1,
		choice: (part, time) => {
			if (part === 'crate 3:') {
				return isDown ? failedChoice(400) : undefined;
			}
			return time === 1 ? failedChoice(502) : undefined;
		},
	});
	try {
		const first = await must(evaluation(server.url), folder);
		const [crates] = benchmarksOf(first);
		assert.deepEqual([first['answers'], first['failed'], first['empty']], [count - 1, 1, 0]);
		assert.deepEqual([crates?.n, crates?.pass1, crates?.unanswered], [count - 1, 1, 1]);
		isDown = false;
		const second = await must(evaluation(server.url), folder);
		assert.deepEqual([second['answers'], second['failed']], [1, 0]);
		assert.deepEqual([benchmarksOf(second)[0]?.n, benchmarksOf(second)[0]?.pass1], [count, 1]);
	} finally {
		await server.close();
	}
});

test('an answer cut off by the token limit is graded by what it contains up to there, and cut-off answers are reported', async () => {
	const folder = await project();
	const gold = (part: string) => golds.get(part) ?? '';
	const texts: Readonly<Record<string, (part: string) => string>> = {
		// The last number is the gold, by chance.
		'crate 2:': (part) => `First we count the boxes of each row, which makes ${gold(part)}`,
		'crate 4:': (part) => `So it is $\\boxed{${gold(part)}}$. Let me check this by`,
		'crate 6:': () => 'The answer is 4',
	};
	const server = await startStandInStudent({
		...student,
		skill: () => 0,
		choice: (part) => {
			const text = texts[part];
			return text && { index: 0, finish_reason: 'MAX_TOKENS', message: { content: text(part) } };
		},
	});
	try {
		const ran = await runCli(evaluation(server.url), folder);
		assert.equal(ran.code, 0, ran.stderr);
		assert.match(ran.stdout, /3 answers were cut off by the token limit and count by what they had named/);
		const [crates] = benchmarksOf(await must([...evaluation(server.url), '--keep'], folder));
		assert.deepEqual([crates?.n, crates?.unsure, (crates?.pass1 ?? 0) * count], [count, 2, 1]);
	} finally {
		await server.close();
	}
});

test('answers without text are reported, and are requested again and replaced only if an option says so', async () => {
	const folder = await project();
	const empty = new Set(['crate 1:', 'crate 5:', 'crate 7:']);
	let isEmpty = true;
	const server = await startStandInStudent({
		...student,
		skill: () => 1,
		choice: (part) =>
			isEmpty && empty.has(part)
				? { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: null } }
				: undefined,
	});
	try {
		const first = await must(evaluation(server.url), folder);
		assert.deepEqual([first['answers'], first['empty']], [count, 3]);
		assert.equal(benchmarksOf(first)[0]?.pass1, (count - 3) / count);
		isEmpty = false;
		const before = server.received();
		const plain = await runCli(evaluation(server.url), folder);
		assert.match(plain.stderr, /3 answers have no text: .*--retry-empty requests them again/);
		assert.equal(server.received(), before);
		const again = await must([...evaluation(server.url), '--retry-empty'], folder);
		assert.equal(server.received(), before + 3);
		assert.deepEqual([again['answers'], again['empty'], benchmarksOf(again)[0]?.pass1], [3, 0, 1]);
		assert.deepEqual(benchmarksOf(await must(evaluation(server.url), folder)), benchmarksOf(again));
		assert.equal(server.received(), before + 3);
	} finally {
		await server.close();
	}
});

test('answers whose whole text the server returned as reasoning are unsure and reported', async () => {
	const folder = await project();
	const server = await startStandInStudent({
		...student,
		choice: (part) => ({
			index: 0,
			finish_reason: 'stop',
			message: { content: null, reasoning_content: `It is \\boxed{${golds.get(part)}}.` },
		}),
	});
	try {
		const ran = await runCli(evaluation(server.url), folder);
		assert.match(ran.stdout, /20 answers are an open thought: the server took all text for reasoning/);
		assert.match(ran.stdout, /20 answers could not be told right or wrong/);
	} finally {
		await server.close();
	}
});
