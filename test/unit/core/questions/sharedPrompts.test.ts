import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { studentMessages, studentPrompt } from '../../../../src/core/questions/studentPrompt.ts';
import type { StudentTemplate } from '../../../../src/core/questions/studentTemplate.ts';

/** The trainer's own rendering is tested on the same cases (trainer/tests/test_template.py). */
const cases = JSON.parse(readFileSync('trainer/tests/cases/prompts.json', 'utf8')) as readonly {
	readonly template: StudentTemplate;
	readonly question: string;
	readonly messages: unknown;
	readonly plain: string;
}[];

for (const [index, { template, question, messages, plain }] of cases.entries()) {
	test(`prompt ${index} equals the one that the trainer renders`, () => {
		assert.deepEqual(studentMessages(template, question), messages);
		assert.equal(studentPrompt(template, question), plain);
	});
}
