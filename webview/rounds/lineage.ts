import { formatCount } from '../../src/core/text/formatNumber.ts';
import { isSameRound } from '../../src/core/rounds/round.ts';
import type { Scope } from '../../src/core/scope.ts';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import type { RoundLine, RoundsState } from './protocol.ts';

export interface LineageActions {
	choose(which: 'before' | 'after', round: Scope): void;
	view(round: Scope): void;
	/** Where it comes from and what it is meant for, said anew. */
	correct(round: Scope): void;
}

/** The tree of rounds, with which two are compared. A table of radio buttons: arrow keys move within a column. */
export function lineage({ rounds, before, after, trusted }: RoundsState, actions: LineageActions): Child[] {
	const radio = (which: 'before' | 'after', round: RoundLine): HTMLElement => {
		const chosen = which === 'before' ? before : after;
		const input = h('input', {
			type: 'radio',
			name: which,
			'data-focus': `${which}:${key(round)}`,
			'aria-label': `${which === 'before' ? 'Before' : 'After'}: ${title(round)}`,
			checked: isSameRound(chosen, round),
			disabled: round.answers === 0,
			onchange: () => actions.choose(which, { student: round.student, round: round.round }),
		});
		return h('td', { class: 'pick' }, input);
	};
	const several = new Set(rounds.map(({ student }) => student)).size > 1;
	return [
		h(
			'div',
			{ class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Rounds' },
			h(
				'table',
				{ class: 'lineage' },
				h(
					'thead',
					{},
					h(
						'tr',
						{},
						h('th', { scope: 'col' }, 'Before'),
						h('th', { scope: 'col' }, 'After'),
						h('th', { scope: 'col' }, 'Round'),
						h('th', { scope: 'col' }, 'Made by'),
						h('th', { scope: 'col', class: 'numeric' }, 'Questions'),
					),
				),
				h(
					'tbody',
					{},
					...rounds.map((round) => {
						const name = h(
							'th',
							{ scope: 'row' },
							round.depth > 0 ? h('span', { class: 'branch', 'aria-hidden': 'true' }, '└ ') : null,
							several || round.depth === 0
								? `${round.student}, round ${round.round}`
								: `round ${round.round}`,
							round.control ? h('span', { class: 'tag' }, 'control') : null,
							round.depth > 0 ? h('span', { class: 'sr' }, `, level ${round.depth} of the tree`) : null,
						);
						name.style.paddingLeft = `${0.8 + round.depth * 1.4}em`;
						return h(
							'tr',
							{ class: isSameRound(before, round) || isSameRound(after, round) ? 'chosen' : undefined },
							radio('before', round),
							radio('after', round),
							name,
							h(
								'td',
								{},
								round.origin,
								round.inView
									? h('span', { class: 'tag' }, 'in the views')
									: round.answers > 0
										? h(
												'button',
												{
													type: 'button',
													class: 'plain',
													'data-focus': `view:${key(round)}`,
													onclick: () =>
														actions.view({ student: round.student, round: round.round }),
												},
												'Show in the views',
												h('span', { class: 'sr' }, `: ${title(round)}`),
											)
										: null,
								trusted
									? h(
											'button',
											{
												type: 'button',
												class: 'plain',
												'data-focus': `correct:${key(round)}`,
												title: 'The round it comes from, and the benchmark it is meant for',
												onclick: () =>
													actions.correct({ student: round.student, round: round.round }),
											},
											'Correct…',
											h('span', { class: 'sr' }, `: ${title(round)}`),
										)
									: null,
							),
							h(
								'td',
								{ class: 'numeric' },
								round.answers === 0 ? 'no answers yet' : formatCount(round.questions),
							),
						);
					}),
				),
			),
		),
	];
}

export function title({ student, round }: Scope): string {
	return `${student}, round ${round}`;
}

function key({ student, round }: Scope): string {
	return `${student}:${round}`;
}
