import { leaks } from '../workflow/datasets/leakRadar.ts';
import { command } from './command.ts';
import { oneLine } from './wording.ts';

/** Default number of lines shown as text. */
const topDefault = 20;

export const leaksCommand = command({
	args: ['[DATASET]'],
	about:
		'Runs the leak radar: compares each question of a dataset (by default, each training question) with every ' +
		'imported evaluation question, by text. same: equal except for layout; copy: near-verbatim; twin: the same ' +
		'template with different numbers; passage: a long run of words in common.',
	options: {
		top: {
			type: 'string',
			value: 'N',
			help: `number of leaks shown as text (default ${topDefault}; --json has all)`,
		},
	},
	async run({ parts, args: [dataset], values, run }) {
		const result = await leaks(await parts(), { dataset }, run);
		const shown = result.leaks.slice(0, values.whole('top') ?? topDefault);
		const formatCounts = ({ same, copy, twin, passage }: typeof result.counts): string =>
			`${same} same, ${copy} copies, ${twin} twins, ${passage} passages`;
		const lines = [
			`${result.questions} questions against ${result.against}: ${formatCounts(result.counts)}`,
			...result.benchmarks.map(
				(counts) =>
					`  ${counts.benchmark === '' ? '(no benchmark named)' : counts.benchmark}: ${formatCounts(counts)}`,
			),
			...shown.flatMap(({ row, question, kind, score, with: other }) => {
				const extent = kind === 'passage' ? `of ${score} words` : score.toFixed(2);
				return [
					`${kind} ${extent}${row === null ? '' : `, row ${row}`}`,
					`  ${oneLine(question)}`,
					`  ${other.benchmark ?? other.split}: ${oneLine(other.text)}`,
				];
			}),
		];
		return { json: result, text: lines.join('\n') };
	},
});
