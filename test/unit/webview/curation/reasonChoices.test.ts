import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejectReasons } from '../../../../src/core/curation/curation.ts';
import { reasonChoices } from '../../../../webview/curation/labels.ts';

test('every reason for rejection has a digit of its own', () => {
	const keys = rejectReasons.map((reason) => reasonChoices[reason].key);
	assert.equal(new Set(keys).size, rejectReasons.length);
	assert.deepEqual(
		keys.filter((key) => !/^[0-9]$/.test(key)),
		[],
	);
});
