import assert from 'node:assert/strict';
import { toolIds } from '../../src/ui/ids.ts';
import { invoke } from './invokeTool.ts';
import { sample } from './studio.ts';

describe('tools for agents', () => {
	before(async () => {
		await sample();
	});

	it('read the profile of the current student or of a named one', async () => {
		const text = await invoke(toolIds.profile, { top: 3 });
		assert.match(
			text,
			/^Missing-Skill-Profile of student "tiny-student", round 1: \d+ difficult questions diagnosed/,
		);
		assert.equal(text.split('\n').length, 2 + 3);
		assert.equal(await invoke(toolIds.profile, { student: 'tiny-student', round: 1, top: 3 }), text);
		assert.equal(
			await invoke(toolIds.profile, { student: 'nobody', round: 9 }),
			'There are no answers of student "nobody", round 9; there are: tiny-student, round 1.',
		);
	});

	it('list difficult questions, then read one of them with its answers and diagnosis', async () => {
		const list = await invoke(toolIds.diagnosis, {});
		const [, first = ''] = list.split('\n');
		const id = first.slice(0, 32);
		assert.match(id, /^[0-9a-f]{32}$/);
		const page = await invoke(toolIds.diagnosis, { questionId: id });
		assert.match(page, /tiny-student/);
		assert.match(page, /Labelled with: /);
		assert.match(
			await invoke(toolIds.diagnosis, { questionId: 'f'.repeat(32) }),
			/There is no question with the id/,
		);
		assert.match(
			await invoke(toolIds.diagnosis, { text: 'no question holds these words' }),
			/^0 difficult questions/,
		);
	});

	it('reject invalid input', async () => {
		assert.match(
			await invoke(toolIds.profile, { student: 7, round: 'x', top: -1 }),
			/^Missing-Skill-Profile of student "tiny-student"/,
		);
		assert.match(await invoke(toolIds.diagnosis, { questionId: 1, text: ['a'] }), /difficult questions/);
	});
});
