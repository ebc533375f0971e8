import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questionId } from '../../../../src/core/questions/question.ts';
import { skillKey } from '../../../../src/core/skills/skill.ts';

test('a question is identified by its text regardless of white space and Unicode normalization form', () => {
	assert.equal(questionId('  What is\n\t$x$? '), questionId('What is $x$?'));
	assert.equal(questionId('caf\u00e9'), questionId('cafe\u0301'));
	assert.notEqual(questionId('Let X be'), questionId('Let x be'));
	assert.match(questionId(''), /^[0-9a-f]{32}$/);
});

test('texts with different lone surrogates get different question ids', () => {
	assert.notEqual(questionId('a\ud800'), questionId('a\ud801'));
	assert.notEqual(questionId('a\ud800'), questionId('a\ufffd'));
	assert.equal(questionId('😀'), questionId('😀'));
});

test('a skill is identified by its subject and name, in any spelling', () => {
	assert.equal(
		skillKey({ subject: 'Counting & Probability', name: 'Solving Equations' }),
		skillKey({ subject: 'counting_and_probability', name: 'solving-equations' }),
	);
	assert.notEqual(
		skillKey({ subject: 'algebra', name: 'solving_equations' }),
		skillKey({ subject: 'number_theory', name: 'solving_equations' }),
	);
});
