import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatPoints, formatRange } from '../core/text/formatChange.ts';
import type { LedgerRow } from '../core/rounds/ledger.ts';
import { usefulGain } from '../core/rounds/ledger.ts';
import { formatCost, formatPercent } from '../core/text/formatNumber.ts';
import { readRoundName, roundName } from '../core/rounds/round.ts';
import { skillLabel } from '../core/skills/skill.ts';
import { ledger } from '../workflow/rounds/ledger.ts';
import { report } from '../workflow/rounds/report.ts';
import { command } from './command.ts';
import { comparedOptions, formatCoverage, readCompared } from './compare.ts';
import { openHostParts } from './hostParts.ts';
import { table } from './wording.ts';

/** Default number of lines shown as text. */
const topDefault = 20;

export const ledgerCommand = command({
	args: ['ROUND'],
	about:
		'Prints the skill ledger of a round: for each skill the predicted gap of its parent, the rows bought for it, ' +
		'their cost, and the gain measured on the questions that need it with its 95 % interval; beside it the ' +
		'control arms, which are other rounds of the same parent marked as control. "gain" and "loss" hold over all ' +
		'skills at 5 % (Holm); "no useful gain": at least an even share of the rows, and an interval that ends below ' +
		'+5 points.',
	options: {
		...comparedOptions,
		top: { type: 'string', value: 'N', help: `number of skills shown (default ${topDefault}; --json has all)` },
	},
	async run({ parts, args: [name = ''], values, run }) {
		const [how, top] = [readCompared(values), values.whole('top', 1) ?? topDefault];
		const opened = await parts();
		const { students } = await opened.store.read('students', {});
		const result = await ledger(
			opened,
			{
				round: readRoundName(
					name,
					students.map(({ student }) => student),
				),
				...how,
			},
			run,
		);
		const { round, parent, dataset, skills, controls, uncompared, comparison } = result;
		const rows = skills
			.slice(0, top)
			.map((row) => [
				skillLabel(row.name),
				row.missed,
				formatPercent(row.gap),
				row.rows,
				row.cost === null ? '–' : formatCost(row.cost),
				row.gain?.n ?? 0,
				formatPoints(row.gain?.delta ?? null),
				formatRange(row.gain?.ci95 ?? null),
				...row.controls.map(({ over }) =>
					over ? `${formatPoints(over.delta)} (${formatRange(over.ci95)})` : '–',
				),
				[row.finding ?? '', row.fruitless ? 'no useful gain' : ''].filter(Boolean).join(', '),
			]);
		const trainingSet = dataset
			? `${dataset.card.name}: ${dataset.card.pairs} pairs, ${formatCost(dataset.card.cost)}`
			: 'training set unknown';
		const head =
			`${roundName(round)} from ${roundName(parent)}, ${trainingSet}; ` +
			`overall ${formatPoints(comparison.overall.delta)} points (${formatRange(comparison.overall.ci95)})`;
		const found = skills.filter(({ finding }) => finding !== null);
		const beyond = controls.map((control) => `beyond ${roundName(control.round)}`);
		const header = ['skill', 'missed', 'gap', 'rows', 'cost', 'n', 'gain', '95 %', ...beyond, 'finding'];
		const missingControls =
			uncompared.length === 0
				? ''
				: `\ncontrol arms without an answer to these questions: ${uncompared.map(roundName).join(', ')}`;
		const json = {
			round,
			parent,
			dataset: dataset?.card.name ?? null,
			split: comparison.split,
			validation: comparison.validation,
			overall: comparison.overall,
			controls: controls.map((control) => ({
				round: control.round,
				dataset: control.dataset?.card.name ?? null,
				equalSize: control.equalSize,
				gain: control.gains.overall,
				over: control.over.overall,
			})),
			uncompared,
			skills,
		};
		return {
			json,
			text:
				`${head}\n${table([header, ...rows])}\n` +
				`${found.length} of ${skills.length} skills changed beyond chance ` +
				`(Holm over all ${comparison.skills.length} labelled skills, 5 %)\n` +
				`${formatFruitless(skills)}${formatCoverage(comparison)}${missingControls}`,
		};
	},
});

function formatFruitless(skills: readonly LedgerRow[]): string {
	const count = skills.filter(({ fruitless }) => fruitless).length;
	return count === 0
		? ''
		: `${count} with no useful gain: at least an even share of the rows, and an interval that ends below ` +
				`+${usefulGain * 100} points\n`;
}

export const reportCommand = command({
	args: ['ROUND'],
	about:
		'Writes a report of a round as Markdown for a paper: training sets with yields, seeds, costs and departures ' +
		'from the paper; results with paired intervals; the ten most missed skills; the skill ledger beside control ' +
		'arms; the distribution of each training set over skills; and how it was measured.',
	options: {
		...comparedOptions,
		out: { type: 'string', value: 'FILE', help: 'the file to write; default: the terminal' },
	},
	async run(context) {
		const {
			args: [name = ''],
			values,
			run,
		} = context;
		const how = readCompared(values);
		const out = values.text('out');
		const parts = await openHostParts(context);
		const { students } = await parts.store.read('students', {});
		const { text, ledger: result } = await report(
			parts,
			{
				round: readRoundName(
					name,
					students.map(({ student }) => student),
				),
				...how,
			},
			run,
		);
		const file = out === undefined ? null : path.resolve(out);
		if (file !== null) {
			writeFileSync(file, text);
		}
		return {
			json: { round: roundName(result.round), path: file, text },
			text: file === null ? text.trimEnd() : file,
		};
	},
});
