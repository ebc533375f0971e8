import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { questionId } from '../../../../src/core/questions/question.ts';
import type { ShownRecord } from '../../../../src/ui/inline/inlineReader.ts';
import { InlineReader, marksOf } from '../../../../src/ui/inline/inlineReader.ts';
import { markdownRecords } from '../../../../src/ui/inline/markdownAnswers.ts';
import { MarkdownText } from '../../../../src/ui/inline/scanMarkdown.ts';
import { at, newProject, open } from '../../store/buildWorker.ts';

// Questions and answers in Markdown files are found by their text, and highlights cover the right characters of the
// file.
const scope = { student: 's', round: 1 };
const first = {
	text: 'Compute $\\frac{1}{2}+\\frac{1}{3}$.\n\nGive a *fraction*.',
	answers: ['First, add the tops:\n\n$\\frac{1}{2}+\\frac{1}{3}=\\frac{2}{5}$.\n\nSo \\boxed{2/5} 𝕏', 'It is 5/6.'],
};
const second = {
	text: 'If x_1 < y_1 & x_1 > 2, what is x_1 * 3?',
	answers: ['We know x_1 < y_1, so **x_1 * 3** is 9.\n## Answer\n\\boxed{9}'],
};
const quote = '\\frac{2}{5}$.\n\nSo';
let store: Awaited<ReturnType<typeof open>>;
let reader: InlineReader;

before(async () => {
	store = await open(newProject());
	for (const { text, answers } of [first, second]) {
		await store.write('addQuestions', {
			split: 'validation',
			benchmark: null,
			source: 't',
			rows: [{ text, subject: 'algebra', gold: '5/6' }],
		});
		await store.write('addAnswers', {
			...scope,
			source: 't',
			benchmark: null,
			rows: [
				{
					question: { text },
					samples: answers.map((answer, sample) => ({
						sample,
						text: answer,
						extracted: null,
						verdict: false,
						logVerdict: null,
						stepScores: null,
						steps: [],
					})),
				},
			],
		});
	}
	const start = (first.answers[0] ?? '').indexOf(quote);
	await store.write('annotate', {
		...scope,
		id: 'annotation-1',
		questionId: questionId(first.text),
		sample: 0,
		start,
		end: start + quote.length,
		quote,
		skills: [{ subject: 'algebra', name: 'common_denominators' }],
		note: null,
		action: 'made',
		author: 'Ada',
		at,
	});
	reader = new InlineReader(store);
});
after(() => store.close());

const records = (source: string, from = 0, to = Infinity): Promise<ShownRecord[]> => {
	const lines = source.split('\n').length;
	return markdownRecords(reader, scope, new MarkdownText(source), from, Math.min(to, lines), 400);
};
/** Returns the text of the file at the highlights of a record. */
const marked = (source: string, record: ShownRecord | undefined): string[] =>
	record ? marksOf(record).marks.flatMap(({ ranges }) => ranges.map(([start, end]) => source.slice(start, end))) : [];
const samples = (record: ShownRecord | undefined): (readonly [number, boolean])[] =>
	(record?.answers ?? []).map(({ answer, edited }) => [answer.sample, edited]);

test('fenced and plain Markdown is read with labels and headings', async () => {
	const fenced =
		`# Notes\n\n**Question:** ${first.text}\n\n\`\`\`text\n${first.answers[0]}\n\`\`\`\n\n**Answer 2:** ` +
		`${first.answers[1]}\n\n## ${second.text}\n\n~~~~\n${second.answers[0]}\n~~~~\n`;
	const [one, two, ...more] = await records(fenced);
	assert.equal(more.length, 0);
	assert.deepEqual(
		[samples(one), samples(two)],
		[
			[
				[0, false],
				[1, false],
			],
			[[0, false]],
		],
	);
	assert.deepEqual(marked(fenced, one).join('|'), '\\frac{2}{5}$.\n\nSo');
	assert.equal(fenced.slice(one?.at, (one?.at ?? 0) + 13), '**Question:**');

	const plain = `${first.text}\n\n${first.answers[0]}\n\n---\n\n- ${second.text}\n\n${second.answers[0]}\n`;
	const [third, fourth] = await records(plain);
	assert.deepEqual([samples(third), samples(fourth)], [[[0, false]], [[0, false]]]);
	assert.deepEqual(marked(plain, third).join(''), '\\frac{2}{5}$.\n\nSo');
});

test('block quotes, fences in lists and CRLF do not shift highlights', async () => {
	const prefixed = (prefix: string, text: string, eol = '\n'): string =>
		text
			.split('\n')
			.map((line) => `${prefix}${line}`)
			.join(eol);
	for (const eol of ['\n', '\r\n']) {
		const source = [
			'Intro',
			prefixed('> ', first.text, eol),
			'',
			prefixed('> ', first.answers[0] ?? '', eol),
			'',
			`1. ${second.text}`,
			'',
			'   ```',
			prefixed('   ', second.answers[0] ?? '', eol),
			'   ```',
		]
			.join(eol)
			.replace('Intro' + eol, 'Intro' + eol + eol);
		const [one, two] = await records(source);
		assert.deepEqual([samples(one), samples(two)], [[[0, false]], [[0, false]]]);
		assert.deepEqual(
			marked(source, one)
				.map((text) => text.replaceAll('\r', '').replaceAll('\n', '|').replaceAll('> ', ''))
				.join(''),
			'\\frac{2}{5}$.||So',
		);
	}
});

test('a highlight on an escaped character in Markdown covers its escape', async () => {
	const escaped = second.answers[0]?.replace(/[_*]/g, '\\$&').replace('<', '&lt;') ?? '';
	const source = `${second.text.replace(/[_*]/g, '\\$&').replace('<', '&lt;').replace('&', '&')}\n\n${escaped}\n`;
	const [one] = await records(source);
	assert.deepEqual(samples(one), [[0, false]]);
	const { map } = one?.answers[0] ?? assert.fail();
	const at = map.text.indexOf('x_1 < y_1');
	assert.equal(
		map
			.ranges(at, at + 9)
			.map(([start, end]) => source.slice(start, end))
			.join('|'),
		'x\\_1 &lt; y\\_1',
	);
	const from = source.indexOf('&lt;', source.indexOf('We know'));
	assert.deepEqual(map.toText(from + 1, from + 2), [at + 4, at + 5]);
});

test('an edited answer is recognised by its beginning and end', async () => {
	const edited = (text: string) => `${first.text}\n\n\`\`\`\n${text}\n\`\`\`\n`;
	const moved = edited((first.answers[0] ?? '').replace('First,', 'First of all,'));
	const [one] = await records(moved);
	assert.deepEqual(samples(one), [[0, true]]);
	assert.deepEqual(marked(moved, one).join(''), '\\frac{2}{5}$.\n\nSo');
	const lost = edited((first.answers[0] ?? '').replace('{2}{5}', '{5}{6}'));
	const [two] = await records(lost);
	assert.ok(two);
	assert.deepEqual([samples(two), marksOf(two).marks.length, marksOf(two).lost.length], [[[0, true]], 0, 1]);
	const other = edited('Something else altogether, which nobody has ever answered.');
	assert.deepEqual(samples((await records(other))[0]), []);
});

test('only records near the visible lines are read, and neither a quoted question nor part of a word matches', async () => {
	const block = (text: string, answer: string): string => `${text}\n\n${answer}\n\n`;
	const source = block(first.text, first.answers[0] ?? '') + block(second.text, second.answers[0] ?? '');
	const line = source.split('\n').findIndex((text) => text.startsWith('If x_1'));
	assert.deepEqual(
		(await records(source, line + 1, line + 2)).map(({ finding }) => finding.question.text),
		[second.text],
	);
	assert.deepEqual(
		(await records(source, 4, 5)).map(({ finding }) => finding.question.text),
		[first.text],
	);
	assert.equal((await records(block(second.text, `${second.text}\n\n${second.answers[0]}`))).length, 1);
	assert.deepEqual(samples((await records(block(first.text, 'I think It is 5/6. or so')))[0]), []);
	assert.deepEqual(samples((await records(block(first.text, 'Answer: It is 5/6.  ')))[0]), [[1, false]]);
});

test('hostile Markdown yields no records', async () => {
	for (const source of [
		'`'.repeat(100_000),
		'> '.repeat(50_000),
		'- '.repeat(50_000),
		`${'#'.repeat(50_000)}\n`,
		'\\'.repeat(100_000),
		'**'.repeat(50_000) + ':',
		'\n'.repeat(200_000),
		`\`\`\`\n${'a\n'.repeat(50_000)}`,
		'&lt;'.repeat(30_000),
	]) {
		assert.deepEqual(await records(source), []);
	}
});
