import { formatPercent } from '../core/text/formatNumber.ts';
import { thresholdGridDefaults } from '../core/difficulty/difficulty.ts';
import { thresholdGrid } from '../workflow/difficulty/thresholdGrid.ts';
import { command } from './command.ts';
import { scopeOf, scopeOptions } from './scopeOptions.ts';
import { table } from './wording.ts';

export const grid = command({
	about:
		'Evaluates equation (1) for every pair of thresholds: how well "difficult" detects a wrong sample 0, on your ' +
		"own data (the paper's Table 8).",
	options: {
		tau1: { type: 'string', value: 'X,…', help: `values of τ1 (default ${thresholdGridDefaults.tau1.join(',')})` },
		tau2: { type: 'string', value: 'X,…', help: `values of τ2 (default ${thresholdGridDefaults.tau2.join(',')})` },
		...scopeOptions,
	},
	async run({ parts, values }) {
		const thresholds = { tau1: values.numbers('tau1'), tau2: values.numbers('tau2') };
		const opened = await parts();
		const scope = await scopeOf(opened.store, values);
		const cells = await thresholdGrid(opened, { ...scope, ...thresholds });
		const rows = cells.map(({ tau1, tau2, difficult, accuracy, precision, recall, f1 }) => [
			tau1,
			tau2,
			difficult,
			...[accuracy, precision, recall, f1].map(formatPercent),
		]);
		return {
			json: { ...scope, cells },
			text: table([['τ1', 'τ2', 'difficult', 'accuracy', 'precision', 'recall', 'F1'], ...rows]),
		};
	},
});
