import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionId } from '../../../../src/core/questions/question.ts';
import type { ComparedQuestion } from '../../../../src/core/rounds/comparison.ts';
import { compareRounds, namedChanges } from '../../../../src/core/rounds/comparison.ts';

const question = (id: string, before: number, after: number, about: Partial<ComparedQuestion>): ComparedQuestion => ({
	questionId: id as QuestionId,
	subject: null,
	level: null,
	benchmark: null,
	skills: [],
	before: { right: before, of: 1 },
	after: { right: after, of: 1 },
	...about,
});
const skill = { subject: 'Algebra', name: 'factoring' };
const questions = [
	question('a', 0, 1, { subject: 'Algebra', level: 1, skills: [skill] }),
	question('b', 0, 1, { subject: 'Algebra', level: 2, skills: [skill] }),
	question('c', 1, 0, { subject: 'Geometry', level: 2 }),
];

test('each breakdown counts every question of each of its members', () => {
	const { overall, subjects, levels, skills } = compareRounds(questions, new Map());
	assert.equal(overall.n, 3);
	assert.deepEqual(
		subjects.map(({ subject, n, delta }) => [subject, n, delta]),
		[
			['Algebra', 2, 1],
			['Geometry', 1, -1],
		],
	);
	assert.deepEqual(
		levels.map(({ level, n, delta }) => [level, n, delta]),
		[
			[1, 1, 1],
			[2, 2, 0],
		],
	);
	assert.deepEqual(
		skills.map(({ name, n, missed }) => [name, n, missed]),
		[['factoring', 2, 0]],
	);
});

test('a breakdown with a single member is left out of the named changes', () => {
	const named = namedChanges(compareRounds(questions, new Map()));
	assert.deepEqual(
		named.map(({ name, change }) => [name, change.n]),
		[
			['all', 3],
			['Algebra', 2],
			['Geometry', 1],
			['level 1', 1],
			['level 2', 2],
		],
	);
});

test('a flip is a question whose majority of answers changed', () => {
	const { flips } = compareRounds(questions, new Map());
	assert.deepEqual(
		flips.map(({ questionId, to }) => [questionId, to]),
		[
			['a', 'right'],
			['b', 'right'],
			['c', 'wrong'],
		],
	);
});
