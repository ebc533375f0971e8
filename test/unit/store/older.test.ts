import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import initSqlJs from 'sql.js';
import { encodeLine } from '../../../src/store/engine/journal.ts';
import { unfenced } from '../../../src/store/engine/projectFiles.ts';
import { Project } from '../../../src/store/engine/project.ts';
import { schemaMigrations } from '../../../src/store/engine/schema.ts';
import { newProject, open } from './buildWorker.ts';

/**
 * A project written by the first release (schema 3), with its state. There are two: one with everything in the journal,
 * and one with a snapshot and a short journal.
 */
interface Older {
	/** Maps paths in the project to bytes as latin1. */
	readonly files: Record<string, string>;
	readonly expected: {
		readonly status: {
			readonly questions: Record<string, number>;
			readonly skills: number;
			readonly answers: number;
			readonly difficult: number;
			readonly diagnosed: number;
			readonly corrected: number;
			readonly replies: number;
		};
		readonly items: readonly (readonly [string, string])[];
		readonly profile: { readonly skills: readonly { readonly name: string; readonly questions: number }[] };
	};
}
const fixture = 'test/fixtures/projectsOfSchema3.json.br';
const older = JSON.parse(zlib.brotliDecompressSync(fs.readFileSync(fixture)).toString('utf8')) as Record<
	'journal' | 'snapshot',
	Older
>;

function unpacked({ files }: Older): string {
	const project = newProject();
	for (const [name, bytes] of Object.entries(files)) {
		const file = path.join(project, name);
		fs.mkdirSync(path.dirname(file), { recursive: true });
		fs.writeFileSync(file, Buffer.from(bytes, 'latin1'));
	}
	return project;
}

for (const kind of ['journal', 'snapshot'] as const) {
	test(`a project of the first release (${kind}) opens with all its data unchanged`, async () => {
		const project = unpacked(older[kind]);
		const { status, items, profile } = older[kind].expected;
		const store = await open(project, { create: false });
		assert.deepEqual(store.warnings, []);
		const now = await store.read('status', {});
		for (const key of [
			'questions',
			'skills',
			'answers',
			'difficult',
			'diagnosed',
			'corrected',
			'replies',
		] as const) {
			assert.deepEqual(now[key], status[key], key);
		}
		const queue = await store.read('items', { dataset: 'syn', filter: {}, offset: 0, limit: 100 });
		assert.deepEqual(
			queue.rows.map((row) => [row.questionId, row.status]),
			items,
		);
		const missing = await store.read('missingSkills', { student: 'tiny-student', round: 1 });
		const counts = new Map<string, number>();
		for (const { skills } of missing) {
			for (const { name } of skills) {
				counts.set(name, (counts.get(name) ?? 0) + 1);
			}
		}
		assert.deepEqual(
			[...counts].sort(),
			profile.skills
				.filter(({ questions }) => questions > 0)
				.map(({ name, questions }): [string, number] => [name, questions])
				.sort(),
		);
		await store.write('setSetting', { key: 'mark.second', value: 2 });
		await store.close();
		assert.deepEqual(
			fs.readdirSync(path.join(project, '.stat')).filter((name) => name.includes('corrupt')),
			[],
		);
		const again = await open(project, { create: false });
		assert.deepEqual(again.warnings, []);
		assert.deepEqual(await again.read('status', {}), { ...now, seq: now.seq + 1 });
		await again.close();
	});
}

test('a valid record that cannot be applied stops the opening with an error, and nothing is set aside', async () => {
	const project = newProject();
	const store = await open(project);
	await store.write('setSetting', { key: 'kept', value: 1 });
	await store.close();
	const journal = path.join(project, '.stat', 'stat.journal');
	const before = fs.readFileSync(journal);
	const faulty = new Project(await initSqlJs(), path.join(project, '.stat'), () => undefined, [
		...schemaMigrations,
		"CREATE TRIGGER faulty BEFORE INSERT ON setting BEGIN SELECT raise(ABORT, 'our own mistake'); END;",
	]);
	assert.throws(() => faulty.load(unfenced), {
		name: 'StatError',
		message: /record 1 \(setSetting\): our own mistake.*nothing was changed or set aside/,
	});
	faulty.close();
	assert.deepEqual(fs.readFileSync(journal), before);
	assert.deepEqual(
		fs.readdirSync(path.join(project, '.stat')).filter((name) => /corrupt|stat\.db/.test(name)),
		[],
	);
	const mended = await open(project, { create: false });
	assert.deepEqual(mended.warnings, []);
	assert.equal((await mended.read('status', {})).seq, 1);
	await mended.close();
});

test('a journal written with a newer schema is refused and left unchanged', async () => {
	const project = newProject();
	const store = await open(project);
	await store.write('setSetting', { key: 'kept', value: 1 });
	await store.close();
	const journal = path.join(project, '.stat', 'stat.journal');
	const bytes = fs.readFileSync(journal);
	const header = encodeLine({ stat: 'journal', version: 1, generation: 'g', base: 0, schema: 99 });
	fs.writeFileSync(journal, Buffer.concat([header, bytes.subarray(bytes.indexOf(10) + 1)]));
	const before = fs.readFileSync(journal);
	await assert.rejects(open(project), { name: 'StatError', kind: 'newer-schema', message: /schema 99/ });
	assert.deepEqual(fs.readFileSync(journal), before);
});

test('an older database whose migration fails is left unchanged and is not reported as damaged', async () => {
	const project = unpacked(older.snapshot);
	const folder = path.join(project, '.stat');
	const before = fs.readFileSync(path.join(folder, 'stat.db'));
	const faulty = new Project(await initSqlJs(), folder, () => undefined, [
		...schemaMigrations,
		"INSERT INTO meta (key, value) SELECT 'seq', 1 FROM question LIMIT 1;",
	]);
	assert.throws(() => faulty.load(unfenced), {
		name: 'StatError',
		message: /^stat\.db \(schema 3\) could not be migrated to schema \d+: UNIQUE constraint failed/,
	});
	faulty.close();
	assert.deepEqual(fs.readFileSync(path.join(folder, 'stat.db')), before);
	assert.deepEqual(
		fs.readdirSync(folder).filter((name) => name.includes('corrupt')),
		[],
	);
});
