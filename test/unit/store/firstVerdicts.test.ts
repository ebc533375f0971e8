import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { QuestionFilter } from '../../../src/core/ports/store/questions.ts';
import type { Store } from '../../../src/core/ports/store/store.ts';
import { schemaMigrations } from '../../../src/store/engine/schema.ts';
import { at, newProject, open, sampleOf } from './buildWorker.ts';

const scope = { student: 's', round: 1 };
const shared = { ...scope, source: 't', benchmark: null };
const verdicts = [true, false, null];

/**
 * Returns samples of a question whose first sample is right, wrong, unsure or missing (as in a log that begins at
 * sample 1).
 */
const rowOf = (n: number) => ({
	question: { text: `Question ${n}`, subject: `subject ${n % 2}`, level: 1 + (n % 3) },
	samples: (n % 4 === 3 ? [1, 2] : [0, 1]).map((sample) =>
		sampleOf(sample, `${n}/${sample}`, verdicts[(n + sample) % 3] ?? null),
	),
});

async function first(store: Store): Promise<void> {
	await store.write('addAnswers', { ...shared, rows: Array.from({ length: 12 }, (_, n) => rowOf(n)) });
}

/** Adds more answers, first samples that arrive later, and verdicts that change. */
async function second(store: Store): Promise<void> {
	await store.write('addAnswers', {
		...shared,
		rows: [
			...Array.from({ length: 8 }, (_, n) => rowOf(20 + n)),
			{ question: { text: 'Question 3' }, samples: [sampleOf(0, 'late', false)] },
		],
	});
	const { rows } = await store.read('questions', { scope, filter: {}, offset: 0, limit: 100 });
	const changes = rows
		.filter((_, at) => at % 3 === 0)
		.map(({ id }, at) => ({ questionId: id, sample: 0, extracted: null, verdict: verdicts[at % 3] ?? null }));
	await store.write('setVerdicts', { ...scope, rows: changes });
	await store.write('setClassification', {
		...scope,
		method: 'answer',
		settings: {},
		at,
		rows: rows.slice(0, 14).map(({ id }, at) => ({ questionId: id, difficult: at % 2 === 0 })),
	});
}

/**
 * Returns the ids and the count for every filter. The expected values are computed from the answers themselves, one
 * question at a time.
 */
async function seen(store: Store): Promise<unknown> {
	const found: Record<string, unknown> = {};
	const read = async (filter: QuestionFilter) =>
		(found[JSON.stringify(filter)] = await store
			.read('questions', { scope, filter, offset: 0, limit: 100 })
			.then(({ total, rows }) => {
				assert.equal(total, rows.length, JSON.stringify(filter));
				return rows.map(({ title }) => title);
			}));
	const { rows: all } = await store.read('questions', { scope, filter: { hasAnswers: true }, offset: 0, limit: 100 });
	for (const verdict of verdicts) {
		const truth: string[] = [];
		for (const { id, title } of all) {
			if (
				(await store.read('answers', { ...scope, questionId: id })).some(
					(answer) => answer.sample === 0 && answer.verdict === verdict,
				)
			) {
				truth.push(title);
			}
		}
		assert.ok(truth.length > 0);
		assert.deepEqual(await read({ verdict }), truth);
		await read({ verdict, difficult: true });
		await read({ verdict, hasAnswers: true, difficult: false, subject: 'subject 1' });
	}
	for (const by of ['verdict', 'subject'] as const) {
		found[by] = await store.read('questionGroups', { scope, filter: { difficult: true }, by });
	}
	return found;
}

/** Converts stat.db to the schema of the first `version` steps, as an older STAT Studio would have left it. */
async function makeOld(project: string, version: number): Promise<void> {
	const { default: initSqlJs } = await import('sql.js');
	const engine = await initSqlJs();
	const { Sql } = await import('../../../src/store/engine/sql.ts');
	const { migrate } = await import('../../../src/store/engine/schema.ts');
	const { loadSnapshot, saveSnapshot } = await import('../../../src/store/engine/snapshot.ts');
	const file = path.join(project, '.stat', 'stat.db');
	const found = loadSnapshot(engine, file);
	assert.equal(found.state, 'good');
	if (found.state !== 'good') {
		return;
	}
	const old = new Sql(engine);
	migrate(old, schemaMigrations.slice(0, version));
	for (const [table] of old.all("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
		const columns = old.all(`PRAGMA table_info(${String(table)})`).map((column) => String(column[1]));
		found.db.each(`SELECT ${columns.join(', ')} FROM ${String(table)}`, [], (row) =>
			old.run(`INSERT INTO ${String(table)} VALUES (${columns.map(() => '?').join(', ')})`, ...row),
		);
	}
	assert.equal(old.number("SELECT count(*) FROM pragma_table_info('tally') WHERE name = 'first'"), 0);
	saveSnapshot(file, old, found.seq, found.journals ?? { next: '', before: '' });
	fs.rmSync(`${file}.bak`, { force: true });
	fs.rmSync(path.join(project, '.stat', 'stat.journal.bak'), { force: true });
}

const journal = (project: string) =>
	fs
		.readFileSync(path.join(project, '.stat', 'stat.journal'), 'utf8')
		.trim()
		.split('\n').length - 1;

test('filtering and grouping by first verdict agree with the stored answers', async () => {
	const store = await open(newProject());
	await first(store);
	await second(store);
	await seen(store);
	const groups = await store.read('questionGroups', { scope, filter: {}, by: 'verdict' });
	for (const { key, count } of groups) {
		assert.equal(
			count,
			(
				await store.read('questions', {
					scope,
					filter: { verdict: key === 'unsure' ? null : key === 'right' },
					offset: 0,
					limit: 0,
				})
			).total,
			key,
		);
	}
	assert.deepEqual(
		groups.map(({ key }) => key),
		['wrong', 'unsure', 'right'],
	);
	await store.close();
});

test('first verdicts are filled in by migrating an older database and by replaying an older journal', async () => {
	const whole = await open(newProject());
	await first(whole);
	await second(whole);
	const truth = await seen(whole);
	await whole.close();
	for (const snapshotAfter of ['nothing', 'first', 'second'] as const) {
		const project = newProject();
		const step = async (work: ((store: Store) => Promise<void>) | undefined, compactAt: number) => {
			const store = await open(project, { compactAt });
			await work?.(store);
			await store.close();
		};
		const never = 1 << 30;
		await step(snapshotAfter === 'nothing' ? undefined : first, snapshotAfter === 'nothing' ? never : 1);
		await step(snapshotAfter === 'nothing' ? first : undefined, never);
		await step(second, snapshotAfter === 'second' ? 1 : never);
		const records = journal(project);
		assert.equal(records > 0, snapshotAfter !== 'second', `${snapshotAfter}: ${records} records to replay`);
		if (fs.existsSync(path.join(project, '.stat', 'stat.db'))) {
			await makeOld(project, 3);
		}
		const store = await open(project);
		assert.deepEqual(store.warnings, []);
		assert.deepEqual(await seen(store), truth, snapshotAfter);
		await store.close();
	}
});
