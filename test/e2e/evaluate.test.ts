import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openStore } from '../../src/store/openStore.ts';
import { fillRounds, smallRounds, worldStudent } from '../fixtures/roundsWorld.ts';
import { startStandInStudent } from '../fixtures/standInStudent.ts';
import { cli } from '../screenshots/projects.ts';
import { Workbench } from './workbench.ts';

const python = process.env['STAT_PYTHON'] ?? '';
const questions = Array.from({ length: 6 }, (_, n) => ({
	part: `shelf ${n}:`,
	problem: `On shelf ${n}: there are $${n}$ boxes of 3. How many things?`,
	answer: String(3 * n),
}));

interface Shown {
	readonly round: {
		readonly parent: { readonly student: string; readonly round: number } | null;
		readonly benchmark: string | null;
		readonly control: boolean;
	};
	readonly questions: number;
}

test(
	'a student is evaluated at an endpoint and on a host from the palette, and its rounds are compared',
	{ timeout: 900_000 },
	async (t) => {
		const server = await startStandInStudent({
			golds: new Map(questions.map(({ part, answer }) => [part, answer])),
			skill: () => 1,
			latency: 5,
			cut: 0,
			broken: 0,
		});
		const home = mkdtempSync(path.join(os.tmpdir(), 'stat-e2e-evaluate-'));
		process.env['STAT_STUDIO_HOSTS'] = path.join(home, 'hosts.json');
		writeFileSync(
			process.env['STAT_STUDIO_HOSTS'],
			JSON.stringify({
				hosts: [
					{
						name: 'local',
						root: path.join(home, 'root'),
						python,
						prelude: 'OMP_NUM_THREADS=1; export OMP_NUM_THREADS',
					},
				],
			}),
		);
		process.env['HF_HOME'] = path.join(home, 'hf');
		const snapshot = path.join(home, 'hf/hub/datasets--openai--gsm8k/snapshots/abcdef/main');
		mkdirSync(snapshot, { recursive: true });
		writeFileSync(
			path.join(snapshot, 'test.jsonl'),
			[1, 2, 3]
				.map(
					(n) =>
						`${JSON.stringify({ question: `Ada has ${n} boxes of 3. How many things?`, answer: `#### ${3 * n}` })}\n`,
				)
				.join(''),
		);
		const bench = await Workbench.open({
			prepare: async (folder) => {
				const store = await openStore({ projectFolder: folder, dist: path.resolve('dist'), create: true });
				await fillRounds(store, { ...smallRounds, perSkill: 12 });
				await store.close();
				const file = path.join(folder, 'shelves.jsonl');
				writeFileSync(
					file,
					questions.map(({ problem, answer }) => `${JSON.stringify({ problem, answer })}\n`).join(''),
				);
				cli(folder, 'benchmarks', 'add', 'shelves', file);
			},
		});
		t.after(async () => {
			await bench.close();
			await server.close();
			rmSync(home, { recursive: true, force: true });
		});
		/** Presses Back in the open input. */
		const back = () => bench.quickInput.locator('.quick-input-titlebar .action-label[aria-label^="Back"]').click();
		const checkbox = (name: string) =>
			bench.quickInput
				.locator('.monaco-list-row', { hasText: name })
				.first()
				.locator('.quick-input-list-checkbox, .monaco-custom-toggle')
				.first();
		/** `isTicked`: whether the item was ticked before. */
		const tick = async (name: string, isTicked = false) => {
			await bench.quickInput.locator('input.input[placeholder*="Which benchmarks?"]').waitFor();
			if (!isTicked) {
				await checkbox(name).click();
			}
			await bench.quickInput.locator('.quick-input-count', { hasText: '1 Selected' }).waitFor();
			await bench.quickInput.getByRole('button', { name: 'OK' }).click();
		};
		const resultOf = (student: string) =>
			bench.page.locator('.tab.active', { hasText: `Evaluation of ${student}` });

		await t.test(
			'a served student is evaluated with one request per question, and every wizard step has a Back button',
			async () => {
				await bench.palette('STAT: Evaluate Student…');
				await bench.pick('Where does the student answer?', 'At an endpoint');
				await bench.answer('Address of the server', server.url);
				await bench.pick('Which model?', 'tiny');
				await bench.pick('What should the student be called here?', 'Another name');
				await bench.quickInput.locator('.quick-input-message', { hasText: 'Name of the student' }).waitFor();
				await back();
				await bench.quickInput
					.locator('input.input[placeholder*="What should the student be called here?"]')
					.waitFor();
				await back();
				await bench.pick('Which model?', 'tiny');
				await bench.pick('What should the student be called here?', 'Another name');
				await bench.answer('Name of the student', 'served');
				await bench.answer('Round: 1 before any training', '1');
				// A benchmark in this machine's Hugging Face cache is added to the project and ticked in the list.
				await tick('Add a benchmark…');
				await bench.pick('Where are its questions?', 'In a Hugging Face cache…');
				await bench.pick('On which host?', 'This machine');
				await bench.pick('Which benchmark?', 'GSM8K');
				await bench.quickInput.locator('.quick-input-count', { hasText: '1 Selected' }).waitFor();
				await bench.screenshot('benchmark-added');
				await checkbox('GSM8K').click();
				await tick('shelves');
				await bench.pick('How should answers be sampled?', 'As reported for each benchmark');
				await resultOf('served').waitFor();
				assert.equal(server.sent.size, questions.length);
				assert.equal(bench.cli<Shown>('rounds', 'show', 'served:1').questions, questions.length);
				await bench.screenshot('evaluated');
			},
		);

		await t.test(
			'a student on a host is evaluated by a job',
			{ skip: python === '' ? 'needs the trainer’s Python packages (STAT_PYTHON)' : false },
			async () => {
				await bench.palette('STAT: Evaluate Student…');
				await bench.pick('Where does the student answer?', 'On a host');
				await bench.pick('On which host?', 'This machine');
				await bench.answer('The student: a model hub', 'tiny');
				await bench.pick('What should the student be called here?', 'Another name');
				await bench.answer('Name of the student', 'hosted');
				await bench.answer('Round: 1 before any training', '1');
				await tick('shelves', true);
				await bench.pick('How should answers be sampled?', 'As reported for each benchmark');
				await bench.until(
					'its answers',
					() => bench.page.locator('.tab.active').innerText(),
					(name) => name.includes('Evaluation of hosted'),
				);
				assert.equal(bench.cli<Shown>('rounds', 'show', 'hosted:1').questions, questions.length);
			},
		);

		await t.test(
			"a round's lineage is corrected in the panel, which restores its selection after a restart",
			async () => {
				await bench.palette('STAT: Show Rounds and Compare');
				const panel = await bench.panel('Rounds', '.lineage tbody tr');
				await panel
					.locator('input[name="before"]')
					.and(panel.locator(`[aria-label="Before: ${worldStudent}, round 1"]`))
					.check();
				await panel.locator(`input[name="after"][aria-label="After: ${worldStudent}, round 3"]`).check();
				await panel.locator('h2', { hasText: `${worldStudent}, round 1 → ${worldStudent}, round 3` }).waitFor();
				await panel
					.locator('.lineage tbody tr', { hasText: 'round 3' })
					.getByRole('button', { name: 'Edit details…' })
					.click();
				await bench.pick('Which round’s student was trained for it?', `${worldStudent}:2`);
				await bench.quickInput
					.locator('input.input[placeholder*="Should it be profiled on only one benchmark?"]')
					.waitFor();
				await back();
				await bench.pick('Which round’s student was trained for it?', `${worldStudent}:2`);
				await bench.pick('Should it be profiled on only one benchmark?', 'MATH');
				await bench.pick('Is it a control arm', 'No');
				const { round } = await bench.until(
					'what was said',
					() => bench.cli<Shown>('rounds', 'show', `${worldStudent}:3`),
					(shown) => shown.round.parent?.round === 2,
				);
				assert.deepEqual([round.benchmark, round.control], ['MATH', false]);
				await panel.locator('.lineage tbody tr', { hasText: 'meant for MATH' }).waitFor();
				await bench.restart();
				const again = await bench.panel('Rounds', '.lineage tbody tr');
				await again.locator('h2', { hasText: `${worldStudent}, round 1 → ${worldStudent}, round 3` }).waitFor();
				assert.ok(
					await again
						.locator(`input[name="after"][aria-label="After: ${worldStudent}, round 3"]`)
						.isChecked(),
				);
				await bench.screenshot('rounds-restarted');
			},
		);

		assert.deepEqual([bench.strayRequests, bench.violations, bench.dialogs], [[], [], []]);
	},
);
