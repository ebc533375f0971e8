import type { ItemRow } from '../../src/core/curation/curation.ts';
import type { ItemState, QueueState } from '../../webview/curation/protocol.ts';
import { id } from './fixtures.ts';

const question =
	'A cyclist rides from a village to a lake at $18$ km/h and comes back along the same road at $12$ ' +
	'km/h. The whole trip takes $2$ hours and $30$ minutes. How many kilometres is it from the village to ' +
	'the lake?';

const rowTitles = [
	'A cyclist rides from a village to a lake at $18$ km/h and comes back along the same road at $12$ ' +
		'km/h. The whole trip takes $2$ hours and $30$ minutes.',
	'Two pipes fill a tank in $6$ and $10$ hours. A drain empties it in $15$ hours. How long does it take ' +
		'with all three open?',
	'For which real $k$ does $x^2 + kx + 9 = 0$ have exactly one real solution?',
	'A train $240$ m long crosses a bridge in $30$ s at $72$ km/h. How long is the bridge?',
	'The sum of three consecutive odd numbers is $111$. What is the largest?',
	'How many litres of a 40% solution must be added to 6 litres of a 10% one to get 20%?',
];

export function row(index: number, over: Partial<ItemRow> = {}): ItemRow {
	const others = index % 11 === 5 ? 'rejected' : 'waiting';
	return {
		dataset: 'syn-r1',
		questionId: id(index + 1),
		title: rowTitles[index % rowTitles.length] ?? '',
		skill: { subject: 'algebra', name: index % 3 === 0 ? 'rate_problems' : 'solving_linear_equations' },
		status: index % 7 === 3 ? 'accepted' : others,
		agreement: { agree: index % 4 === 0 ? 2 : 3, of: 3 },
		flags: index % 5 === 0 ? ['twin'] : [],
		...over,
	};
}

export function queueState(over: Partial<QueueState> = {}): QueueState {
	return {
		kind: 'queue',
		dataset: 'syn-r1',
		version: 1,
		total: 1072,
		filter: { status: 'waiting' },
		start: 0,
		counts: { waiting: 1072, accepted: 110, edited: 10, rejected: 12 },
		skills: [
			{ subject: 'algebra', name: 'rate_problems', items: 402 },
			{ subject: 'algebra', name: 'solving_linear_equations', items: 802 },
		],
		flags: [
			{ flag: 'twin', items: 97 },
			{ flag: 'leak-twin', items: 4 },
		],
		demand: 'flagged',
		demanded: 41,
		undo: null,
		readOnly: null,
		trusted: true,
		...over,
	};
}

export function itemState(index = 0, over: Partial<ItemState> = {}): ItemState {
	return {
		version: 1,
		index,
		questionId: id(index + 1),
		status: 'waiting',
		reason: null,
		content: {
			question: index === 0 ? question : `${rowTitles[index % rowTitles.length] ?? ''} (No. ${index + 1})`,
			solutions: [
				{
					text:
						'Let the distance be $d$ km. Out it takes $\\frac{d}{18}$ hours, back $\\frac{d}{12}$ ' +
						'hours:\n\\[ \\frac{d}{18} + \\frac{d}{12} = \\frac{5}{2}. \\]\nWith $36$ as common ' +
						'denominator $2d + 3d = 90$, so $d = \\boxed{18}$.',
					answer: '18',
					agrees: true,
					isTrainedOn: true,
				},
				{
					text:
						'The speeds are as $3 : 2$, so the times are as $2 : 3$. Of $150$ minutes the way out ' +
						'takes $60$, that is $1$ hour at $18$ km/h: $\\boxed{18}$ kilometres.',
					answer: '18',
					agrees: true,
					isTrainedOn: true,
				},
				{
					text:
						'The mean speed is $\\frac{18 + 12}{2} = 15$ km/h. In $2.5$ hours that is $37.5$ km ' +
						'there and back, so the lake is $\\boxed{18.75}$ km away.',
					answer: '18.75',
					agrees: false,
					isTrainedOn: false,
				},
			],
			agreement: { agree: 2, of: 3 },
		},
		isEdited: false,
		skill: { subject: 'algebra', name: 'rate_problems' },
		forQuestion: {
			id: id(900),
			text: 'Ana walks to school at $4$ km/h and runs back at $6$ km/h. What is her mean speed?',
		},
		references: [
			{
				id: id(901),
				text:
					'A boat goes from a harbour to an island at $20$ km/h and comes back along the same way at ' +
					'$30$ km/h. The whole trip takes $2$ hours and $30$ minutes. How far is the island?',
			},
			{
				id: id(902),
				text:
					'Two trains start at the same time from towns $300$ km apart and meet after $2$ hours. One ' +
					'is $10$ km/h faster. How fast is it?',
			},
			{
				id: id(903),
				text:
					'A car covers $\\frac{2}{3}$ of a road in $40$ minutes. How long does the whole road take ' +
					'at the same speed?',
			},
		],
		flags: [
			{
				kind: 'twin',
				score: 0.67,
				like: {
					id: id(901),
					text:
						'A boat goes from a harbour to an island at $20$ km/h and comes back along the same ' +
						'way at $30$ km/h. The whole trip takes $2$ hours and $30$ minutes. How far is the ' +
						'island?',
					where: 'training question',
					known: true,
				},
			},
		],
		history: [
			{
				verdict: 'rejected',
				reason: 'unclear',
				note: 'which unit?',
				author: 'Ada Lovelace',
				at: '2026-11-21T09:14:00.000Z',
				hint: null,
				before: null,
				withdrawn: true,
			},
			{
				verdict: 'withdrawn',
				reason: null,
				note: null,
				author: 'Ada Lovelace',
				at: '2026-11-21T09:15:00.000Z',
				hint: null,
				before: null,
				withdrawn: false,
			},
		],
		model: 'gpt-4o-mini',
		promptVersion: 'propose@1',
		asking: false,
		...over,
	};
}
