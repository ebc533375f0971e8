import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query, Store } from '../../../../../src/core/ports/store/store.ts';
import { noChoice } from '../../../../../src/ui/panels/rounds/roundsMessages.ts';
import { readRoundsState } from '../../../../../src/ui/panels/rounds/roundsState.ts';
import type { Compared } from '../../../../../webview/rounds/protocol.ts';
import { fillRounds, smallRounds, worldStudent } from '../../../../fixtures/roundsWorld.ts';
import { newProject, open } from '../../../store/buildWorker.ts';

test('the rounds panel recomputes a comparison only when the project or the selection has changed', async () => {
	const store = await open(newProject());
	await fillRounds(store, { ...smallRounds, perSkill: 3 });
	let compared = 0;
	const read: Store['read'] = (query: Query, params) => {
		compared += query === 'scores' ? 1 : 0;
		return store.read(query, params) as never;
	};
	const watched: Store = Object.create(store, { read: { value: read } }) as Store;
	const cache = new Map<string, Compared>();
	const look = async (how: Partial<typeof noChoice.how> = {}, round = 2) => {
		const before = compared;
		const state = await readRoundsState(
			{ store: watched, datasets: store.datasets },
			{
				scope: { student: worldStudent, round },
				choice: { ...noChoice, how: { ...noChoice.how, ...how } },
				trusted: true,
				cache,
			},
			{ signal: new AbortController().signal },
		);
		assert.ok(state.kind === 'rounds' && state.compared);
		return { compared: state.compared, isComputed: compared > before };
	};
	const first = await look();
	assert.deepEqual([first.isComputed, first.compared.split, first.compared.validation], [true, 'validation', 54]);
	const again = await look();
	assert.equal(again.isComputed, false);
	assert.deepEqual(again.compared, first.compared);
	assert.equal((await look({ answers: 'first' })).isComputed, true, 'another choice');
	assert.equal((await look({}, 3)).isComputed, true, 'another round');
	await look();
	await store.write('addAnswers', {
		student: worldStudent,
		round: 1,
		source: 'x',
		benchmark: null,
		rows: [
			{
				question: { text: 'One more' },
				samples: [
					{
						sample: 0,
						text: 'x',
						extracted: null,
						verdict: true,
						logVerdict: null,
						stepScores: null,
						steps: [],
					},
				],
			},
		],
	});
	const changed = await look();
	assert.equal(changed.isComputed, true, 'answers came in');
	assert.match(changed.compared.leftOut, /1 answered in one round only/);
	await store.close();
});
