import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowAfterKey, rowsInView } from '../../../../webview/kit/WindowedTable.tsx';

test('the rendered rows are the visible ones and a few more on each side, within the list', () => {
	const box = (scrollTop: number) => ({ scrollTop, clientHeight: 100 });
	assert.deepEqual(rowsInView(box(0), 20, 1000), { first: 0, end: 10 });
	assert.deepEqual(rowsInView(box(2000), 20, 1000), { first: 95, end: 110 });
	assert.deepEqual(rowsInView(box(19_900), 20, 1000), { first: 990, end: 1000 });
	assert.deepEqual(rowsInView(box(0), 20, 3), { first: 0, end: 3 });
	// If a list has become shorter than the scroll position, there are no rows there, and none at negative positions.
	assert.deepEqual(rowsInView(box(5000), 20, 10), { first: 10, end: 10 });
	assert.deepEqual(rowsInView({ scrollTop: 0, clientHeight: 0 }, 20, 10), { first: 0, end: 0 });
});

test('the arrow keys, Page Up, Page Down, Home and End move within the list; other keys do nothing', () => {
	const after = (key: string, current: number | null) => rowAfterKey(key, current, 100, 10);
	assert.deepEqual([after('ArrowDown', 4), after('ArrowUp', 4)], [5, 3]);
	assert.deepEqual([after('PageDown', 4), after('PageUp', 14)], [14, 4]);
	assert.deepEqual([after('Home', 50), after('End', 50)], [0, 99]);
	assert.deepEqual([after('PageDown', 95), after('PageUp', 3)], [99, 0]);
	assert.deepEqual(
		[after('ArrowUp', 0), after('End', 99), after('x', 4), after('toString', 4)],
		[null, null, null, null],
	);
	assert.deepEqual([after('ArrowDown', null), rowAfterKey('ArrowDown', null, 0, 10)], [0, null]);
});
