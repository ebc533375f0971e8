import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { questionId } from '../../../../src/core/questions/question.ts';
import type { Outcome, TeacherCall } from '../../../../src/core/ports/teacher.ts';
import { MalformedReply } from '../../../../src/core/ports/teacher.ts';
import { createScriptedTeacher } from '../../../../src/teacher/scripted/scriptedTeacher.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'scripted-'));
const question = 'What is  $2+2$?';
const id = questionId(question);

function script(...lines: (object | string)[]): string {
	const file = path.join(folder, `${Math.random().toString(36).slice(2)}.jsonl`);
	writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
	return file;
}

function call(over: Partial<TeacherCall>): TeacherCall {
	return {
		task: 'diagnose',
		about: id,
		messages: [{ role: 'user', content: 'the student wrote five' }],
		sampling: {},
		sample: 0,
		promptVersion: 'diagnose@1',
		...over,
	};
}

async function ask(
	file: string,
	calls: TeacherCall[],
	parse: (text: string) => string = (text) => text,
	log = new MemoryReplyLog(),
): Promise<Outcome<string>[]> {
	const teacher = createScriptedTeacher({ file, replies: log });
	const outcomes: Outcome<string>[] = [];
	for await (const outcome of teacher.ask(calls, parse, { signal: new AbortController().signal })) {
		outcomes.push(outcome);
	}
	return outcomes;
}

function textOf(outcome: Outcome<string> | undefined): string {
	if (outcome === undefined) {
		return '';
	}
	return 'value' in outcome ? outcome.value : `${outcome.failure.kind}: ${outcome.failure.message}`;
}

test('a scripted reply is found by question, skill, number and sample, and the most specific line wins', async () => {
	const file = script(
		{ model: 'tutor' },
		'// a comment',
		'',
		{ task: 'propose', about: '*', text: 'any' },
		{ task: 'propose', question: 'What is $2+2$?', text: 'question' },
		{ task: 'propose', question, skill: 'Algebra/Solving Equations', text: 'skill' },
		{ task: 'propose', question, skill: 'algebra/solving_equations', n: 1, text: 'number' },
		{ task: 'propose', question, skill: 'algebra/solving_equations', n: 1, sample: 2, text: 'sample' },
		{ task: 'propose', about: `${id}/algebra/*`, text: 'pattern' },
	);
	const about = (rest: string, sample = 0) =>
		call({ task: 'propose', about: rest, sample, messages: [{ role: 'user', content: rest }] });
	const calls = [
		about('x/y/z/0'),
		about(`${id}/geometry/areas/0`),
		about(`${id}/algebra/solving_equations/0`),
		about(`${id}/algebra/solving_equations/1`),
		about(`${id}/algebra/solving_equations/1`, 2),
		about(`${id}/algebra/other/7`),
	];
	const outcomes = await ask(file, calls);
	const byAbout = calls.map((one) => textOf(outcomes.find((outcome) => outcome.call === one)));
	assert.deepEqual(byAbout, ['any', 'question', 'skill', 'number', 'sample', 'question']);
	assert.equal(
		outcomes.every((outcome) => 'reply' in outcome && outcome.reply.model === 'tutor' && outcome.reply.cost === 0),
		true,
	);
});

test('a call without a scripted reply fails as missing, and the other calls continue', async () => {
	const outcomes = await ask(script({ task: 'diagnose', question, sample: 0, text: 'yes' }), [
		call({ sample: 3 }),
		call({ sample: 0 }),
	]);
	assert.equal(outcomes.length, 2);
	const texts = outcomes.map(textOf).sort();
	assert.match(texts[0] ?? '', new RegExp(`^missing: .*diagnose about ${id}, sample 3`));
	assert.equal(texts[1], 'yes');
});

test('a malformed reply is retried with the line for the next attempt, and the "contains" field distinguishes answers', async () => {
	const file = script(
		{ task: 'diagnose', question, contains: 'wrote five', attempt: 0, text: 'bad' },
		{ task: 'diagnose', question, contains: 'wrote five', text: 'five' },
		{ task: 'diagnose', question, text: 'other' },
	);
	const parse = (text: string) => {
		if (text === 'bad') {
			throw new MalformedReply('bad');
		}
		return text;
	};
	const outcomes = await ask(file, [call({}), call({ messages: [{ role: 'user', content: 'wrote six' }] })], parse);
	assert.deepEqual(outcomes.map(textOf).sort(), ['five', 'other']);
});

test('the replies in an edited file replace the stored ones, while the stored replies of an unchanged file are reused', async () => {
	const log = new MemoryReplyLog();
	const file = script({ task: 'diagnose', question, text: 'one' });
	await ask(file, [call({})], undefined, log);
	const again = await ask(file, [call({})], undefined, log);
	assert.equal(again[0] && 'cached' in again[0] && again[0].cached, true);
	writeFileSync(file, JSON.stringify({ task: 'diagnose', question, text: 'two' }));
	assert.equal(textOf((await ask(file, [call({})], undefined, log))[0]), 'two');
});

test('an invalid file fails with a one-line error that names file, line and field', () => {
	const cases: [(object | string)[], RegExp][] = [
		[['{"task":'], /:1: not a JSON object/],
		[
			[
				{ task: 'label', question, text: 'a' },
				{ task: 'guess', question, text: 'b' },
			],
			/:2: task: /,
		],
		[[{ task: 'label', text: 'a' }], /:1: expected either question or about/],
		[[{ task: 'label', question, about: 'x', text: 'a' }], /:1: expected either question or about/],
		[[{ task: 'label', question, sample: -1, text: 'a' }], /:1: sample: /],
		[[{ task: 'label', question, text: 'a', smaple: 1 }], /:1: .*smaple/],
		[
			[
				{ task: 'label', question, text: 'a' },
				{ task: 'label', question: ` ${question} `, text: 'b' },
			],
			/:2: this line answers the same calls as line 1/,
		],
	];
	for (const [lines, expected] of cases) {
		const file = script(...lines);
		assert.throws(
			() => createScriptedTeacher({ file, replies: new MemoryReplyLog() }),
			(error: Error) =>
				error.name === 'StatError' && expected.test(error.message) && error.message.startsWith(file),
			String(expected),
		);
	}
	assert.throws(
		() => createScriptedTeacher({ file: path.join(folder, 'none.jsonl'), replies: new MemoryReplyLog() }),
		/cannot be read/,
	);
});
