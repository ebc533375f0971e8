import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exportFormats } from '../../../src/core/training/exportFormat.ts';
import type { StudentTemplate } from '../../../src/core/questions/studentTemplate.ts';
import { files } from '../../../src/formats/files.ts';
import { collect, freshFolder, read } from './collect.ts';
import { chat, datasetRow, each, plain } from './datasetRows.ts';

const { signal } = new AbortController();
const rows = [
	datasetRow(),
	datasetRow({
		question: 'Let $f$ be odd.\nFind $f(0)$.',
		solution: 'It is odd.\n\nSo it is $\\boxed{0}$.',
		gold: '0',
	}),
	datasetRow({
		question: 'Is “a  b” a word? Please think.',
		solution: 'No: \\boxed{\\text{no}}',
		gold: '\\text{no}',
	}),
];
const templates: Readonly<Record<string, StudentTemplate>> = {
	chat,
	plain,
	'plain with a system text': { ...plain, system: 'Work\n\ncarefully.' },
	'an instruction of its own': {
		kind: 'chat',
		system: null,
		instruction: 'Take your time. Put your final answer within \\boxed{}.',
	},
	'another language': { kind: 'chat', system: 'Du bist gut.', instruction: 'Schreibe die Antwort in \\boxed{}.' },
	'no instruction': { kind: 'chat', system: null, instruction: null },
};

for (const format of exportFormats) {
	for (const [name, template] of Object.entries(templates)) {
		test(`what is exported as ${format} (${name}) is read back: questions, solutions and golds`, async () => {
			const folder = freshFolder();
			const out = format === 'llama-factory' ? folder : `${folder}/`;
			await files.export(format, 'set', each(rows), out, template, signal);
			const found = await collect(files.readQuestions(folder, read({ template })));
			assert.deepEqual(found.problems, [], readdirSync(folder).join(' '));
			assert.deepEqual(
				found.rows.map(({ text, solution, gold }) => [text, solution, gold]),
				rows.map(({ question, solution, gold }) => [question, solution, gold]),
			);
			const [look] = (await files.look(folder, read({ template }))).looks;
			assert.equal(look?.kind, 'questions');
		});
	}
}

test('requests and results of a batch are read together, and a failed request is no answer', async () => {
	const folder = freshFolder();
	const lines = (list: readonly unknown[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');
	const request = (id: string, question: string) => ({
		custom_id: id,
		method: 'POST',
		url: '/v1/chat/completions',
		body: {
			model: 'm',
			messages: [
				{ role: 'system', content: 'S' },
				{ role: 'user', content: question },
			],
		},
	});
	const result = (id: string, text: string, finish = 'stop') => ({
		id: `batch_req_${id}`,
		custom_id: id,
		response: {
			status_code: 200,
			body: {
				model: 'm-1',
				choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }],
			},
		},
		error: null,
	});
	writeFileSync(
		path.join(folder, 'in.jsonl'),
		lines([request('a', 'What is 3+4?'), request('b', 'What is 3+5?'), request('c', 'x')]),
	);
	const results = path.join(folder, 'out.jsonl');
	writeFileSync(
		results,
		lines([
			result('b', 'It is 8.'),
			result('a', 'It is', 'length'),
			{
				id: 'r',
				custom_id: 'c',
				response: { status_code: 500, body: { error: { message: 'no' } } },
				error: null,
			},
			{ id: 's', custom_id: 'c', response: null, error: { message: 'This request expired.' } },
			result('unknown', 'x'),
		]),
	);
	const found = await collect(files.readAnswers(results, read()));
	assert.deepEqual(
		found.rows.map(({ question, samples }) => [question.text, samples[0]?.text, samples[0]?.truncated]),
		[
			['What is 3+5?', 'It is 8.', undefined],
			['What is 3+4?', 'It is', true],
		],
	);
	assert.deepEqual(
		found.problems.map(({ line, field }) => [line, field]),
		[
			[3, 'response'],
			[4, 'error'],
			[5, 'custom_id'],
		],
	);
	const requests = await collect(files.readQuestions(path.join(folder, 'in.jsonl'), read()));
	assert.deepEqual(
		requests.rows.map(({ text }) => text),
		['What is 3+4?', 'What is 3+5?', 'x'],
	);
	const [look] = (await files.look(results, read())).looks;
	assert.deepEqual([look?.kind, look?.format, look?.student], ['answers', 'openai-batch', 'm-1']);
});
