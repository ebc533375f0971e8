import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questionId } from '../../../../src/core/questions/question.ts';
import { skillKey } from '../../../../src/core/skills/skill.ts';

test('a question is its text: white space and normal form do not matter, case does', () => {
	assert.equal(questionId('  What is\n\t$x$? '), questionId('What is $x$?'));
	assert.equal(questionId('caf\u00e9'), questionId('cafe\u0301'));
	assert.notEqual(questionId('Let X be'), questionId('Let x be'));
	assert.match(questionId(''), /^[0-9a-f]{32}$/);
});

test('lone surrogates are told apart', () => {
	assert.notEqual(questionId('a\ud800'), questionId('a\ud801'));
	assert.notEqual(questionId('a\ud800'), questionId('a\ufffd'));
	assert.equal(questionId('😀'), questionId('😀'));
});

test('a skill is (subject, name), however it is spelled', () => {
	assert.equal(
		skillKey({ subject: 'Counting & Probability', name: 'Solving Equations' }),
		skillKey({ subject: 'counting_and_probability', name: 'solving-equations' }),
	);
	assert.notEqual(
		skillKey({ subject: 'algebra', name: 'solving_equations' }),
		skillKey({ subject: 'number_theory', name: 'solving_equations' }),
	);
});
