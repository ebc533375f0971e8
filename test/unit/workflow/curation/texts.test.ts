import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CurationDecision, CurationItem } from '../../../../src/core/curation/curation.ts';
import { contentInForce, itemInForce, statusOf } from '../../../../src/core/curation/curation.ts';
import { itemText, readItemText } from '../../../../src/core/curation/itemText.ts';
import { repaired, repairOf } from '../../../../src/core/curation/repair.ts';

const content = (question: string, ...solutions: string[]) => ({ question, solutions });

test('a repair is the changed text in whole words, with enough context to be found', () => {
	assert.deepEqual(repairOf(content('It goes 12 km per hour.', 'a'), content('It goes 12 km an hour.', 'a')), {
		find: ' per ',
		replace: ' an ',
	});
	assert.deepEqual(repairOf(content('Find $x$.', 'a'), content('Determine $x$.', 'a')), {
		find: 'Find',
		replace: 'Determine',
	});
	// A letter in a word takes the word along, a command its backslash.
	assert.deepEqual(repairOf(content('The colour of', 'a'), content('The color of', 'a')), {
		find: 'colour',
		replace: 'color',
	});
	assert.deepEqual(repairOf(content('so $\\frac12$', 'a'), content('so $\\dfrac12$', 'a')), {
		find: '\\frac12',
		replace: '\\dfrac12',
	});
	// What was only added stands between words that are there.
	const added = repairOf(content('A car drives on. How far?', 'a'), content('A red car drives on. How far?', 'a'));
	assert.ok(added && 'A car drives on. How far?'.includes(added.find) && added.find.length >= 4);
	assert.equal(repaired(content('A car drives on. How far?', 'a'), added).question, 'A red car drives on. How far?');
});

test('an edit with several changes is no repair, and one change repeated in several texts is', () => {
	assert.equal(repairOf(content('one two three', 'a'), content('ONE two THREE', 'b b')), null);
	assert.equal(repairOf(content('same', 'a'), content('same', 'a')), null);
	assert.equal(repairOf(content('q', 'a', 'b'), content('q', 'a')), null, 'a solution was taken away');
	const both = repairOf(content('in 5 metres', 'of 7 metres'), content('in 5 meters', 'of 7 meters'));
	assert.deepEqual(both, { find: 'metres', replace: 'meters' });
	assert.deepEqual(
		repaired(content('metres, metres', '$metres$'), { find: 'metres', replace: '$&' }),
		content('$&, $&', '$$&$'),
		'text for text, no patterns',
	);
});

test('a repair derived from a random edit turns the old text into the edited one', () => {
	let seed = 7;
	const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
	const words = ['a', 'die', 'Zug', '$x^2$', 'füllt', '\\frac{1}{2}', '12', 'km/h', '😀', '.', ','];
	for (let round = 0; round < 3000; round++) {
		const before = Array.from({ length: 3 + random(12) }, () => words[random(words.length)] ?? '');
		const after = [...before];
		after.splice(
			random(after.length),
			random(3),
			...Array.from({ length: random(3) }, () => words[random(words.length)] ?? ''),
		);
		const [left, right] = [before.join(' '), after.join(' ')];
		const repair = repairOf(content(left, 's'), content(right, 's'));
		if (left === right) {
			assert.equal(repair, null);
		} else if (repair && left.indexOf(repair.find) === left.lastIndexOf(repair.find)) {
			assert.equal(
				repaired(content(left, 's'), repair).question,
				right,
				`${left} → ${right}: ${JSON.stringify(repair)}`,
			);
		}
	}
});

test('an item survives the round trip through its text, and an unreadable text is reported with its line', () => {
	const item = content('What is\n\n$2+2$?', 'It is\n\n===== four =====\n$\\boxed{4}$', 'Four.');
	assert.deepEqual(readItemText(itemText(item)), item);
	assert.deepEqual(readItemText(itemText(item).replace(/\n/g, '\r\n')), item);
	// A line of a text that looks like one of ours is moved by a space.
	assert.deepEqual(
		readItemText(itemText(content('q', '===== solution 2 =====\n===== question =====x'))),
		content('q', '===== solution 2 =====\n===== question =====x'),
	);
	assert.deepEqual(
		readItemText(itemText(content('q', 'a\n===== question =====\nb'))),
		content('q', 'a\n ===== question =====\nb'),
	);
	for (const [text, line] of [
		['x\n===== question =====\nq', 1],
		['===== solution 1 =====\ns', 1],
		['===== question =====\nq\n===== question =====\nq\n===== solution 1 =====\ns', 3],
		['===== question =====\n\n===== solution 1 =====\ns', 1],
		['===== question =====\nq\n===== solution 1 =====\n  \n', 3],
		['', 1],
	] as const) {
		assert.throws(() => readItemText(text), new RegExp(`^StatError: line ${line}:`), text);
	}
	assert.throws(() => readItemText('===== question =====\nq'), /solution/);
});

test('a bulk repair leaves waiting items waiting and turns reviewed ones into edited ones', () => {
	const word = (verdict: CurationDecision['verdict']): CurationDecision => ({
		dataset: 'd',
		questionId: 'f'.repeat(32),
		verdict,
		reason: verdict === 'rejected' ? 'unclear' : null,
		note: null,
		before: content('x', 'y'),
		after: ['edited', 'repaired', 'regenerated'].includes(verdict) ? content('x', 'z') : null,
		author: 'a',
		at: '2026-01-02T03:04:05.000Z',
	});
	const status = (...verdicts: CurationDecision['verdict'][]) => statusOf(verdicts.map(word));
	assert.deepEqual(
		[
			status('repaired'),
			status('repaired', 'repaired'),
			status('regenerated', 'repaired'),
			status('accepted', 'withdrawn', 'repaired'),
			status('edited', 'regenerated', 'repaired'),
		],
		Array(5).fill('waiting'),
	);
	assert.deepEqual(
		[
			status('repaired', 'accepted'),
			status('accepted', 'repaired'),
			status('edited', 'repaired'),
			status('repaired', 'edited'),
			status('edited', 'regenerated', 'repaired', 'accepted'),
		],
		Array(5).fill('edited'),
	);
	assert.deepEqual(
		[status('repaired', 'rejected'), status('accepted', 'repaired', 'withdrawn'), status('repaired', 'withdrawn')],
		['rejected', 'accepted', 'waiting'],
	);
});

test('a regenerated item waits with its new content, accepting keeps it, and undo restores the old one', () => {
	const item: CurationItem = {
		dataset: 'd',
		questionId: 'f'.repeat(32),
		question: 'old?',
		subject: null,
		skill: null,
		forQuestion: null,
		references: [],
		solutions: [{ sample: 0, text: 'old', answer: '1', agrees: true, replyKey: null }],
		agreement: { agree: 1, of: 1 },
		flags: [{ kind: 'copy', with: null, score: 1 }],
		replyKey: null,
		model: 'm',
		promptVersion: 'p',
		at: '2026-01-02T03:04:05.000Z',
	};
	const word = (verdict: CurationDecision['verdict'], over: Partial<CurationDecision> = {}): CurationDecision => ({
		dataset: 'd',
		questionId: item.questionId,
		verdict,
		reason: null,
		note: null,
		before: content('old?', 'old'),
		after: null,
		author: 'a',
		at: item.at,
		...over,
	});
	const made = {
		question: 'new?',
		solutions: [
			{ sample: 0, text: 'new', answer: '2', agrees: true, replyKey: null },
			{ sample: 1, text: 'odd', answer: '3', agrees: false, replyKey: null },
		],
		references: [],
		agreement: { agree: 1, of: 2 },
		flags: [],
		replyKey: null,
		model: 'n',
		promptVersion: 'p',
		at: item.at,
		hint: 'h',
	};
	const regenerated = word('regenerated', { after: content('new?', 'new'), made });
	assert.equal(statusOf([word('accepted'), regenerated]), 'waiting');
	assert.equal(statusOf([regenerated, word('accepted')]), 'accepted');
	assert.equal(
		statusOf([regenerated, word('edited', { after: content('newer?', 'new') }), word('accepted')]),
		'edited',
	);
	assert.equal(
		statusOf([word('edited', { after: content('x', 'y') }), regenerated, word('accepted')]),
		'accepted',
		'the edit was of what is gone',
	);
	assert.deepEqual(contentInForce(item, [regenerated, word('accepted')]), content('new?', 'new'));
	assert.deepEqual(
		[
			itemInForce(item, [regenerated]).flags,
			itemInForce(item, [regenerated]).model,
			itemInForce(item, [regenerated]).questionId,
		],
		[[], 'n', item.questionId],
	);
	assert.deepEqual(contentInForce(item, [regenerated, word('withdrawn')]), content('old?', 'old'));
	assert.equal(itemInForce(item, [regenerated, word('withdrawn')]), item);
});
