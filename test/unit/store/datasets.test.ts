import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { syncBuiltinESMExports } from 'node:module';
import { mock, test } from 'node:test';
import type { ChainRow, DatasetCard, DatasetRow } from '../../../src/core/datasets/dataset.ts';
import { tidyFolder } from '../../../src/store/engine/tidyFolder.ts';
import { at, newProject, open } from './buildWorker.ts';

const dataRow = (index: number): DatasetRow => ({
	questionId: 'a'.repeat(32),
	question: `q ${index}\u2028\n`,
	solution: 's',
	gold: null,
	subject: null,
	skill: null,
	forQuestion: null,
	kind: 'original',
	sample: 0,
	flags: [],
});
const chain: ChainRow = { replyKey: null, references: [], agreement: null, student: null, round: null, sample: null };
const cardOf =
	(name: string) =>
	({ sha256, rows }: { sha256: string; rows: number }): DatasetCard => ({
		name,
		method: 'train',
		settings: {},
		seed: 0,
		student: null,
		round: null,
		pairs: rows,
		distinct: rows,
		questions: rows,
		sha256,
		deviations: [],
		yield: {},
		setAside: 0,
		teacher: null,
		promptVersions: [],
		calls: 0,
		cost: null,
		createdAt: at,
		skills: [],
	});
function* rows(count: number): Generator<[DatasetRow, ChainRow]> {
	for (let index = 0; index < count; index++) {
		yield [dataRow(index), { ...chain, sample: index }];
	}
}

test('a dataset is written as a whole with its hash, can be listed, and can be read row by row', async () => {
	const store = await open(newProject());
	const { card, path: folder } = await store.datasets.write('sel-r1', rows(5000), cardOf('sel-r1'), false);
	assert.equal(
		card.sha256,
		createHash('sha256')
			.update(fs.readFileSync(path.join(folder, 'data.jsonl')))
			.digest('hex'),
	);
	assert.deepEqual(await store.datasets.row('sel-r1', 4321), {
		row: dataRow(4321),
		chain: { ...chain, sample: 4321 },
	});
	await assert.rejects(store.datasets.row('sel-r1', 5000), /has 5000 rows, counted from 0: there is no row 5000/);
	await assert.rejects(store.datasets.row('sel-r1', -1), { kind: 'usage' });
	let read = 0;
	for await (const row of store.datasets.rows('sel-r1', new AbortController().signal)) {
		assert.equal(row.question, dataRow(read++).question);
	}
	assert.equal(read, 5000);
	await assert.rejects(store.datasets.write('sel-r1', rows(1), cardOf('sel-r1'), false), /already exists/);
	const swapped = Object.fromEntries(Object.entries(dataRow(0)).reverse()) as unknown as DatasetRow;
	const one = await store.datasets.write('a', [[dataRow(0), chain]], cardOf('a'), false);
	const two = await store.datasets.write('sel-r1', [[swapped, chain]], cardOf('sel-r1'), true);
	assert.equal(one.card.sha256, two.card.sha256, 'the order of keys does not count');
	assert.deepEqual(
		(await store.datasets.list()).map(({ name, pairs }) => [name, pairs]),
		[
			['a', 1],
			['sel-r1', 1],
		],
	);
	await store.close();
});

test('hostile dataset names, symbolic links and cards are rejected', async () => {
	const project = newProject();
	const store = await open(project);
	for (const name of ['../../x', '..', '.hidden', '', 'a/b', 'a\\b', 'a\0b', 'x'.repeat(81), 'ü', 'C:']) {
		await assert.rejects(
			store.datasets.write(name, rows(1), cardOf('x'), true),
			{ name: 'StatError', kind: 'usage' },
			name,
		);
		await assert.rejects(store.datasets.card(name), { kind: 'usage' });
		assert.throws(() => store.datasets.path(name), { kind: 'usage' });
	}
	const outside = newProject();
	fs.writeFileSync(path.join(outside, 'secret'), 'mine');
	await store.datasets.write('good', rows(2), cardOf('good'), false);
	const folder = store.datasets.path('good');
	fs.rmSync(path.join(folder, 'data.jsonl'));
	fs.symlinkSync(path.join(outside, 'secret'), path.join(folder, 'data.jsonl'));
	await assert.rejects(store.datasets.row('good', 0), /not a regular file/);
	fs.writeFileSync(path.join(folder, 'card.json'), '{"name": 1}');
	await assert.rejects(store.datasets.card('good'), /not a dataset card \(name: /);
	assert.deepEqual(await store.datasets.list(), []);
	fs.rmSync(path.join(project, '.stat', 'datasets'), { recursive: true });
	fs.symlinkSync(outside, path.join(project, '.stat', 'datasets'));
	await assert.rejects(store.datasets.write('x', rows(1), cardOf('x'), true), /leads out of the project folder/);
	assert.deepEqual(fs.readdirSync(outside), ['secret']);
	await store.close();
});

test('a failed build leaves the old dataset and no temporary files', async () => {
	const store = await open(newProject());
	await store.datasets.write('d', rows(3), cardOf('d'), false);
	const failing = function* (): Generator<[DatasetRow, ChainRow]> {
		yield* rows(2);
		throw new Error('cancelled');
	};
	await assert.rejects(store.datasets.write('d', failing(), cardOf('d'), true), /cancelled/);
	await assert.rejects(
		store.datasets.write('d', [[{ ...dataRow(0), sample: Number.NaN }, chain]], cardOf('d'), true),
		/dataset row 0: sample/,
	);
	assert.equal((await store.datasets.card('d')).pairs, 3);
	assert.deepEqual(fs.readdirSync(path.dirname(store.datasets.path('d'))), ['d']);
	await store.close();
});

test('a dataset that was moved aside by a killed writer is restored, and a failed replacement leaves the old one', async () => {
	const project = newProject();
	const store = await open(project);
	await store.datasets.write('d', rows(3), cardOf('d'), false);
	const root = path.join(project, '.stat/datasets');
	const rename = fs.promises.rename;
	const failing = mock.method(fs.promises, 'rename', (from: string, to: string) =>
		from.includes('.writing-') && !from.endsWith('-old')
			? Promise.reject(new Error('the disk is away'))
			: rename(from, to),
	);
	syncBuiltinESMExports();
	await assert.rejects(store.datasets.write('d', rows(1), cardOf('d'), true), /the disk is away/);
	failing.mock.restore();
	syncBuiltinESMExports();
	assert.equal((await store.datasets.card('d')).pairs, 3);
	await store.close();

	fs.renameSync(path.join(root, 'd'), path.join(root, '.writing-d-1-2-old'));
	mock.timers.enable({ apis: ['Date'], now: Date.now() + 120_000 });
	tidyFolder(path.join(project, '.stat'));
	mock.timers.reset();
	assert.deepEqual(fs.readdirSync(root), ['d']);
});

test('a journal taken from another process is kept until it can be reported', () => {
	const folder = newProject();
	for (const name of ['lock.taken-1', 'lock.x.tmp']) {
		fs.writeFileSync(path.join(folder, name), '');
	}
	mock.timers.enable({ apis: ['Date'], now: Date.now() + 29 * 24 * 3600_000 });
	tidyFolder(folder);
	mock.timers.reset();
	assert.deepEqual(fs.readdirSync(folder), ['lock.taken-1']);
});
