import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repaired, repairOf } from '../../../../src/core/curation/repair.ts';

const content = (question: string, ...solutions: string[]) => ({ question, solutions });

test('a repair is the changed text, extended to whole words and to enough context to be found again', () => {
	assert.deepEqual(repairOf(content('It goes 12 km per hour.', 'a'), content('It goes 12 km an hour.', 'a')), {
		find: ' per ',
		replace: ' an ',
	});
	assert.deepEqual(repairOf(content('Find $x$.', 'a'), content('Determine $x$.', 'a')), {
		find: 'Find',
		replace: 'Determine',
	});
	// A changed letter is extended to the whole word, and a changed command to its backslash.
	assert.deepEqual(repairOf(content('The colour of', 'a'), content('The color of', 'a')), {
		find: 'colour',
		replace: 'color',
	});
	assert.deepEqual(repairOf(content('so $\\frac12$', 'a'), content('so $\\dfrac12$', 'a')), {
		find: '\\frac12',
		replace: '\\dfrac12',
	});
	// An addition includes the words beside it.
	const added = repairOf(content('A car drives on. How far?', 'a'), content('A red car drives on. How far?', 'a'));
	assert.ok(added && 'A car drives on. How far?'.includes(added.find) && added.find.length >= 4);
	assert.equal(repaired(content('A car drives on. How far?', 'a'), added).question, 'A red car drives on. How far?');
});

test('an edit with several changes is not a repair, but the same change made in several texts is', () => {
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
