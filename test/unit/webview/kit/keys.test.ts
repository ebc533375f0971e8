import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curationKeyTable } from '../../../../webview/curation/keys.ts';
import { diagnosisKeys } from '../../../../webview/diagnosis/panelKeys.ts';
import type { KeyEntry } from '../../../../webview/kit/keys.ts';
import { keysWith, keyTable, shortcutOf } from '../../../../webview/kit/keys.ts';
import { profileKeys } from '../../../../webview/profile/panelKeys.ts';
import { roundsKeys } from '../../../../webview/rounds/panelKeys.ts';

const panels: Record<string, Readonly<Record<string, KeyEntry>>> = {
	curation: curationKeyTable,
	diagnosis: diagnosisKeys,
	profile: profileKeys,
	rounds: roundsKeys,
};

test('two entries of one panel with the same key are refused', () => {
	const next = { keys: ['j', 'arrowdown'], shown: 'J or ↓', does: 'next' };
	assert.equal(keyTable({ next, undo: { keys: ['u'], shown: 'U', does: 'undo' } }).next, next);
	assert.throws(
		() => keyTable({ next, jump: { keys: ['w', 'j'], shown: 'W or J', does: 'jump' } }),
		/the key j stands for several things: next; jump/,
	);
});

test('each key runs its action, and a button shows the first one', () => {
	const called: string[] = [];
	const table = keyTable({
		next: { keys: ['j'], shown: 'J or ↓', does: 'next' },
		undo: { keys: ['u'], shown: 'U', does: 'undo' },
	});
	const keys = keysWith(table, { undo: () => called.push('undo'), next: () => called.push('next') });
	assert.deepEqual(
		keys.map(({ does }) => does),
		['next', 'undo'],
	);
	keys.forEach(({ run }) => run({} as KeyboardEvent));
	assert.deepEqual(called, ['next', 'undo']);
	assert.equal(shortcutOf(table.next), 'J');
});

test('every key of a panel is shown as what is pressed, so that buttons show working keys', () => {
	const pressed: Record<string, string> = {
		'↓': 'arrowdown',
		'↑': 'arrowup',
		Esc: 'escape',
		PgUp: 'pageup',
		PgDn: 'pagedown',
	};
	for (const [panel, table] of Object.entries(panels)) {
		for (const { keys, shown } of Object.values(table)) {
			for (const part of shown.split(' ').filter((shownPart) => shownPart !== 'or' && shownPart !== '…')) {
				assert.ok(keys.includes(pressed[part] ?? part.toLowerCase()), `${panel}: ${part}`);
			}
		}
	}
});
