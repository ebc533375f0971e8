import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { questionId } from '../../../src/core/questions/question.ts';
import { decodeRecord, encodeLine } from '../../../src/store/engine/journal.ts';
import { unfenced } from '../../../src/store/engine/projectFiles.ts';
import { at, newProject, open, sampleOf } from './buildWorker.ts';

const scope = { student: 's', round: 1 };
const file = (project: string, name: string) => path.join(project, '.stat', name);

/** Creates a project whose journal holds `count` single-question records. */
async function written(count: number, options = {}): Promise<string> {
	const project = newProject();
	const store = await open(project, options);
	for (let index = 0; index < count; index++) {
		await store.write('addQuestions', {
			split: 'train',
			benchmark: null,
			source: 't',
			rows: [{ text: `Question ${index}`, solution: 'long '.repeat(300) }],
		});
	}
	await store.close();
	return project;
}

async function questionsIn(project: string): Promise<{ present: boolean[]; warnings: readonly string[] }> {
	const store = await open(project, { create: false });
	try {
		const { rows } = await store.read('questions', { scope: null, filter: {}, offset: 0, limit: 1000 });
		const ids = new Set(rows.map((row) => row.id));
		const present = Array.from({ length: 40 }, (_, index) => ids.has(questionId(`Question ${index}`)));
		return { present, warnings: store.warnings };
	} finally {
		await store.close();
	}
}

test('a torn last record is moved to a .corrupt file, and later writes succeed', async () => {
	const project = await written(5);
	const bytes = fs.readFileSync(file(project, 'stat.journal'));
	fs.writeFileSync(file(project, 'stat.journal'), bytes.subarray(0, bytes.length - 7));
	// This is the state after a writer was killed: the last write was never confirmed.
	fs.rmSync(file(project, 'lock.mark'));
	const { present, warnings } = await questionsIn(project);
	assert.deepEqual(warnings, []);
	assert.deepEqual(present.slice(0, 6), [true, true, true, true, false, false]);
	const store = await open(project);
	await store.write('addQuestions', { split: 'train', benchmark: null, source: 't', rows: [{ text: 'Question 9' }] });
	await store.close();
	const aside = fs.readdirSync(path.join(project, '.stat')).find((name) => name.startsWith('stat.journal.corrupt-'));
	assert.ok(aside && fs.readFileSync(file(project, aside), 'utf8').includes('"seq":5'));
	assert.deepEqual((await questionsIn(project)).present.slice(0, 10), [
		true,
		true,
		true,
		true,
		false,
		false,
		false,
		false,
		false,
		true,
	]);
});

test('a journal that was deleted, emptied, truncated or replaced by an older one is reported exactly once', async () => {
	const attacks: Record<string, (journal: string, older: Buffer) => void> = {
		deleted: (journal) => fs.rmSync(journal),
		emptied: (journal) => fs.truncateSync(journal),
		'cut after a whole record': (journal) => {
			const lines = fs.readFileSync(journal, 'latin1').split('\n');
			fs.writeFileSync(journal, `${lines.slice(0, -3).join('\n')}\n`, 'latin1');
		},
		'replaced by an older one': (journal, older) => fs.writeFileSync(journal, older),
	};
	for (const [name, attack] of Object.entries(attacks)) {
		const project = newProject();
		let store = await open(project, { compactAt: 3500 });
		let older = Buffer.alloc(0);
		for (let index = 0; index < 30; index++) {
			if (index === 24) {
				await store.close();
				store = await open(project);
			}
			await store.write('addQuestions', {
				split: 'train',
				benchmark: null,
				source: 't',
				rows: [{ text: `Question ${index} ${'x'.repeat(100)}` }],
			});
			if (index === 2) {
				older = fs.readFileSync(file(project, 'stat.journal'));
			}
		}
		await store.close();
		attack(file(project, 'stat.journal'), older);
		assert.match((await questionsIn(project)).warnings.join('\n'), /(is|are) lost/, name);
		assert.deepEqual((await questionsIn(project)).warnings, [], `${name}: once`);
	}
});

test('a journal whose line ends Git for Windows converted is read in full', async () => {
	const project = await written(3);
	const journal = fs.readFileSync(file(project, 'stat.journal'), 'latin1');
	fs.writeFileSync(file(project, 'stat.journal'), journal.replaceAll('\n', '\r\n'), 'latin1');
	const { present, warnings } = await questionsIn(project);
	assert.deepEqual([present.slice(0, 4), warnings], [[true, true, true, false], []]);
	assert.equal(fs.readFileSync(file(project, '.gitattributes'), 'utf8'), '* -text\n');
});

test('an earlier state that was restored is reported once and changed only by the next write, which reuses no number', async () => {
	const project = await written(5);
	const tracked = ['stat.db', 'stat.journal', 'texts/000001.seg'];
	const contents = () =>
		tracked.map((name) => (fs.existsSync(file(project, name)) ? fs.readFileSync(file(project, name)) : null));
	const earlier = fs.readFileSync(file(project, 'stat.journal'));
	const store = await open(project);
	await store.write('setSetting', { key: 'a', value: 1 });
	await store.write('setSetting', { key: 'b', value: 2 });
	await store.close();
	fs.writeFileSync(file(project, 'stat.journal'), earlier);
	const restored = contents();
	assert.deepEqual((await questionsIn(project)).warnings, [
		'changes 6 to 7 of the project are lost: the end of stat.journal is missing',
	]);
	assert.deepEqual((await questionsIn(project)).warnings, []);
	assert.deepEqual(contents(), restored);
	const next = await open(project);
	await next.write('setSetting', { key: 'c', value: 3 });
	assert.equal((await next.read('status', {})).seq, 8);
	await next.close();
	const last = await questionsIn(project);
	assert.deepEqual([last.warnings, last.present.indexOf(false)], [[], 5]);
});

test('a last record that lacks only its newline counts', async () => {
	const project = await written(3);
	const bytes = fs.readFileSync(file(project, 'stat.journal'));
	fs.writeFileSync(file(project, 'stat.journal'), bytes.subarray(0, -1));
	const { present, warnings } = await questionsIn(project);
	assert.deepEqual([present.slice(0, 4), warnings], [[true, true, true, false], []]);
	assert.deepEqual(fs.readFileSync(file(project, 'stat.journal')), bytes);
});

test('a valid record with an unknown verb is set aside and not reported as damaged', async () => {
	const project = await written(2);
	fs.appendFileSync(file(project, 'stat.journal'), encodeLine({ seq: 3, verb: 'fly <b>', params: {} }));
	const { present, warnings } = await questionsIn(project);
	assert.deepEqual(present.slice(0, 2), [true, true]);
	assert.match(warnings.join('\n'), /asks for “fly \?b\?”, which STAT Studio does not know, and was set aside/);
	assert.doesNotMatch(warnings.join('\n'), /damaged/);
});

test('a damaged record in the middle of the journal is set aside and reported, and later records are applied', async () => {
	const project = await written(5);
	const lines = fs.readFileSync(file(project, 'stat.journal'), 'latin1').split('\n');
	lines[3] = (lines[3] ?? '').replace('Question 2', 'Quextion 2');
	fs.writeFileSync(file(project, 'stat.journal'), lines.join('\n'), 'latin1');
	const { present, warnings } = await questionsIn(project);
	assert.deepEqual(present.slice(0, 5), [true, true, false, true, true]);
	assert.match(warnings.join('\n'), /damaged and was set aside/);
	assert.match(warnings.join('\n'), /change 3 of the project is lost/);
	const aside = fs.readdirSync(path.join(project, '.stat')).find((name) => name.includes('.corrupt-'));
	assert.ok(aside && fs.readFileSync(file(project, aside), 'latin1').includes('Quextion 2'));
	const again = await questionsIn(project);
	assert.deepEqual([again.present.slice(0, 5), again.warnings], [present.slice(0, 5), []], 'said once, set right');
});

test('a fuzzed journal never makes opening throw and never loses a record without a warning', async () => {
	const project = await written(12);
	const journal = file(project, 'stat.journal');
	const good = fs.readFileSync(journal);
	let seed = 7;
	const random = (below: number): number => {
		seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
		return (seed >>> 8) % below;
	};
	for (let round = 0; round < 24; round++) {
		const bytes = Buffer.from(good);
		const isCut = round % 2 === 0;
		const place = random(bytes.length);
		if (!isCut) {
			bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << random(8)), place);
		}
		for (const name of fs.readdirSync(path.join(project, '.stat'))) {
			if (/^stat\.|corrupt/.test(name)) {
				fs.rmSync(file(project, name));
			}
		}
		fs.writeFileSync(journal, isCut ? bytes.subarray(0, place) : bytes);
		const { present, warnings } = await questionsIn(project);
		const holes = present
			.slice(0, 12)
			.map((there, index) => (there ? '' : index))
			.filter((hole) => hole !== '');
		const isPrefix = holes.every((hole) => present.slice(Number(hole), 12).every((there) => !there));
		assert.ok(isPrefix || warnings.length > 0, `round ${round}: ${JSON.stringify(present)} without a warning`);
		if (!isCut && holes.length > 0 && holes[0] !== 11) {
			assert.ok(warnings.length > 0, `round ${round}: a flipped bit at ${place} lost records in silence`);
		}
	}
});

test('only the setting with invalid JSON is set aside, and the project opens', async () => {
	const project = await written(2);
	fs.appendFileSync(
		file(project, 'stat.journal'),
		encodeLine({ seq: 3, verb: 'setSetting', params: { key: 'x', json: 'NaN' } }),
	);
	const { present, warnings } = await questionsIn(project);
	assert.deepEqual(present.slice(0, 2), [true, true]);
	assert.match(warnings.join('\n'), /set aside/);
});

test('a forged journal executes nothing and reads nothing outside the project, and its bad records are set aside', async () => {
	const project = await written(1);
	const journal = file(project, 'stat.journal');
	const evil: unknown[] = [
		{ verb: 'exec', params: { sql: 'DROP TABLE question' } },
		{ verb: '__proto__', params: {} },
		{ verb: 'constructor', params: {} },
		{
			verb: 'addQuestions',
			params: {
				split: 'train',
				benchmark: null,
				source: "'); DROP TABLE question; --",
				rows: [{ text: "x'); DROP TABLE question; --", solution: ['../../../etc/passwd', 0, 10] }],
			},
		},
		{
			verb: 'addQuestions',
			params: {
				split: 'train',
				benchmark: null,
				source: 's',
				rows: [{ text: 'pointer out of bounds', solution: [1, 4_000_000_000, 500_000_000] }],
			},
		},
		{
			verb: 'addQuestions',
			params: {
				split: 'train',
				benchmark: null,
				source: 's',
				rows: [{ text: 'negative', solution: [-1, 0, 5] }],
			},
		},
		{
			verb: 'addQuestions',
			params: {
				split: 'train',
				benchmark: null,
				source: "'); DROP TABLE question; --",
				rows: [{ text: "x'); DROP TABLE question; --" }],
			},
		},
		{
			verb: 'addAnswers',
			params: {
				student: 's',
				round: 1,
				source: '',
				benchmark: null,
				questions: [],
				answers: [[99, 0, [1, 0, 5], null, null, null, 1, null, null, null]],
			},
		},
		{ verb: 'setSetting', params: { key: '__proto__', json: '{"polluted":true}' } },
		{ verb: 'setSetting', params: { key: 'x', json: 'not json' } },
		{ verb: 'addQuestions', params: null },
		{
			verb: 'addDiagnoses',
			params: {
				rows: [{ student: 's', round: 1, questionId: questionId('Question 0'), body: '{"judge":"<script>"}' }],
			},
		},
	];
	fs.appendFileSync(
		journal,
		Buffer.concat(
			evil.map((record, index) =>
				encodeLine({ seq: 2 + index, ...(record as { verb: string; params: unknown }) }),
			),
		),
	);
	const store = await open(project);
	const { rows } = await store.read('questions', { scope: null, filter: {}, offset: 0, limit: 100 });
	assert.deepEqual(rows.map((row) => row.title).sort(), [
		'Question 0',
		'pointer out of bounds',
		"x'); DROP TABLE question; --",
	]);
	const outOfBounds = await store.read('question', { id: questionId('pointer out of bounds') });
	assert.deepEqual([outOfBounds?.text, outOfBounds?.solution], ['pointer out of bounds', null]);
	assert.match(store.warnings.join('\n'), /texts\/000001\.seg is missing or too short|texts\/000001\.seg is damaged/);
	assert.equal(({} as { polluted?: boolean }).polluted, undefined);
	assert.ok(store.warnings.length > 0);
	await store.close();
	assert.equal((await questionsIn(project)).warnings.length, 0);
});

test('a damaged stat.db is rebuilt from its backup and both journals without loss', async () => {
	const project = await written(12, { compactAt: 400 });
	assert.ok(fs.existsSync(file(project, 'stat.db.bak')));
	const bytes = fs.readFileSync(file(project, 'stat.db'));
	bytes.writeUInt8(bytes.readUInt8(9000) ^ 1, 9000);
	fs.writeFileSync(file(project, 'stat.db'), bytes);
	const { present, warnings } = await questionsIn(project);
	assert.ok(present.slice(0, 12).every(Boolean), JSON.stringify(present));
	assert.match(warnings.join('\n'), /stat\.db is damaged \(its checksum is wrong\)/);
	assert.ok(fs.readdirSync(path.join(project, '.stat')).some((name) => name.startsWith('stat.db.corrupt-')));
	assert.deepEqual((await questionsIn(project)).warnings, []);
});

test('the loss of both databases is reported, and paid replies are recovered from the text segments', async () => {
	const project = newProject();
	const store = await open(project, { compactAt: 1500 });
	for (let index = 0; index < 12; index++) {
		await store.write('addQuestions', {
			split: 'train',
			benchmark: null,
			source: 't',
			rows: [{ text: `Question ${index} ${'x'.repeat(400)}` }],
		});
		await store.put({
			key: `k${index}`,
			task: 'label',
			about: 'a',
			model: 'm',
			promptVersion: 'p',
			sampling: {},
			sample: 0,
			attempt: 0,
			text: `paid ${index} \ud800`,
			usage: null,
			cost: null,
			at,
		});
	}
	await store.close();
	fs.writeFileSync(file(project, 'stat.db'), 'junk');
	fs.rmSync(file(project, 'stat.db.bak'));
	const again = await open(project);
	assert.match(again.warnings.join('\n'), /are lost/);
	for (let index = 0; index < 12; index++) {
		assert.equal((await again.get(`k${index}`))?.text, `paid ${index} \ud800`);
	}
	await again.close();
});

test('a newer schema and a newer journal are refused and left unchanged', async () => {
	const project = await written(3, { compactAt: 200 });
	const { default: initSqlJs } = await import('sql.js');
	const engine = await initSqlJs();
	const { Sql } = await import('../../../src/store/engine/sql.ts');
	const { saveSnapshot, loadSnapshot } = await import('../../../src/store/engine/snapshot.ts');
	const found = loadSnapshot(engine, file(project, 'stat.db'));
	assert.equal(found.state, 'good');
	if (found.state === 'good') {
		assert.ok(found.db instanceof Sql);
		found.db.exec('PRAGMA user_version=99');
		saveSnapshot(file(project, 'stat.db'), found.db, found.seq, found.journals ?? { next: '', before: '' });
	}
	const before = fs.readFileSync(file(project, 'stat.db'));
	await assert.rejects(open(project), { name: 'StatError', kind: 'newer-schema' });
	assert.deepEqual(fs.readFileSync(file(project, 'stat.db')), before);
	const other = await written(1);
	const journal = fs.readFileSync(file(other, 'stat.journal'));
	const header = encodeLine({ stat: 'journal', version: 7, generation: 'g', base: 0 });
	fs.writeFileSync(file(other, 'stat.journal'), Buffer.concat([header, journal.subarray(journal.indexOf(10) + 1)]));
	await assert.rejects(open(other), { name: 'StatError', kind: 'newer-schema' });
});

test('an older schema is migrated after a backup, and a database with a foreign trigger counts as damaged', async () => {
	const project = await written(3, { compactAt: 200 });
	const { default: initSqlJs } = await import('sql.js');
	const engine = await initSqlJs();
	const { saveSnapshot, loadSnapshot } = await import('../../../src/store/engine/snapshot.ts');
	const { Project } = await import('../../../src/store/engine/project.ts');
	const { schemaMigrations } = await import('../../../src/store/engine/schema.ts');
	const newer = new Project(engine, path.join(project, '.stat'), () => undefined, [
		...schemaMigrations,
		'CREATE TABLE later (id INTEGER PRIMARY KEY, note TEXT); UPDATE question SET level = 7;',
	]);
	assert.equal(newer.load(undefined), false, 'a migration needs the lock');
	assert.equal(newer.load(unfenced), true);
	assert.deepEqual(newer.warnings, []);
	assert.equal(newer.context.db.number('SELECT count(*) FROM question WHERE level = 7'), 3);
	newer.close();
	const before = `stat.db.before-schema-${schemaMigrations.length + 1}`;
	assert.ok(fs.existsSync(file(project, before)));
	await assert.rejects(open(project), { kind: 'newer-schema' });
	fs.copyFileSync(file(project, before), file(project, 'stat.db'));
	const found = loadSnapshot(engine, file(project, 'stat.db'));
	assert.equal(found.state, 'good');
	if (found.state === 'good') {
		found.db.exec('CREATE TRIGGER evil AFTER INSERT ON question BEGIN DELETE FROM question; END');
		saveSnapshot(file(project, 'stat.db'), found.db, found.seq, found.journals ?? { next: '', before: '' });
	}
	assert.deepEqual(loadSnapshot(engine, file(project, 'stat.db')).state, 'damaged');
});

test('nothing is written through symbolic links inside .stat', async () => {
	const project = newProject();
	const outside = newProject();
	const store = await open(project);
	await store.close();
	fs.rmSync(file(project, 'texts'), { recursive: true });
	fs.symlinkSync(outside, file(project, 'texts'));
	const linked = await open(project);
	await assert.rejects(
		linked.write('addQuestions', {
			split: 'train',
			benchmark: null,
			source: 't',
			rows: [{ text: 'Q', solution: 'y'.repeat(5000) }],
		}),
		/leads out of the project folder/,
	);
	await linked.close();
	assert.deepEqual(fs.readdirSync(outside), []);
	fs.rmSync(file(project, 'texts'));
	const target = path.join(outside, 'rc');
	fs.writeFileSync(target, 'mine');
	fs.rmSync(file(project, 'stat.journal'), { force: true });
	fs.symlinkSync(target, file(project, 'stat.journal'));
	await assert.rejects(open(project), /symbolic link/);
	assert.equal(fs.readFileSync(target, 'utf8'), 'mine');
});

test('invalid parameters are rejected with one clear line and change nothing', async () => {
	const store = await open(newProject());
	const answer = (change: object) => ({
		...scope,
		source: 'x',
		benchmark: null,
		rows: [{ question: { text: 'q' }, samples: [{ ...sampleOf(0, 't'), ...change }] }],
	});
	await assert.rejects(
		store.write('addAnswers', answer({ stepScores: [0.5, Number.NaN] })),
		/addAnswers: rows\[0\]\.samples\[0\]\.stepScores\[1\]: /,
	);
	await assert.rejects(store.write('addAnswers', answer({ stepScores: [2] })), /step scores lie in \[0, 1\]/);
	await assert.rejects(
		store.write('addAnswers', { ...answer({}), student: 'a\0b' }),
		/student: expected a name without control characters/,
	);
	await assert.rejects(store.write('addAnswers', { ...answer({}), round: 0 }), /rounds are numbered from 1/);
	await assert.rejects(store.write('addAnswers', { ...answer({}), student: 'lone \ud800' }), /student/);
	await assert.rejects(
		store.write('addQuestions', { split: 'train', benchmark: null, source: 's', rows: [{ text: ' \n ' }] }),
		/rows\[0\]\.text: expected the question/,
	);
	await assert.rejects(store.write('setSetting', { key: 'f', value: (() => 1) as unknown }), /not plain data/);
	await assert.rejects(store.write('nonsense' as 'setSetting', { key: 'f', value: 1 }), /no such verb/);
	await assert.rejects(store.read('nonsense' as 'status', {}), /no such query/);
	assert.equal((await store.read('status', {})).seq, 0);
	const huge = 'x'.repeat(10 * 1024 * 1024);
	await store.write('addAnswers', {
		...scope,
		student: '../../x',
		source: '../../../etc',
		benchmark: '<b>',
		rows: [{ question: { text: `q\0\ud800 \u2028${huge.slice(0, 1000)}` }, samples: [sampleOf(0, huge)] }],
	});
	const id = questionId(`q\0\ud800 \u2028${huge.slice(0, 1000)}`);
	assert.equal(
		(await store.read('answers', { student: '../../x', round: 1, questionId: id }))[0]?.text.length,
		huge.length,
	);
	assert.equal((await store.read('question', { id }))?.text, `q\0\ud800 \u2028${huge.slice(0, 1000)}`);
	assert.deepEqual((await store.read('students', {})).last, { student: '../../x', round: 1 });
	await store.close();
	await assert.rejects(store.read('status', {}), /closed/);
});

test('a journal line round-trips lone surrogates, control characters and line separators', () => {
	for (const text of ['\ud800', '\u2028', '\n', '\0', '"', '數']) {
		const line = encodeLine({ seq: 1, verb: 'x', params: { text } });
		assert.equal(line.indexOf(10), line.length - 1);
		assert.deepEqual(decodeRecord(line.subarray(0, -1))?.params, { text });
	}
});

test('a folder in place of a file, or a file in place of a folder, is reported with its path and changes nothing', async () => {
	for (const name of ['stat.journal', 'datasets']) {
		const project = await written(1);
		const whole = fs.statSync(file(project, name), { throwIfNoEntry: false })?.isDirectory();
		fs.rmSync(file(project, name), { recursive: true, force: true });
		if (whole) {
			fs.writeFileSync(file(project, name), 'x');
		} else {
			fs.mkdirSync(file(project, name));
		}
		const before = fs.readdirSync(path.join(project, '.stat')).sort();
		await assert.rejects(
			questionsIn(project),
			(error: Error) =>
				error.name === 'StatError' &&
				error.message.startsWith(file(project, name)) &&
				!error.message.includes('\n'),
			name,
		);
		assert.deepEqual(fs.readdirSync(path.join(project, '.stat')).sort(), before);
	}
});

test('a damaged solution, reply or set-aside text leaves the rest readable, and writing it again repairs it', async () => {
	const project = await written(3);
	const long = (letter: string) => letter.repeat(3000);
	const reply = {
		key: 'r',
		task: 'diagnose' as const,
		about: 'r',
		model: 'm',
		promptVersion: 'p',
		sampling: { temperature: 0, maxTokens: 10 },
		sample: 0,
		attempt: 0,
		text: long('r'),
		usage: null,
		cost: null,
		at,
	};
	const row = { operation: 'op', file: null, line: null, field: null, message: 'm', at };
	let store = await open(project);
	await store.put(reply);
	await store.write('setAside', {
		rows: [
			{ ...row, key: 'a', text: long('a') },
			{ ...row, key: 'b', text: long('b') },
		],
	});
	await store.close();
	const segment = file(project, 'texts/000001.seg');
	const bytes = fs.readFileSync(segment);
	for (const text of ['long long', 'rrrr', 'aaaa']) {
		bytes[bytes.indexOf(text)] = 0;
	}
	fs.writeFileSync(segment, bytes);

	store = await open(project);
	assert.deepEqual(
		(await store.read('damagedTexts', {})).map(({ owner, count, sources }) => [owner, count, sources]),
		[
			['reply', 1, []],
			['solution', 1, ['t']],
			['setAside', 1, []],
		],
	);
	assert.deepEqual(store.warnings, []);
	const read = await store.read('questionsOfSplit', { split: 'train', after: null, limit: 10 });
	assert.equal(read.length, 3);
	assert.equal(read.filter(({ solution }) => solution === null).length, 1);
	assert.match(store.warnings.join('\n'), /^\.stat\/texts\/000001\.seg is damaged at byte 0/);
	const { rows } = await store.read('setAside', { operation: 'op', offset: 0, limit: 10 });
	assert.deepEqual(
		rows.map(({ text }) => text),
		[null, long('b')],
	);
	assert.equal(await store.get('r'), undefined);
	assert.deepEqual([...(await store.known(['r']))], [], 'an estimate counts the request as one to pay for');

	await store.put(reply);
	const again = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 't',
		rows: [
			{ text: 'Question 0', solution: 'long '.repeat(300) },
			{ text: 'Question 1', solution: 'another' },
		],
	});
	assert.deepEqual([again.updated, again.conflicts.map(({ field }) => field)], [1, ['solution']]);
	for (let times = 0; times < 2; times++) {
		assert.equal((await store.get('r'))?.text, long('r'));
		assert.equal((await store.read('question', { id: questionId('Question 0') }))?.solution, 'long '.repeat(300));
		await store.close();
		fs.rmSync(file(project, 'stat.db'), { force: true });
		store = await open(project);
	}
	await store.close();
});
