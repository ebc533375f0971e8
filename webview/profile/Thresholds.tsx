import type { JSX } from 'preact';
import type { GridCell } from '../../src/core/difficulty/detector.ts';
import type { ProfilePanelState } from './protocol.ts';

type Rule = ProfilePanelState['rule'];

/**
 * A grid of τ1 × τ2 that shows how well "difficult" detects wrong answers, according to this project's own verdicts
 * (the paper's Table 8).
 */
export function Thresholds({ grid, rule }: Pick<ProfilePanelState, 'grid' | 'rule'>): JSX.Element {
	return (
		<section class="thresholds" aria-label="Thresholds">
			{grid ? <Grid grid={grid} rule={rule} /> : null}
		</section>
	);
}

function Grid({ grid, rule }: { readonly grid: readonly GridCell[]; readonly rule: Rule }): JSX.Element {
	const tau1s = [...new Set(grid.map(({ tau1 }) => tau1))];
	const tau2s = [...new Set(grid.map(({ tau2 }) => tau2))];
	const best = Math.max(...grid.map(({ f1 }) => f1 ?? -1));
	return (
		<>
			<h2>Thresholds</h2>
			<p class="dim">
				{'“Difficult” by step scores as a detector of wrong answers, on ' +
					`${Math.max(...grid.map(({ compared }) => compared))} answers with a sure verdict. F1 in large print; ` +
					`accuracy / precision / recall under it, in %. ${describeRule(rule, grid)}`}
			</p>
			<div class="scroll" tabIndex={0} role="region" aria-label="Thresholds">
				<table class="grid">
					<thead>
						<tr>
							<td class="corner">τ1 ╲ τ2</td>
							{tau2s.map((tau2) => (
								<th key={tau2} scope="col">
									{tau2}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{tau1s.map((tau1) => (
							<tr key={tau1}>
								<th scope="row">{tau1}</th>
								{tau2s.map((tau2) => (
									<Cell
										key={tau2}
										cell={grid.find((one) => one.tau1 === tau1 && one.tau2 === tau2)}
										rule={rule}
										best={best}
									/>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</>
	);
}

function Cell(props: {
	readonly cell: GridCell | undefined;
	readonly rule: Rule;
	/** Largest F1 on the grid. */
	readonly best: number;
}): JSX.Element {
	const { cell, rule, best } = props;
	if (!cell) {
		return <td>–</td>;
	}
	const { f1, accuracy, precision, recall, difficult, compared } = cell;
	const isCurrent = isOf(rule, cell);
	const tag = [isCurrent ? 'in force' : '', f1 !== null && f1 === best ? 'best F1' : ''].filter(Boolean).join(' · ');
	return (
		<td class={isCurrent ? 'in-force' : undefined} title={`${difficult} difficult, ${compared} compared`}>
			<span class="f1">{formatWhole(f1)}</span>
			<span class="rest">{[accuracy, precision, recall].map(formatWhole).join(' / ')}</span>
			{tag === '' ? null : <span class="tag">{tag}</span>}
		</td>
	);
}

/** Whether a cell has the thresholds of the rule in force. */
function isOf(rule: Rule, { tau1, tau2 }: GridCell): boolean {
	return rule?.method === 'reward' && rule.tau1 === tau1 && rule.tau2 === tau2;
}

/** Explains why no cell is marked as the rule in force. */
function describeRule(rule: Rule, grid: readonly GridCell[]): string {
	if (!rule) {
		return 'There is no rule yet: nothing is classified.';
	}
	if (rule.method !== 'reward') {
		return `The rule in force is “${rule.method}”, which has no thresholds.`;
	}
	return grid.some((cell) => isOf(rule, cell))
		? ''
		: `The rule in force, τ1 ${rule.tau1 ?? '?'} and τ2 ${rule.tau2 ?? '?'}, is not on this grid.`;
}

function formatWhole(value: number | null): string {
	return value === null ? '–' : (value * 100).toFixed(0);
}
