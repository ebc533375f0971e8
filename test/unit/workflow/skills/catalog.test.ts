import { Budget } from '../../../../src/core/ports/budget.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustedRand, bestMatch } from '../../../fixtures/partition.ts';
import type { Store } from '../../../../src/core/ports/store/store.ts';
import type { Run } from '../../../../src/core/run.ts';
import { meaningOf, skillsOfText } from '../../../../src/drill/drillNames.ts';
import { drillTransport } from '../../../../src/drill/drillTeacher.ts';
import { drillWorld } from '../../../../src/drill/drillWorld.ts';
import { createTeacherOver } from '../../../../src/teacher/ask/teacherOver.ts';
import { catalog, planCatalog } from '../../../../src/workflow/skills/catalog.ts';
import { openDrillProject } from '../drillProject.ts';

const quiet = (): Run => ({
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => '2026-11-21T00:00:00.000Z',
});

test("the drill's solver finds exactly the planted skills of a question", () => {
	const { questions } = drillWorld({ skills: 18, questions: 400, seed: 3 });
	const same = questions.filter(
		({ text, skills }) =>
			JSON.stringify([...(skillsOfText(text) ?? [])].sort()) === JSON.stringify([...skills].sort()),
	);
	assert.equal(same.length, questions.length, questions.find((question) => !same.includes(question))?.text);
	assert.equal(skillsOfText('What is the capital of France?'), null);
});

for (const [noise, subjects, least] of [
	[0, 'one', 0.97],
	[0.1, 'none', 0.75],
] as const) {
	test(`a catalog built from nothing recovers the planted skills with noise ${noise}, ${subjects} subject`, async () => {
		const { parts, close, world } = await openDrillProject({
			questions: 240,
			seed: 1,
			subject: subjects === 'one' ? 'written_arithmetic' : null,
		});
		const teacher = createTeacherOver({
			transport: drillTransport({ noise, seed: 1 }),
			model: 'drill-teacher',
			endpoint: 'drill',
			replies: parts.store,
			facts: { input: 0, output: 0 },
			concurrency: 8,
			log: () => undefined,
		});
		try {
			const asking = { ...parts, teacher };
			const plan = await planCatalog(asking, {});
			assert.ok(plan.calls >= 480 && plan.calls < 500, `${plan.calls}`);
			// A small page size forces several pages and a second round.
			const result = await catalog(asking, { chunkSize: 20 }, quiet());
			assert.deepEqual([result.questions, result.failed, result.unfinished, result.subjects], [240, 0, null, 1]);
			const map = await labelsByName(
				parts.store,
				world.questions.map(({ text }) => text),
			);
			const truth = new Map<string, Set<string>>();
			world.questions.forEach(({ text, skills }) =>
				skills.forEach((skill) => truth.set(skill, (truth.get(skill) ?? new Set()).add(text))),
			);
			const { precision, recall, matches } = bestMatch(truth, map);
			assert.ok(
				precision >= least && recall >= least,
				`precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
			);
			const names = result.lists[0]?.skills ?? [];
			assert.ok(names.length >= 16 && names.length <= 24, names.join(', '));
			if (noise === 0) {
				assert.equal(
					adjustedRand(
						matches.map(({ truth: name }) => name),
						matches.map(({ found }) => String(meaningOf(found ?? ''))),
					),
					null,
					'each planted skill is one of its own',
				);
				assert.deepEqual(
					matches.filter(({ truth: name, found }) => meaningOf(found ?? '') !== name),
					[],
				);
			}
			const again = await catalog(asking, { mode: 'replace', chunkSize: 20 }, quiet());
			assert.deepEqual(
				[again.calls, again.skills, again.retired, again.questions],
				[0, result.skills, 0, 240],
				'the same questions cost nothing again',
			);
			await assert.rejects(catalog(asking, {}, quiet()), { code: 'skills.listExists' });
			await assert.rejects(
				catalog(asking, { mode: 'add' }, quiet()),
				/every question already has a skill|nothing to add/,
			);
		} finally {
			await teacher.dispose();
			await close();
		}
	});
}

async function labelsByName(store: Store, texts: readonly string[]): Promise<Map<string, Set<string>>> {
	const { questionId } = await import('../../../../src/core/questions/question.ts');
	const textOf = new Map(texts.map((text) => [questionId(text), text]));
	const found = new Map<string, Set<string>>();
	for (const { questionId: id, skills } of await store.read('labels', { ids: [...textOf.keys()] })) {
		skills.forEach(({ name }) => found.set(name, (found.get(name) ?? new Set()).add(textOf.get(id) ?? '')));
	}
	return found;
}

test('a catalog run can be interrupted and resumed in every phase, and an unusable reply is set aside with its text', async () => {
	const { parts, close, world } = await openDrillProject({ questions: 60, seed: 2, subject: null });
	const drill = drillTransport({ noise: 0, seed: 2 });
	let paid = 0;
	const teacher = createTeacherOver({
		transport: {
			models: drill.models,
			async send(request, signal) {
				paid += 1;
				const { call } = request;
				const text = request.messages.at(-1)?.content ?? '';
				if (call.task === 'catalogName' && text.includes(world.questions[0]?.text ?? '-')) {
					return { text: 'I would rather not.', usage: null, truncated: false };
				}
				if (call.task === 'catalogCluster' && call.about === 'any') {
					return { text: 'These are all fine names.', usage: null, truncated: false };
				}
				return drill.send(request, signal);
			},
		},
		model: 'drill-teacher',
		endpoint: 'drill',
		replies: parts.store,
		facts: {},
		concurrency: 4,
		log: () => undefined,
	});
	try {
		const asking = { ...parts, teacher };
		const first = await catalog(asking, { budget: new Budget({ usd: 20 }) }, quiet());
		assert.deepEqual([first.unfinished, first.calls], ['naming', 20]);
		const second = await catalog(asking, { budget: new Budget({ usd: 60 }) }, quiet());
		assert.equal(second.unfinished, 'labelling');
		assert.equal(second.calls, 60);
		const third = await catalog(asking, {}, quiet());
		assert.deepEqual([third.unfinished, third.questions, third.failed], [null, 60, 0]);
		assert.equal(paid, first.calls + second.calls + third.calls);
		const names = await parts.store.read('setAside', { operation: 'catalog names', offset: 0, limit: 9 });
		assert.deepEqual(
			names.rows.map(({ text }) => text),
			['I would rather not.'],
		);
		const groups = await parts.store.read('setAside', { operation: 'catalog groups', offset: 0, limit: 9 });
		assert.deepEqual(
			groups.rows.map(({ key, text }) => [key, text]),
			[['any', 'These are all fine names.']],
		);
	} finally {
		await teacher.dispose();
		await close();
	}
});

test('add extends the existing list without renaming skills, and replace retires the list until it is undone', async () => {
	const { parts, close } = await openDrillProject({ questions: 50, seed: 4, subject: 'written_arithmetic' });
	const at = '2026-11-21T00:00:00.000Z';
	const teacher = createTeacherOver({
		transport: drillTransport({ noise: 0, seed: 4 }),
		model: 'drill-teacher',
		endpoint: 'drill',
		replies: parts.store,
		facts: { input: 0, output: 0 },
		concurrency: 8,
		log: () => undefined,
	});
	try {
		const asking = { ...parts, teacher };
		await parts.store.write('addSkills', {
			skills: [
				{ subject: 'written_arithmetic', name: 'carrying over' },
				{ subject: 'written_arithmetic', name: 'knitting' },
				{ subject: 'poetry', name: 'rhyme' },
			],
		});
		const [first] = await parts.store.read('questionsOfSplit', { split: 'validation', after: null, limit: 1 });
		await parts.store.write('addLabels', {
			source: 'bank',
			author: null,
			at,
			replace: false,
			rows: [{ questionId: first?.id ?? '', skills: [{ subject: 'written_arithmetic', name: 'knitting' }] }],
		});
		const added = await catalog(asking, { mode: 'add' }, quiet());
		assert.equal(added.questions, 49, 'the one with a skill is left alone');
		const [list] = added.lists;
		assert.ok(list?.skills.includes('carrying_over') && list.skills.includes('knitting'));
		assert.equal(
			list?.skills.filter((name) => meaningOf(name) === 'carrying').length,
			1,
			'a group with a standing skill is that skill',
		);
		const replaced = await catalog(asking, { mode: 'replace' }, quiet());
		assert.equal(replaced.questions, 50);
		assert.ok(!replaced.lists[0]?.skills.includes('knitting'));
		assert.ok(
			(await parts.store.read('skillList', { subject: 'poetry' })).length === 1,
			"another subject's list stands",
		);
		const edit = (await parts.store.read('skillEdits', {})).findLast(({ edit: { kind } }) => kind === 'retire');
		await parts.store.write('undoSkillEdit', { id: edit?.id ?? 0, author: 'Ada', at });
		assert.ok(
			(await parts.store.read('skillList', { subject: 'written_arithmetic' })).some(
				({ name }) => name === 'knitting',
			),
		);
	} finally {
		await teacher.dispose();
		await close();
	}
});

test('an interrupted add with a limit resumes with the same questions, and the next add uses others', async () => {
	const { parts, close } = await openDrillProject({ questions: 40, seed: 4, subject: 'written_arithmetic' });
	const teacher = createTeacherOver({
		transport: drillTransport({ noise: 0, seed: 4 }),
		model: 'drill-teacher',
		endpoint: 'drill',
		replies: parts.store,
		facts: {},
		concurrency: 1,
		log: () => undefined,
	});
	const labelled = async () => {
		const page = await parts.store.read('questionsOfSplit', { split: 'validation', after: null, limit: 1000 });
		return (await parts.store.read('labels', { ids: page.map(({ id }) => id) })).length;
	};
	try {
		const asking = { ...parts, teacher };
		await parts.store.write('addSkills', { skills: [{ subject: 'written_arithmetic', name: 'knitting' }] });
		const cut = await catalog(asking, { mode: 'add', limit: 8, budget: new Budget({ usd: 12 }) }, quiet());
		assert.equal(cut.unfinished, 'labelling');
		const before = await labelled();
		assert.ok(before > 0 && before < 8, `${before} labelled`);
		assert.equal((await catalog(asking, { mode: 'add' }, quiet())).unfinished, null);
		assert.equal(await labelled(), 8, 'no others took the place of those that were labelled');
		await catalog(asking, { mode: 'add', limit: 4 }, quiet());
		assert.equal(await labelled(), 12);
	} finally {
		await teacher.dispose();
		await close();
	}
});
