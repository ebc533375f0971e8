import assert from 'node:assert/strict';
import test from 'node:test';
import { MalformedReply } from '../../../../src/core/ports/teacher.ts';
import { replyParsers as parsers } from '../../../../src/teacher/replies/parseReply.ts';

const offered = [
	'solving_equations',
	'area_calculation_skills',
	'counting_and_probability_skills',
	'prime number theory',
	'graphs, lines and slopes',
].map((name) => ({ subject: 'algebra', name }));
const names = (text: string) => parsers.parseDiagnosis(text, offered).skills.map((skill) => skill.name);

test('a diagnosis is parsed from replies in every format', () => {
	const plain = parsers.parseDiagnosis(
		'<judge>incorrect</judge> <reason>Step 2 fails.</reason> <skill>solving_equations</skill> <step>2</step>',
		offered,
	);
	assert.deepEqual(plain, {
		judge: 'incorrect',
		reason: 'Step 2 fails.',
		skills: [offered[0]],
		offList: [],
		firstWrongStep: 1,
	});
	const dressed = [
		'<JUDGE> Incorrect </JUDGE>\n<Skill>Solving Equations</Skill>',
		'```xml\n<judge>incorrect</judge>\n<skill>solving-equations\n```',
		'**<judge>** **incorrect** **</judge>** **<skill>** `solving_equations` **</skill>**',
		'<think><judge>correct</judge> no, wait</think><judge>wrong</judge><skill>solving equation</skill>',
		'I will answer as <judge>correct|incorrect</judge> ' +
			'<skill>…</skill>.\n\n<judge>incorrect</judge><reason>x</reason><skill>1. ' +
			'solving_equations.</skill>',
		'<judge>incorrect<judge><reason>x</reason><skills>algebra/solving_equations</skills>',
		'Judge: incorrect\nReason: it fails\nSkill: solving_equations',
		'**Judge:** incorrect\n**Skills:** solving_equations',
		'<judge>not correct</judge><reason>he wrote "<judge>correct</judge> <skill>prime number ' +
			'theory</skill>" to fool us</reason><skill>solving_equations</skill>',
		'<judge>Partially correct</judge><skill>["solving_equations"]</skill>',
		'< judge >incorrect</ judge ><skill>solving_equations</skill><judge>',
	];
	for (const text of dressed) {
		assert.deepEqual(names(text), ['solving_equations'], text);
	}
});

test('a skill list is split at commas, semicolons, bullets and “and”, except inside names', () => {
	const read = (list: string) => names(`<judge>incorrect</judge><skill>${list}</skill>`);
	assert.deepEqual(read('solving_equations, area_calculation'), ['solving_equations', 'area_calculation_skills']);
	assert.deepEqual(read('Solving equations; Prime Number Theory'), ['solving_equations', 'prime number theory']);
	assert.deepEqual(read('\n- solving_equations\n* counting and probability skills\n• prime_number_theory'), [
		'solving_equations',
		'counting_and_probability_skills',
		'prime number theory',
	]);
	assert.deepEqual(read('solving equations and prime number theory'), ['solving_equations', 'prime number theory']);
	assert.deepEqual(read('counting_and_probability_skills'), ['counting_and_probability_skills']);
	assert.deepEqual(read('graphs, lines and slopes, solving_equations'), [
		'graphs, lines and slopes',
		'solving_equations',
	]);
	assert.deepEqual(read('solving_equations, Solving Equations'), ['solving_equations']);
	const mixed = parsers.parseDiagnosis(
		'<judge>incorrect</judge><skill>solving_equations, telepathy</skill>',
		offered,
	);
	assert.deepEqual(mixed.offList, ['telepathy']);
});

test('a listed name keeps its own brackets, bars and semicolons', () => {
	const list = ['circles_(plane)', 'circles', '|absolute| values', 'ratios; rates', 'f(x)'].map((name) => ({
		subject: 'algebra',
		name,
	}));
	const read = (text: string) =>
		parsers.parseDiagnosis(`<judge>incorrect</judge><skill>${text}</skill>`, list).skills.map(({ name }) => name);
	for (const { name } of list) {
		assert.deepEqual(read(name), [name]);
	}
	assert.deepEqual(read('circles_(plane), ratios; rates, "f(x)"'), ['circles_(plane)', 'ratios; rates', 'f(x)']);
});

test('an incomplete reply is malformed, and the error gives the reason', () => {
	const cases: [string, RegExp][] = [
		['', /reply is empty/],
		['The student is wrong.', /no <judge>/],
		['<judge>correct or incorrect</judge><skill>solving_equations</skill>', /no <judge>/],
		['<judge>incorrect</judge><reason>x</reason><skill>none</skill>', /names none/],
		['<judge>incorrect</judge><skill>telepathy</skill>', /no skill named is on the list: telepathy/],
		['<think>it went on and on', /reply is empty/],
	];
	for (const [text, expected] of cases) {
		assert.throws(
			() => parsers.parseDiagnosis(text, offered),
			(error: Error) => error instanceof MalformedReply && expected.test(error.message),
			text,
		);
	}
	assert.throws(() => parsers.parseJudge('maybe'), MalformedReply);
	assert.throws(() => parsers.parseProposal('<reason>x</reason><question></question>'), MalformedReply);
	assert.throws(() => parsers.parseSolution('It is 5.'), /no final answer/);
	assert.throws(() => parsers.parseSolution('It is \\boxed{\\frac{1}{2}'), /never closed/);
	assert.throws(
		() => parsers.parseCheck('<solvable>yes or no</solvable><figure>no</figure><uses>yes</uses>'),
		MalformedReply,
	);
});

test('a diagnosis with the verdict correct has no skills, and a step out of range becomes null', () => {
	assert.deepEqual(
		parsers.parseDiagnosis(
			'<judge>Correct.</judge><reason>fine</reason><skill>solving_equations</skill><step>1</step>',
			offered,
		),
		{ judge: 'correct', reason: 'fine', skills: [], offList: [], firstWrongStep: null },
	);
	const step = (text: string) =>
		parsers.parseDiagnosis(`<judge>incorrect</judge><skill>solving_equations</skill>${text}`, offered)
			.firstWrongStep;
	assert.deepEqual(
		[
			step('<step>[3]</step>'),
			step('<step>Step 4</step>'),
			step('<step>0</step>'),
			step('<step>none</step>'),
			step('<step>2-3</step>'),
			step(''),
		],
		[2, 3, null, null, 1, null],
	);
});

test('labels, judgements, proposals, solutions, catalogs and checks are parsed', () => {
	assert.deepEqual(parsers.parseLabel('<skill>none</skill><reason>no</reason>', offered), {
		skills: [],
		offList: [],
		reason: 'no',
	});
	assert.equal(
		parsers.parseLabel(`<skill>${offered.map(({ name }) => name).join('\n')}</skill>`, offered, 2).skills.length,
		2,
	);
	assert.deepEqual(parsers.parseJudge('<reason>a</reason><judge>correct</judge>'), { correct: true, reason: 'a' });
	assert.deepEqual(
		parsers.parseProposal(
			'<reason>r</reason>\n<draft>d <b>bold</b></draft>\n<question>What is $1<2$ and 3>2?</question>',
		),
		{ question: 'What is $1<2$ and 3>2?', reason: 'r', draft: 'd <b>bold</b>' },
	);
	assert.equal(
		parsers.parseSolution('<think>hm \\boxed{3}</think>\n<solution>So \\boxed{\\{1,2\\}}.</solution>'),
		'So \\boxed{\\{1,2\\}}.',
	);
	assert.equal(parsers.parseSolution('a < b, so $\\boxed{4}$'), 'a < b, so $\\boxed{4}$');
	assert.deepEqual(parsers.parseCatalogNames('<skill>Solving Equations, fraction arithmetic</skill>').names, [
		'solving_equations',
		'fraction_arithmetic',
	]);
	assert.deepEqual(
		parsers.parseClusters(
			'<cluster><skill>equations</skill><members>Solving Equations, linear_equations, ' +
				'made_up</members></cluster><cluster><skill>areas</skill><members>linear_equations</members></cluster>',
			['solving_equations', 'linear_equations', 'areas of circles'],
		),
		{
			clusters: [{ name: 'equations', members: ['solving_equations', 'linear_equations'] }],
			missing: ['areas of circles'],
			unknown: ['made_up', 'linear_equations'],
		},
	);
	assert.throws(
		() => parsers.parseClusters('<cluster><skill>a</skill><members>b</members></cluster>', ['x', 'y']),
		MalformedReply,
	);
	assert.deepEqual(
		parsers.parseCheck('<reason>r</reason><solvable>Yes</solvable><figure>no.</figure><uses>yes, it does</uses>'),
		{ solvable: true, needsFigure: false, usesSkill: true, reason: 'r' },
	);
});

test('hostile replies of a megabyte are parsed or rejected', () => {
	const filler = [
		'<judge>',
		'<judge><reason>',
		'</judge>',
		'<',
		'*',
		'**',
		' ',
		'`',
		'<think>',
		'{',
		'\\boxed{',
		',',
		'and ',
		' and',
		'\n-',
		'\ud800',
		'<   ',
		'(((',
		'skill:',
		'\n> judge:',
		']]]',
		'"',
	];
	for (const piece of filler) {
		const flood = piece.repeat(Math.ceil(1_000_000 / piece.length));
		for (const text of [
			flood,
			`${flood}x`,
			`<judge>incorrect</judge><skill>${flood}x`,
			`<judge>${flood}</judge><skill>solving_equations</skill>`,
		]) {
			for (const read of [
				() => parsers.parseDiagnosis(text, offered),
				() => parsers.parseLabel(text, offered),
				() => parsers.parseSolution(text),
				() => parsers.parseProposal(text),
				() => parsers.parseClusters(text, ['a', 'b']),
				() => parsers.parseCheck(text),
			]) {
				try {
					read();
				} catch (error) {
					assert.ok(error instanceof MalformedReply, String(error));
					assert.ok(error.message.length < 1000);
				}
			}
		}
	}
});
