import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../../src/core/questions/answer.ts';
import type { Diagnosis } from '../../../../src/core/diagnosis/diagnosis.ts';
import { questionId } from '../../../../src/core/questions/question.ts';
import { answersLines } from '../../../../src/ui/inline/answersLines.ts';
import { InlineReader, marksOf } from '../../../../src/ui/inline/inlineReader.ts';
import { scanLine } from '../../../../src/ui/inline/scanRecords.ts';
import { at, newProject, open } from '../../store/buildWorker.ts';

const scope = { student: 's', round: 1 };
const question = 'Compute $\\frac{1}{2}+\\frac{1}{3}$.\nGive a fraction.';
const id = questionId(question);
const texts = [
	'First, "add" the tops:\n\n$\\frac{1}{2}+\\frac{1}{3}=\\frac{2}{5}$.\n\nSo \\boxed{2/5} 𝕏',
	'It is 5/6.',
];
const stepStart = texts[0]?.indexOf('$') ?? 0;
const quote = '\\frac{2}{5}';
const start = texts[0]?.indexOf(quote) ?? 0;

async function project() {
	const store = await open(newProject());
	await store.write('addQuestions', {
		split: 'validation',
		benchmark: null,
		source: 't',
		rows: [{ text: question, subject: 'algebra', gold: '5/6' }],
	});
	await store.write('addAnswers', {
		...scope,
		source: 't',
		benchmark: null,
		rows: [
			{
				question: { text: question },
				samples: texts.map((text, sample) => ({
					sample,
					text,
					extracted: null,
					verdict: sample === 1,
					logVerdict: null,
					stepScores: null,
					steps:
						sample === 0
							? ([
									[0, stepStart - 2],
									[stepStart, text.length],
								] as const)
							: [],
				})),
			},
		],
	});
	const diagnosis: Diagnosis = {
		...scope,
		questionId: id,
		sample: 0,
		judge: 'incorrect',
		reason: 'adds tops',
		skills: [{ subject: 'algebra', name: 'fractions' }],
		offList: [],
		firstWrongStep: 1,
		replyKey: 'k',
		model: 'm',
		promptVersion: 'p@1',
		at,
	};
	await store.write('addDiagnoses', { rows: [diagnosis] });
	await store.write('annotate', {
		...scope,
		id: 'annotation-1',
		questionId: id,
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
	return store;
}

const source = (value: unknown, base = 100) => {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	const record = scanLine(text);
	assert.ok(record);
	return { text, base, record };
};

test('a record is recognised by its texts, and highlights cover the right characters', async () => {
	const store = await project();
	const reader = new InlineReader(store);
	const known = source({ idx: 3, q: question, noise: 'Compute something else', outs: [texts[1], texts[0]] });
	const shown = await reader.read(scope, [source({ question: 'never seen', code: texts }), known]);
	assert.equal(shown.length, 1);
	const [record] = shown;
	assert.ok(record);
	assert.deepEqual(
		record.answers.map(({ answer, edited }) => [answer.sample, edited]),
		[
			[1, false],
			[0, false],
		],
	);
	assert.deepEqual(
		record.finding.missing.map(({ name }) => name),
		['fractions', 'common_denominators'],
	);
	const { marks, lost } = marksOf(record);
	assert.deepEqual(lost, []);
	const seen = marks.map(({ kind, ranges }) => [
		kind,
		...ranges.map(([from, to]) => JSON.parse(`"${known.text.slice(from - 100, to - 100)}"`) as string),
	]);
	assert.deepEqual(seen, [
		['wrongStep', texts[0]?.slice(stepStart)],
		['annotation', quote],
	]);
	await store.close();
});

test('annotations follow edited text, lost quotes are reported and dismissed annotations are omitted', async () => {
	const store = await project();
	const reader = new InlineReader(store);
	const marksIn = async (text: string) => {
		const [record] = await reader.read(scope, [source({ question, response: text }, 0)]);
		assert.ok(record);
		return { edited: record.answers.map(({ edited }) => edited), ...marksOf(record) };
	};
	const moved = await marksIn(`Well then. ${texts[0]}`);
	assert.deepEqual(moved.edited, [true]);
	const annotation = moved.marks.find(({ kind }) => kind === 'annotation');
	assert.ok(annotation?.kind === 'annotation' && annotation.moved);
	const gone = await marksIn((texts[0] ?? '').replace('{2}{5}$', '{5}{6}$'));
	assert.deepEqual(
		gone.lost.map((one) => one.id),
		['annotation-1'],
	);
	assert.equal(gone.marks.length, 0);
	const [made] = await store.read('annotations', { ...scope, ids: [id] });
	assert.ok(made);
	const [entry] = made.history;
	assert.ok(entry);
	await store.write('annotate', { ...entry, action: 'withdrawn' });
	reader.forget(false);
	assert.deepEqual(
		(await marksIn(texts[0] ?? '')).marks.map(({ kind }) => kind),
		['wrongStep'],
	);
	await store.close();
});

test('the answers document is mapped line by line unless it is outdated', () => {
	const answer = (
		sample: number,
		text: string,
		steps: Answer['steps'],
		logVerdict: boolean | null = null,
	): Answer => ({
		...scope,
		questionId: id,
		sample,
		text,
		extracted: null,
		verdict: false,
		logVerdict,
		stepScores: null,
		steps,
	});
	const answers = [
		answer(0, 'One\nline\r\n\r\n  two 𝕏', [
			[0, 8],
			[12, 20],
		]),
		answer(4, '# no heading\n## Sample 9 of 9 · x\n\nend', [], true),
	];
	const page = [
		'# Answers of s, round 1',
		'',
		'## Question',
		'    ## Sample 1 of 2 · text',
		'',
		'## Sample 1 of 2 · ✗ · none',
		'',
		'### Step 1',
		'    One',
		'    line',
		'',
		'### Step 2 · first wrong step',
		'    two 𝕏',
		'',
		'## Sample 2 of 2 · ✗ · none',
		'    The log it came from says: right',
		'    # no heading',
		'    ## Sample 9 of 9 · x',
		'',
		'    end',
		'',
		'## Reference solution',
		'    end',
	];
	const starts: number[] = [];
	page.reduce((total, line) => (starts.push(total), total + line.length + 1), 0);
	const text = page.join('\n');
	const found = answersLines(page, starts, answers);
	assert.deepEqual(
		found.map(({ sample, line }) => [sample, line]),
		[
			[0, 5],
			[4, 14],
		],
	);
	const map = found[0]?.map;
	assert.deepEqual(
		map?.ranges(0, 20).map(([from, to]) => text.slice(from, to)),
		['One', 'line', 'two 𝕏'],
	);
	const two = text.indexOf('two 𝕏');
	assert.deepEqual(map?.toText(two, two + 3), [14, 17]);
	assert.deepEqual(
		found[1]?.map.ranges(2, 12).map(([from, to]) => text.slice(from, to)),
		['no heading'],
	);
	assert.deepEqual(
		answersLines(
			page.map((line) => line.replace('line', 'LINE')),
			starts,
			answers,
		)[0]?.map.ranges(0, 8).length,
		1,
		"a line that is not the answer's is not mapped",
	);
});
