import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standardFaults } from '../../fixtures/standInTeacher.ts';
import { killRound, makeTemplates, newTally } from './killed.ts';

// The long form is `npm run campaign -- loop`.
test('an import, a diagnosis and a build that are killed midway resume to the same result and pay for nothing twice', async () => {
	const templates = await makeTemplates();
	const tally = newTally();
	for (const kind of ['import', 'diagnose', 'build'] as const) {
		await killRound(templates, kind, 1, tally, { faults: { ...standardFaults, stall: 0, rateLimit: 0 } });
	}
	const { kills, lost, paidTwiceBeyond, unreadable, different, unaccounted } = tally;
	assert.deepEqual(
		{ kills, lost, paidTwiceBeyond, unreadable, different, unaccounted },
		{ kills: 3, lost: 0, paidTwiceBeyond: 0, unreadable: 0, different: 0, unaccounted: 0 },
	);
});
