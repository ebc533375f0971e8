import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headings, DocumentText } from '../../src/ui/documents/documentText.ts';
import { firstView, groupFilter, isNarrowed, readView, toFilter } from '../../src/ui/views/questionView.ts';
import { forLabel, forMessage, oneLine } from '../../src/ui/kit/untrustedText.ts';

test("only a document's own headings start at the left margin, whatever the text contains", () => {
	const hostile = ['# a', '## b', '\u2028# c', '\r# d', '\r\n# e', '\u0085# f', '  # g', '#', '\t# h'].join('\n');
	const text = new DocumentText()
		.heading(1, 'One\n# not two')
		.text(hostile)
		.fact('name', hostile)
		.heading(2, 'Three')
		.table([
			['x', '# y'],
			['# z', '\n# w'],
		])
		.toString();
	const lines = text.split('\n');
	assert.deepEqual(
		lines.filter((line) => line !== '' && !line.startsWith('  ')),
		['# One # not two', '## Three'],
	);
	assert.deepEqual(
		lines.filter((line) => /^ {1,3}\S/.test(line)),
		['  name: # a'],
	);
	assert.doesNotMatch(text, /[\r\u2028\u2029\u0085]/);
	assert.deepEqual(
		headings(lines).map(({ title, children }) => [title, children.map((child) => child.title)]),
		[['One # not two', ['Three']]],
	);
});

test('headings nest by level and end before the next heading of the same level', () => {
	const lines = new DocumentText()
		.heading(1, 'a')
		.heading(2, 'b')
		.text('x')
		.heading(3, 'c')
		.text('y')
		.heading(2, 'd')
		.heading(1, 'e')
		.toString()
		.split('\n');
	const [a, e] = headings(lines);
	assert.deepEqual(
		a?.children.map(({ title }) => title),
		['b', 'd'],
	);
	assert.deepEqual(
		a?.children[0]?.children.map(({ title }) => title),
		['c'],
	);
	assert.equal(e?.title, 'e');
	assert.ok((a?.to ?? 0) < (e?.from ?? 0));
	assert.deepEqual(headings(['', 'text']), []);
});

test('overlong text is truncated with a note', () => {
	const text = new DocumentText().text('x'.repeat(1_200_000)).toString();
	assert.ok(text.length < 1_100_000);
	assert.match(text, /200,000 more characters/);
});

test('notifications have no links, labels have no icons, and one-line text stays on one line', () => {
	assert.doesNotMatch(forMessage('[run](command:x) [see](https://x)'), /\]\(/);
	assert.doesNotMatch(forLabel('$(trash) find $(x)$'), /\$\(/);
	assert.equal(oneLine('a\n\tb\u202ec\u2066d', 100), 'a bcd');
	assert.equal(oneLine('😀😀😀', 2), '😀…');
	assert.equal(oneLine('a'.repeat(10_000_000), 10).length, 10);
});

test('a saved view state with unknown values falls back to the defaults', () => {
	for (const stored of [undefined, null, 7, 'x', {}, { show: 'evil', group: '__proto__', narrow: 3 }]) {
		assert.deepEqual(readView(stored), firstView);
	}
	assert.deepEqual(readView({ show: 'train', group: 'level', narrow: { level: 3 } }), {
		show: 'train',
		group: 'level',
		narrow: { level: 3 },
	});
});

test('the state of a view maps to a store filter', () => {
	assert.deepEqual(toFilter(firstView), { difficult: true });
	assert.deepEqual(
		toFilter({
			show: 'answered',
			group: 'none',
			narrow: { state: 'waiting', text: 'x', subject: null, verdict: null },
		}),
		{ hasAnswers: true, subject: null, verdict: null, text: 'x', difficult: true, diagnosed: false },
	);
	assert.deepEqual(groupFilter('missingSkill', 'number theory/a/b', 'number theory'), {
		missingSkill: { subject: 'number theory', name: 'a/b' },
	});
	assert.deepEqual(groupFilter('level', '', null), { level: null });
	assert.equal(isNarrowed(firstView), false);
	assert.equal(isNarrowed({ ...firstView, narrow: { subject: null } }), true);
	assert.equal(isNarrowed({ ...firstView, narrow: { text: undefined } }), false);
});
