import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { runCli } from '../../fixtures/builtCli.ts';
import { noPython, python, temporary } from './jobFixtures.ts';

interface Row {
	readonly id: string;
	readonly state: string;
	readonly step: number | null;
	readonly steps: number | null;
	readonly fetched: boolean;
}
interface Output {
	readonly job: string;
	readonly jobs: (Row & { readonly lr: number })[];
	readonly sweep: string;
	readonly sweeps: {
		readonly id: string;
		readonly over: boolean;
		readonly winner: string | null;
		readonly summary: string;
		readonly jobs: { readonly lr: number; readonly state: string; readonly questions: number | null }[];
	}[];
	readonly estimate: { readonly seconds: number; readonly jobs: number } | null;
	readonly state: string;
	readonly error: string;
	readonly imported: Record<string, number>;
	readonly answers: number;
	readonly difficult: number;
	readonly xray: { readonly rows: number; readonly share: number };
	readonly cleaned: { readonly name: string }[];
	readonly kept: string[];
}

describe('train, sample, score and jobs on the command line', { skip: noPython, concurrency: false }, () => {
	const project = temporary('project');
	const home = temporary('home');
	const cli = async (...args: string[]): Promise<{ code: number | null; out: string; err: string }> => {
		const { code, stdout, stderr } = await runCli(args, project, {
			STAT_STUDIO_HOSTS: path.join(home, 'hosts.json'),
			OMP_NUM_THREADS: '1',
		});
		return { code, out: stdout, err: stderr };
	};
	const did = async (...args: string[]): Promise<Output> => {
		const { code, out, err } = await cli(...args, '--json');
		assert.equal(code, 0, err);
		return JSON.parse(out) as Output;
	};
	const refused = async (...args: string[]): Promise<string> => {
		const { code, err } = await cli(...args);
		assert.ok(code === 1 || code === 2, err);
		return err;
	};

	before(async () => {
		mkdirSync(home, { recursive: true });
		const line = (number: number, more: object = {}) =>
			JSON.stringify({
				question: `What is $${number}+${number}$?`,
				answer: String(2 * number),
				subject: 'Algebra',
				...more,
			});
		writeFileSync(
			path.join(project, 'train.jsonl'),
			Array.from({ length: 16 }, (_, index) =>
				line(index + 1, { solution: `We add.\n\nIt is $\\boxed{${2 * index + 2}}$.` }),
			).join('\n'),
		);
		writeFileSync(
			path.join(project, 'val.jsonl'),
			Array.from({ length: 3 }, (_, index) => line(index + 50)).join('\n'),
		);
		await did('init');
		await did('import', 'questions', 'train.jsonl', '--split', 'train');
		await did('import', 'questions', 'val.jsonl', '--split', 'validation');
		await did('build', 'train', '--name', 'base');
		await did('hosts', 'add', 'local', '--root', path.join(home, 'root'), '--python', python);
	});

	test('an impossible request is rejected before a job exists', async () => {
		assert.match(await refused('train', 'base', '--model', 'tiny'), /--host is missing/);
		assert.match(await refused('train', 'base', '--host', 'local'), /--model is missing/);
		assert.match(await refused('train', 'nothing', '--host', 'local', '--model', 'tiny'), /nothing/);
		assert.match(
			await refused('train', 'base', '--host', 'local', '--model', 'tiny', '--set', 'speed=9'),
			/sft has no such setting; its settings are epochs, lr/,
		);
		assert.match(
			await refused('train', 'base', '--host', 'local', '--model', 'tiny', '--set', 'epochs=many'),
			/expected a number/,
		);
		assert.match(
			await refused('train', 'base', '--host', 'local', '--model', 'tiny', '--gpus', '3'),
			/3 GPUs cannot share an effective batch of 8 evenly/,
		);
		assert.match(
			await refused('train', 'base', '--host', 'local', '--model', 'tiny', '--gpus', '8'),
			/--set batch=1 --set accumulation=8/,
		);
		assert.match(
			await refused('train', 'base', '--host', 'local', '--model', 'tiny', '--sweep', '2'),
			/--sweep 2: expected paper/,
		);
		assert.match(
			await refused('train', 'base', '--host', 'local', '--model', 'tiny', '--sweep', '0.1'),
			/at least two learning rates/,
		);
		assert.match(await refused('train', 'base', '--host', '-oProxyCommand=id', '--model', 'tiny'), /host|argument/);
		assert.match(await refused('score', '--host', 'local', '--model', 'tiny'), /no student answers yet/);
		assert.match(await refused('jobs', 'cancel', 'abcdef'), /this project has no such job/);
		assert.deepEqual((await did('jobs', 'list')).jobs, []);
	});

	test("a host named only by the project's files is never connected to", async () => {
		const id = '0123456789ab';
		const folder = path.join(project, '.stat', 'jobs', id);
		mkdirSync(folder, { recursive: true });
		const record = {
			id,
			token: 'a'.repeat(32),
			host: 'evil.example',
			launcher: 'process',
			recipe: 'sft',
			dataset: 'base',
			model: 'tiny',
			dataSha256: 'b'.repeat(64),
			createdAt: '2026-01-01T00:00:00Z',
			spec: {
				version: 1,
				recipe: 'sft',
				job: id,
				model: { name: 'tiny' },
				data: 'data.jsonl',
				template: { kind: 'chat', system: null, instruction: null },
				settings: {},
			},
		};
		writeFileSync(path.join(folder, 'job.json'), JSON.stringify(record));
		const { jobs } = await did('jobs', 'list');
		assert.deepEqual(
			jobs.map((job) => [job.id, job.state, (job as unknown as { fresh: boolean }).fresh]),
			[[id, 'queued', false]],
		);
		assert.match(await refused('jobs', 'log', id), /has not been confirmed on this machine/);
	});

	test('the job of a sweep with the best graded answers wins, and a cancelled job competes once it has been resumed', async () => {
		const swept = await did(
			'train',
			'base',
			'--host',
			'local',
			'--model',
			'tiny',
			'--sweep',
			'0.001,0.0005,0.0002',
			'--validation',
			'2',
			'--set',
			'steps=1',
			'--set',
			'quantize=none',
			'--set',
			'maxAnswer=4',
		);
		const second = swept.jobs[1]?.id ?? '';
		assert.match((await cli('jobs', 'list')).out, new RegExp(`sweep ${swept.sweep}, base: `));
		await did('jobs', 'cancel', second);
		const outcome = await (async () => {
			for (;;) {
				const found = (await did('jobs', 'list')).sweeps.find(({ id }) => id === swept.sweep);
				if (found?.over) {
					return found;
				}
				await new Promise((resolve) => setTimeout(resolve, 1000));
			}
		})();
		assert.deepEqual(
			outcome.jobs.map(({ lr, state, questions }) => [lr, state, questions]),
			[
				[0.001, 'done', 2],
				[0.0005, 'cancelled', null],
				[0.0002, 'done', 2],
			],
		);
		assert.match(outcome.summary, /nothing to choose by; 0\.0005 cancelled: not compared/);
		assert.equal(outcome.winner, null, 'an untrained tiny student is right nowhere');
		// Our own grading decides: this job wins once its answers have been corrected by hand.
		const winning = path.join(project, '.stat', 'jobs', swept.jobs[2]?.id ?? '');
		const answers = readFileSync(path.join(winning, 'fetched', 'out', 'validation.jsonl'), 'utf8')
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as { question: string });
		const onHost = path.join(home, 'root', 'jobs', swept.jobs[2]?.id ?? '', 'out', 'validation.jsonl');
		writeFileSync(
			onHost,
			answers
				.map(
					(answer) =>
						`${JSON.stringify({ ...answer, responses: [`It is $\\boxed{${2 * Number(/\d+/.exec(answer.question)?.[0])}}$.`] })}\n`,
				)
				.join(''),
		);
		rmSync(path.join(winning, 'state.json'));
		const graded = (await did('jobs', 'list')).sweeps.find(({ id }) => id === swept.sweep);
		assert.equal(graded?.winner, swept.jobs[2]?.id, graded?.summary);
		await did('jobs', 'resume', swept.sweep, '--sweep');
		await cli('jobs', 'log', second, '--follow');
		const again = (await did('jobs', 'list')).sweeps.find(({ id }) => id === swept.sweep);
		assert.deepEqual(
			again?.jobs.map(({ state, questions }) => [state, questions]),
			[
				['done', 2],
				['done', 2],
				['done', 2],
			],
		);
		assert.match(await refused('jobs', 'resume', second), /is done: there is nothing left to do/);
		const { estimate } = await did(
			'train',
			'base',
			'--host',
			'local',
			'--model',
			'tiny',
			'--estimate',
			'--set',
			'quantize=none',
		);
		assert.ok(estimate !== null && estimate.jobs === 3 && estimate.seconds > 0);
		assert.equal(
			(await did('train', 'base', '--host', 'local', '--model', 'tiny', '--estimate')).estimate,
			null,
			'QLoRA has not been tried: no number',
		);
	});

	test('another clone of the project finds a job, follows its log from the first byte and fetches its results', async () => {
		const { job } = await did(
			'train',
			'base',
			'--host',
			'local',
			'--model',
			'tiny',
			'--set',
			'steps=60',
			'--set',
			'quantize=none',
		);
		const clone = temporary('clone');
		// What a colleague has after git clone: records and data, without this machine's state.
		cpSync(path.join(project, '.stat'), path.join(clone, '.stat'), { recursive: true });
		rmSync(path.join(clone, '.stat', 'jobs', job, 'state.json'), { force: true });
		const there = [...['--project', clone], '--json'] as const;
		const listed = await cli('jobs', 'list', ...there);
		assert.ok(
			['queued', 'running', 'done'].includes(
				(JSON.parse(listed.out) as Output).jobs.find(({ id }) => id === job)?.state ?? '',
			),
			listed.out,
		);
		const [mine, theirs] = await Promise.all([
			cli('jobs', 'log', job, '--follow'),
			cli('jobs', 'log', job, '--follow', '--project', clone),
		]);
		assert.equal(theirs.out, mine.out);
		assert.equal(mine.out.split('\n').filter((line) => line.includes('"kind": "step"')).length, 60);
		const fetched = await cli('jobs', 'fetch', job, ...there);
		assert.equal(fetched.code, 0, fetched.err);
		assert.deepEqual(
			readFileSync(path.join(clone, '.stat', 'jobs', job, 'fetched', 'events.jsonl'), 'utf8'),
			mine.out,
		);
		await did('jobs', 'fetch', job);
	});

	test('evaluate samples the unanswered questions on a host and grades the answers, and a second call samples nothing', async () => {
		writeFileSync(
			path.join(project, 'bench.jsonl'),
			Array.from({ length: 3 }, (_, index) =>
				JSON.stringify({ question: `What is $${index}-${index}$?`, answer: '0' }),
			).join('\n'),
		);
		await did('import', 'questions', 'bench.jsonl', '--split', 'test', '--benchmark', 'zeros');
		const evaluation = [
			'evaluate',
			'--model',
			'tiny',
			'--host',
			'local',
			'--benchmark',
			'zeros',
			'--student',
			'tiny',
			'--max-tokens',
			'4',
		];
		const first = await did(...evaluation);
		assert.equal(first.answers, 3);
		assert.equal(first.jobs.length, 1);
		const again = await did(...evaluation);
		assert.deepEqual([again.answers, again.jobs.length], [0, 0], 'nothing is asked twice');
	});

	test('a student can be trained, sampled and scored with CLI commands only, and a job removed by "jobs clean" remains listed with its log', async () => {
		const trained = await did(
			'train',
			'base',
			'--host',
			'local',
			'--model',
			'tiny',
			'--set',
			'epochs=1',
			'--set',
			'quantize=none',
			'--follow',
		);
		assert.equal(trained.state, 'done');
		const sampled = await did(
			'sample',
			'--student',
			'tiny',
			'--adapter',
			trained.job,
			'--host',
			'local',
			'--samples',
			'2',
			'--set',
			'maxNew=8',
			'--follow',
		);
		const fetched = await did('jobs', 'fetch', sampled.job);
		assert.equal(fetched.imported['answers'], 6);
		assert.equal(
			(await did('jobs', 'fetch', sampled.job)).imported['answers'],
			0,
			'fetched again, nothing comes twice',
		);
		assert.match(
			await refused('sample', '--student', 'tiny', '--adapter', trained.job, '--host', 'local'),
			/has answered every validation question in round 1/,
		);
		const scored = await did('score', '--host', 'local', '--model', 'tiny', '--follow');
		assert.equal((await did('jobs', 'fetch', scored.job)).imported['scored'], 3);
		const classified = await did('classify', '--method', 'reward');
		assert.equal(typeof classified.difficult, 'number');
		const { out } = await cli('jobs', 'log', trained.job, '--follow');
		assert.deepEqual(
			out
				.trimEnd()
				.split('\n')
				.map((line) => JSON.parse(line) as { kind: string; step: number })
				.filter(({ kind }) => kind === 'step')
				.map(({ step }) => step),
			[1, 2],
		);
		const cleaned = await did('jobs', 'clean', '--yes');
		assert.equal(cleaned.kept[0], trained.job, 'not fetched yet: left alone, as are those of the sweep');
		const gone = new Set(cleaned.cleaned.map(({ name }) => name));
		assert.deepEqual(
			[sampled.job, scored.job, trained.job].map((id) => gone.has(`jobs/${id}`)),
			[true, true, false],
			'fetched by this test; those of the tests before go too',
		);
		const { jobs } = await did('jobs', 'list');
		assert.deepEqual(
			jobs.slice(0, 3).map(({ state, step, steps }) => [state, step, steps]),
			[
				['done', 3, 3],
				['done', 3, 3],
				['done', 2, 2],
			],
		);
		const log = await cli('jobs', 'log', scored.job);
		assert.equal(
			log.out,
			readFileSync(path.join(project, '.stat', 'jobs', scored.job, 'fetched', 'events.jsonl'), 'utf8'),
			'a cleaned job’s log is read here',
		);
	});
});
