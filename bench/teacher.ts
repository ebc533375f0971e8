// Measures the teacher's requests per second against the bare openai client on the same local server, and against the
// number of requests in flight ÷ latency. The server runs in its own process, so that its work does not count.
import { spawn } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { build } from 'esbuild';
import { programOptions } from '../scripts/bundle.mjs';
import type { ReplyClaims, ReplyLog, TeacherCall, TeacherReply } from '../src/core/ports/teacher.ts';
import { modelTable } from '../src/teacher/wire/modelTable.ts';
import { createOpenAiTeacher } from '../src/teacher/wire/openAiTeacher.ts';

const latency = 200;
const rounds = 12;

/** A log that stores only keys, since the store has its own bench. */
class NoLog implements ReplyLog {
	async get(): Promise<TeacherReply | undefined> {
		return undefined;
	}
	async known(): Promise<ReadonlySet<string>> {
		return new Set();
	}
	async put(): Promise<void> {}
	claims(): ReplyClaims {
		return {
			take: async (keys) => keys.map(() => ({ state: 'ours' })),
			release: () => undefined,
			close: () => undefined,
		};
	}
}

async function main(): Promise<void> {
	await build({
		...programOptions,
		entryPoints: ['test/fixtures/standInTeacher.ts'],
		outdir: 'out/fixtures',
	});
	const says = 'x'.repeat(2000);
	const child = spawn(
		process.execPath,
		[
			'out/fixtures/standInTeacher.js',
			'--port',
			'0',
			'--latency',
			String(latency),
			'--settings',
			JSON.stringify({ says }),
		],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	try {
		const line = await new Promise<string>((resolve) =>
			child.stdout.once('data', (data: Buffer) => resolve(data.toString())),
		);
		const { url } = JSON.parse(line) as { url: string };
		console.log(
			`Server: one process on 127.0.0.1, ${latency} ms a reply; prompt 6 kB, reply 2 kB; Node ` +
				`${process.version}.\n`,
		);
		console.log(
			'| in flight | in flight ÷ latency, req/s | bare openai client, req/s | teacher, req/s | ' +
				'teacher ÷ bare | teacher ÷ ideal | event-loop lag p99, ms (bare) | CPU ms a request (bare) |',
		);
		console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
		for (const inFlight of [8, 32, 128]) {
			const count = inFlight * rounds;
			await bare(url, inFlight, inFlight * 2);
			// The two are interleaved three times and the better run of each is used, since the machine is shared.
			const runs = { bare: [] as Measured[], teacher: [] as Measured[] };
			for (let turn = 0; turn < 3; turn++) {
				runs.bare.push(await measured(count, () => bare(url, inFlight, count)));
				runs.teacher.push(await measured(count, () => teacher(url, inFlight, count)));
			}
			const best = (of: Measured[]) => of.reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
			const [b, t] = [best(runs.bare), best(runs.teacher)];
			const ideal = (inFlight * 1000) / latency;
			console.log(
				`| ${inFlight} | ${ideal.toFixed(0)} | ${b.perSecond.toFixed(1)} | ` +
					`${t.perSecond.toFixed(1)} | ${(t.perSecond / b.perSecond).toFixed(3)} | ` +
					`${(t.perSecond / ideal).toFixed(3)} | ${t.lag.toFixed(1)} (${b.lag.toFixed(1)}) | ` +
					`${t.cpu.toFixed(2)} (${b.cpu.toFixed(2)}) |`,
			);
		}
	} finally {
		child.kill();
	}
}

interface Measured {
	readonly perSecond: number;
	readonly lag: number;
	readonly cpu: number;
}

async function measured(count: number, run: () => Promise<number>): Promise<Measured> {
	const delay = monitorEventLoopDelay({ resolution: 1 });
	delay.enable();
	const cpu = process.cpuUsage();
	const seconds = await run();
	const used = process.cpuUsage(cpu);
	delay.disable();
	return {
		perSecond: count / seconds,
		lag: delay.percentile(99) / 1e6,
		cpu: (used.user + used.system) / 1000 / count,
	};
}

function call(n: number): TeacherCall {
	return {
		task: 'solve',
		about: String(n),
		messages: [{ role: 'user', content: `${n} ${'a word or two of a prompt '.repeat(240)}` }],
		sampling: { temperature: 0 },
		sample: 0,
		promptVersion: 'bench@1',
	};
}

/** Returns the seconds for all calls, at steady concurrency. */
async function bare(url: string, inFlight: number, count: number): Promise<number> {
	const { OpenAI } = await import('openai');
	const client = new OpenAI({ apiKey: 'none', baseURL: url, maxRetries: 0, logLevel: 'off' });
	let next = 0;
	const began = performance.now();
	await Promise.all(
		Array.from({ length: inFlight }, async () => {
			while (next < count) {
				const { messages } = call(next++);
				const reply = await client.chat.completions.create({
					model: 'stand-in',
					messages: messages as { role: 'user'; content: string }[],
					temperature: 0,
				});
				if (!reply.choices[0]?.message.content) {
					throw new Error('no reply');
				}
			}
		}),
	);
	return (performance.now() - began) / 1000;
}

async function teacher(url: string, inFlight: number, count: number): Promise<number> {
	const one = createOpenAiTeacher({
		baseUrl: url,
		model: 'stand-in',
		replies: new NoLog(),
		models: modelTable([]),
		concurrency: inFlight,
	});
	// Slow start (20, 40, 80…) affects the first rounds, and only the steady pace is compared.
	await drain(one, 0, inFlight * 4);
	const seconds = await drain(one, inFlight * 4, count);
	await one.dispose();
	return seconds;
}

async function drain(one: ReturnType<typeof createOpenAiTeacher>, from: number, count: number): Promise<number> {
	function* calls() {
		for (let n = from; n < from + count; n++) {
			yield call(n);
		}
	}
	const began = performance.now();
	let answered = 0;
	for await (const outcome of one.ask(calls(), (text) => text.length, { signal: new AbortController().signal })) {
		answered += 'value' in outcome ? 1 : 0;
	}
	if (answered !== count) {
		throw new Error(`${answered} of ${count} answered`);
	}
	return (performance.now() - began) / 1000;
}

void main();
