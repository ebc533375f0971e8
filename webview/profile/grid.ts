import type { GridCell } from '../../src/core/difficulty/detector.ts';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import type { ProfilePanelState } from './protocol.ts';

/** τ1 × τ2: how well "difficult" finds wrong answers on this project's own verdicts (the paper's Table 8). */
export function gridContent({ grid, rule }: Pick<ProfilePanelState, 'grid' | 'rule'>): Child[] {
	if (!grid) {
		return [];
	}
	const tau1s = [...new Set(grid.map(({ tau1 }) => tau1))];
	const tau2s = [...new Set(grid.map(({ tau2 }) => tau2))];
	const best = Math.max(...grid.map(({ f1 }) => f1 ?? -1));
	const isInForce = ({ tau1, tau2 }: GridCell): boolean =>
		rule?.method === 'reward' && rule.tau1 === tau1 && rule.tau2 === tau2;
	const cell = (tau1: number, tau2: number): HTMLElement => {
		const found = grid.find((one) => one.tau1 === tau1 && one.tau2 === tau2);
		if (!found) {
			return h('td', {}, '–');
		}
		const words = [isInForce(found) ? 'in force' : '', found.f1 !== null && found.f1 === best ? 'best F1' : '']
			.filter(Boolean)
			.join(' · ');
		return h(
			'td',
			{
				class: isInForce(found) ? 'in-force' : undefined,
				title: `${found.difficult} difficult, ${found.compared} compared`,
			},
			h('span', { class: 'f1' }, whole(found.f1)),
			h(
				'span',
				{ class: 'rest' },
				`${whole(found.accuracy)} / ${whole(found.precision)} / ${whole(found.recall)}`,
			),
			words === '' ? null : h('span', { class: 'tag' }, words),
		);
	};
	const said = !rule
		? 'No rule is in force: nothing is classified yet.'
		: rule.method === 'reward'
			? grid.some(isInForce)
				? ''
				: `The rule in force, τ1 ${rule.tau1 ?? '?'} and τ2 ${rule.tau2 ?? '?'}, is not on this grid.`
			: `The rule in force is “${rule.method}”, which has no thresholds.`;
	return [
		h('h2', {}, 'Thresholds'),
		h(
			'p',
			{ class: 'dim' },
			'“Difficult” by step scores as a detector of wrong answers, on ' +
				`${Math.max(...grid.map(({ compared }) => compared))} answers whose verdict is sure. F1 large; ` +
				`accuracy / precision / recall under it, in %. ${said}`,
		),
		h(
			'div',
			{ class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Thresholds' },
			h(
				'table',
				{ class: 'grid' },
				h(
					'thead',
					{},
					h(
						'tr',
						{},
						h('td', { class: 'corner' }, 'τ1 ╲ τ2'),
						...tau2s.map((tau2) => h('th', { scope: 'col' }, tau2)),
					),
				),
				h(
					'tbody',
					{},
					...tau1s.map((tau1) =>
						h('tr', {}, h('th', { scope: 'row' }, tau1), ...tau2s.map((tau2) => cell(tau1, tau2))),
					),
				),
			),
		),
	];
}

function whole(value: number | null): string {
	return value === null ? '–' : (value * 100).toFixed(0);
}
