import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentWords } from '../../../../src/core/text/contentWords.ts';
import { SimilarityIndex } from '../../../../src/core/text/similarityIndex.ts';
import { largestGroup, needsFigure, saysUnsolvable } from '../../../../src/core/datasets/synthesis.ts';

const train =
	'A train travels 120 miles at 40 miles per hour and then 90 miles at 30 miles per hour. What is its ' +
	'average speed, in miles per hour?';

function kindOf(text: string, known = train): string | undefined {
	const index = new SimilarityIndex();
	index.add('known', known);
	return index.find(text)[0]?.kind;
}

test('questions are the same despite differences in layout, case and punctuation, but not in numbers and figures', () => {
	assert.equal(
		kindOf('Let $d$ solve $2x^{2}+3x - 5=0$. What is $d-1$?', 'let d solve \\(2x^2 + 3x-5 = 0\\), what is $d - 1$'),
		'same',
	);
	assert.equal(kindOf(train.replace('120', '150').replace('40', '50')), 'twin');
	assert.equal(
		kindOf(
			'Find $1,000 + 3$ and then double the whole of it, please.',
			'Find $1000 + 3$ and then double the whole of it, please.',
		),
		'same',
	);
	assert.notEqual(
		kindOf(
			'The graph is below. [asy] draw((0,0)--(1,1)); [/asy] What is its slope?',
			'The graph is below. [asy] draw((0,0)--(1,2)); [/asy] What is its slope?',
		),
		'same',
	);
});

test('a question with one added word still counts as a copy, and a long shared run of words counts as a shared passage', () => {
	assert.equal(kindOf(train.replace('then 90', 'then another 90')), 'copy');
	assert.equal(kindOf('How many ways are there to seat six people around a table?'), undefined);
	assert.equal(kindOf('', train), undefined);
	const start = 'In a town of forty three people each person owns exactly one red bicycle and';
	assert.equal(
		kindOf(
			`${start} nobody owns a car. How many wheels roll?`,
			`${start} two of them sell theirs. Who is left with how much money in the end?`,
		),
		'passage',
	);
});

test('short questions are twins only if their templates are equal', () => {
	assert.equal(kindOf('Compute $\\cos 60$.', 'Compute $\\sin 60$.'), undefined);
	assert.equal(kindOf('Compute $\\sin 30$.', 'Compute $\\sin 60$.'), 'twin');
});

test('similar questions are listed with the most similar first and without the question itself', () => {
	const index = new SimilarityIndex();
	index.add('twin', train.replace('120', '121'));
	index.add('self', train);
	index.add('same', train.toUpperCase());
	assert.deepEqual(
		index.find(train, 'self').map(({ id, kind }) => [id, kind]),
		[
			['same', 'same'],
			['twin', 'twin'],
		],
	);
});

test('among hundreds of similar questions, an equal one is found without comparing all of them', () => {
	const index = new SimilarityIndex();
	const numbered = (number: number) => train.replace('120', String(1000 + number));
	for (let number = 0; number < 800; number++) {
		index.add(`twin ${number}`, numbered(number));
	}
	const few = index.find(numbered(400), undefined, 50);
	assert.deepEqual(
		[few.length, few[0]?.id, few[0]?.kind, few[1]?.kind, index.find(numbered(400)).length],
		[50, 'twin 400', 'same', 'twin', 800],
	);
	// Rare bands are compared first. This passage occurs in only one question.
	const rare = 'Along the quiet river under nine old bridges past the sleeping mill of Hollow Ash and';
	index.add('rare', `${rare} ${train}`);
	assert.equal(index.find(`${rare} where does the ferry stop?`, undefined, 5)[0]?.id, 'rare');
	assert.deepEqual(
		[
			index.resembles(numbered(9999)),
			index.resembles('How many ways are there to seat six people around a table?'),
			index.resembles(''),
		],
		[true, false, false],
	);
});

test('a question with different numbers is found as a twin', () => {
	const words = [
		'orchard',
		'lantern',
		'crate',
		'harbour',
		'ledger',
		'violin',
		'quarry',
		'meadow',
		'archive',
		'glacier',
		'carries',
		'paints',
		'counts',
		'quietly',
		'before',
		'after',
	];
	let state = 7;
	const next = (bound: number): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % bound;
	const index = new SimilarityIndex();
	const questions = Array.from({ length: 400 }, () =>
		Array.from({ length: 20 + next(20) }, (_, at) =>
			at % 6 === 3 ? String(next(900) + 10) : words[(next(1 << 20) >> 4) % words.length],
		).join(' '),
	);
	questions.forEach((text, id) => index.add(String(id), text));
	const missed = questions.filter(
		(text, id) =>
			!index
				.find(text.replace(/\d+/g, (number) => String(Number(number) + 1)))
				.some((match) => match.id === String(id)),
	);
	assert.equal(missed.length, 0);
});

test('agreement is the size of the largest group, and missing answers agree with none', () => {
	assert.deepEqual([...largestGroup(['4', '5', '4'], [0, 1, 0]).members], [0, 2]);
	assert.equal(largestGroup([null, null, null], [0, 1, 2]).agree, 0);
	assert.deepEqual([...largestGroup(['1', '2', '3'], [0, 1, 2]).members], [0]);
});

test('words that refer to a figure and answers that give up are recognised', () => {
	for (const text of [
		'In the figure, find $x$.',
		'as shown below',
		'the graph below',
		'[asy] draw(); [/asy]',
		'Use the table to find it. See the table.',
	]) {
		assert.ok(needsFigure(text), text);
	}
	assert.ok(!needsFigure('A figure skater turns 3 times on a table.'));
	assert.ok(
		saysUnsolvable('\\text{unsolvable}') &&
			saysUnsolvable('unsolvable') &&
			!saysUnsolvable('7') &&
			!saysUnsolvable(null),
	);
});

test('questions are twins despite different names and number words, but not if they ask for something else', () => {
	const twins = (left: string, right: string): boolean => {
		const index = new SimilarityIndex();
		index.add('1', left);
		return index.find(right).some(({ kind }) => kind === 'twin');
	};
	assert.ok(
		!twins(
			'Find the center of the circle with equation $x^2 - 2x + y^2 - 4y - 28 = 0$.',
			'Find the radius of the circle with equation $x^2 - 4x + y^2 - 6y - 36 = 0$.',
		),
	);
	assert.ok(
		!twins(
			'We flip a fair coin 10 times. What is the probability that we get heads in exactly 8 of the 10 flips?',
			'We flip a fair coin 10 times. What is the probability that we get heads in at least 6 of the 10 flips?',
		),
	);
	assert.ok(
		twins(
			'Lulu has a quadratic of the form $x^2+bx+44$, where $b$ is a specific positive number. What ' +
				'does Lulu find for $b$?',
			'Masha has a quadratic of the form $x^2+bx+1$, where $b$ is a specific positive number. What ' +
				'does Masha find for $b$?',
		),
	);
	assert.ok(
		twins(
			'Four people can mow a lawn in 6 hours. How many more people will be needed to mow the lawn in ' +
				'4 hours, at the same rate?',
			'Five people can mow a lawn in 12 hours. How many more people are needed to mow the lawn in ' +
				'just 3 hours, at the same rate?',
		),
	);
	// Texts with equal templates also have equal content words, so these are twins.
	assert.ok(twins('Compute the sum of 3 and 4.', 'Compute the sum of 30 and 41.'));
	// No text takes long, however hostile it is.
	for (const text of [
		'\\begin{'.repeat(20_000),
		'Express '.repeat(20_000),
		'. '.repeat(50_000),
		'[asy]'.repeat(10_000),
	]) {
		contentWords(text);
	}
});
