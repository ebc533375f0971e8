import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemText, readItemText } from '../../../../src/core/curation/itemText.ts';

const content = (question: string, ...solutions: string[]) => ({ question, solutions });

test('an item survives a round trip through its text form, and unreadable text is reported with its line number', () => {
	const item = content('What is\n\n$2+2$?', 'It is\n\n===== four =====\n$\\boxed{4}$', 'Four.');
	assert.deepEqual(readItemText(itemText(item)), item);
	assert.deepEqual(readItemText(itemText(item).replace(/\n/g, '\r\n')), item);
	// A line that looks like one of our separators is indented by a space.
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
