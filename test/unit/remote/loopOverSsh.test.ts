import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import type { Sshd } from '../../fixtures/sshd.ts';
import { noSshd, openSshd } from '../../fixtures/sshd.ts';
import { noPython, python, until } from './jobFixtures.ts';

type Output = Readonly<Record<string, unknown>> & {
	readonly job: string;
	readonly state: string;
	readonly imported: Readonly<Record<string, number>>;
	readonly files: readonly { readonly name: string }[];
};

/** A short form of the loop's remote steps as a user sees them: an ordinary home on a fresh host, reached by ssh. */
describe(
	'the loop over ssh: SFT on a STAT-Sel set, GRPO from its adapter, sampling and scoring',
	{ skip: noPython || noSshd(), concurrency: false },
	() => {
		let sshd: Sshd;
		const project = newFolder();
		const did = async (...args: string[]): Promise<Output> => {
			const ran = await runCli([...args, '--json'], project, {
				STAT_SSH_CONFIG: sshd.configFile,
				STAT_STUDIO_HOSTS: path.join(project, 'hosts.json'),
			});
			assert.equal(ran.code, 0, ran.stderr);
			return ran.json() as Output;
		};
		before(async () => {
			sshd = await openSshd(python);
			writeFileSync(path.join(sshd.home, '.bashrc'), 'echo "Welcome!"\necho quota >&2\n');
			cpSync('examples/sample', project, { recursive: true });
			const banks = (split: string) =>
				readdirSync(path.join(project, 'skills')).map((subject) =>
					path.join('skills', subject, split, `${split}_post_cluster.json`),
				);
			const teacher = ['--teacher', 'scripted:teacher.jsonl'];
			await did('init');
			await did('import', 'skills', ...banks('train'), '--split', 'train');
			await did('import', 'skills', ...banks('validation'), '--split', 'validation');
			await did('import', 'questions', 'questions/train.jsonl', '--split', 'train');
			await did('import', 'answers', 'answers/tiny-student.jsonl', '--student', 'tiny-student');
			await did('classify', '--method', 'answer');
			await did('diagnose', ...teacher);
			await did('build', 'sel', '--name', 'targeted', ...teacher);
			await did(
				'hosts',
				'add',
				'gpu',
				'--root',
				'~/it\'s "ours" & more',
				'--python',
				sshd.python,
				'--prelude',
				'export OMP_NUM_THREADS=1',
			);
		});
		after(() => sshd.close());

		test('every step from preflight to scoring and the next round works over ssh', async () => {
			await did('hosts', 'check', 'gpu');
			const common = ['--host', 'gpu', '--set', 'quantize=none', '--follow'];
			const sft = await did('train', 'targeted', '--model', 'tiny', ...common, '--set', 'steps=3');
			assert.deepEqual([sft.state, sft['step']], ['done', 3]);
			const fetched = await did('jobs', 'fetch', sft.job);
			assert.ok(fetched.files.some(({ name }) => name === 'out/model/adapter_model.safetensors'));
			assert.ok(
				existsSync(
					path.join(project, '.stat', 'jobs', sft.job, 'fetched', 'out', 'model', 'adapter_config.json'),
				),
			);
			const grpo = await did(
				'train',
				'targeted',
				'--recipe',
				'grpo',
				'--adapter',
				sft.job,
				...common,
				'--set',
				'steps=1',
				'--set',
				'questions=4',
				'--set',
				'miniBatch=2',
				'--set',
				'rollouts=2',
				'--set',
				'maxCompletion=8',
			);
			assert.deepEqual([grpo.state, grpo['step']], ['done', 1]);
			const sampled = await did(
				'sample',
				'--student',
				'trained',
				'--adapter',
				grpo.job,
				'--host',
				'gpu',
				'--set',
				'maxNew=8',
				'--follow',
			);
			const answers = (await did('jobs', 'fetch', sampled.job)).imported['answers'] ?? 0;
			assert.ok(answers > 10);
			const scored = await did('score', '--student', 'trained', '--host', 'gpu', '--model', 'tiny', '--follow');
			const { imported } = await did('jobs', 'fetch', scored.job);
			assert.ok((imported['scored'] ?? 0) > 0);
			assert.equal((await did('classify', '--student', 'trained', '--method', 'reward'))['method'], 'reward');
			// The next round of that training: its student answers on the job's own host, by default the validation
			// questions.
			const next = await did('rounds', 'next', sft.job, '--sample', '--set', 'maxNew=8');
			const round = next['round'] as unknown as { student: string; round: number; parent: unknown };
			assert.deepEqual(
				[round.student, round.round, round.parent],
				['tiny-student', 2, { student: 'tiny-student', round: 1 }],
			);
			await until(
				'its answers',
				async () =>
					(
						(await did('jobs', 'list'))['jobs'] as unknown as readonly {
							readonly id: string;
							readonly state: string;
						}[]
					).find(({ id }) => id === next.job)?.state === 'done',
			);
			const brought = (await did('jobs', 'fetch', next.job)).imported['answers'];
			const shown = await did('rounds', 'show', 'tiny-student:2');
			assert.deepEqual([brought, shown['questions']], [answers, answers], 'every validation question, once');
			// Eight tokens cut every answer off before it names a result: none is right or wrong.
			const classified = await did('classify', '--student', 'tiny-student', '--round', '2', '--method', 'answer');
			assert.deepEqual([classified['questions'], classified['unclassified']], [answers, answers]);
		});
	},
);
