import { formatPoints, formatPValue, formatRange } from '../core/text/formatChange.ts';
import { formatPercent } from '../core/text/formatNumber.ts';
import type { NamedChange } from '../core/rounds/comparison.ts';
import { namedChanges } from '../core/rounds/comparison.ts';
import { readRoundName, roundName } from '../core/rounds/round.ts';
import { skillLabel } from '../core/skills/skill.ts';
import type { ComparedSplit, CompareResult } from '../workflow/rounds/compare.ts';
import { compare } from '../workflow/rounds/compare.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';
import { table } from './wording.ts';

/** Default number of lines shown as text. */
const topDefault = 10;

/** Options that select the answers to compare. */
export const comparedOptions = {
	split: {
		type: 'string',
		value: 'all|validation|test',
		help: 'which questions (default: test if both rounds answered any, else validation)',
	},
	benchmark: { type: 'string', value: 'NAME', help: "only this benchmark's questions" },
	answers: {
		type: 'string',
		value: 'all|first',
		help: "all (default): the mean of a question's answers; first: only sample 0",
	},
} satisfies OptionSpecs;

export function readCompared(values: Values<typeof comparedOptions>): {
	split: ComparedSplit | undefined;
	benchmark: string | undefined;
	answers: 'all' | 'first' | undefined;
} {
	return {
		split: values.oneOf('split', ['all', 'validation', 'test'] as const),
		benchmark: values.text('benchmark'),
		answers: values.oneOf('answers', ['all', 'first'] as const),
	};
}

/** Describes which questions a comparison covers, and what that means for its gain. */
export function formatCoverage({ split, validation, overall: { n } }: CompareResult): string {
	return validation === 0
		? `${n} ${split === 'all' ? '' : `${split} `}questions`
		: `${validation} of ${n} questions are validation questions: the student is profiled on them, and a ` +
				'sweep chooses its learning rate by them, so the gain is likely too large. Report test questions ' +
				'("rounds next JOB --sample --split test" has the student answer them)';
}

export const compareCommand = command({
	args: ['ROUND', 'ROUND'],
	about:
		'Compares two rounds on the questions that both answered: accuracy before and after, paired 95 % intervals ' +
		'(exact below 100 questions) and tests, overall, by benchmark, subject, level and skill, most missed first; ' +
		'and the questions whose verdict changed. "p (Holm)" is corrected for all skills (subjects, levels). A round ' +
		'is STUDENT:ROUND, or only its number if there is one student.',
	options: {
		...comparedOptions,
		top: { type: 'string', value: 'N', help: `number of skills shown (default ${topDefault}; --json has all)` },
	},
	async run({ parts, args: [first = '', second = ''], values, run }) {
		const [how, top] = [readCompared(values), values.whole('top', 1) ?? topDefault];
		const opened = await parts();
		const students = (await opened.store.read('students', {})).students.map(({ student }) => student);
		const result = await compare(
			opened,
			{ before: readRoundName(first, students), after: readRoundName(second, students), ...how },
			run,
		);
		const { skills, flips } = result;
		const line = ({ name, change }: NamedChange): (string | number)[] => [
			name,
			change.n,
			formatPercent(change.before),
			formatPercent(change.after),
			formatPoints(change.delta),
			formatRange(change.ci95),
			formatPValue(change.p),
			change.pHolm === undefined ? '' : formatPValue(change.pHolm),
			`${change.gained}/${change.lost}`,
		];
		const rows = [
			['', 'n', 'before', 'after', 'change', '95 %', 'p', 'p (Holm)', 'gained/lost'],
			...namedChanges(result).map(line),
			...skills.slice(0, top).map((change) => line({ name: skillLabel(change.name), change })),
		];
		const right = flips.filter(({ to }) => to === 'right').length;
		const left = [
			result.unsure > 0 ? `${result.unsure} without a sure verdict` : '',
			result.onlyBefore + result.onlyAfter > 0
				? `${result.onlyBefore + result.onlyAfter} answered in one round only`
				: '',
		]
			.filter(Boolean)
			.join(', ');
		const tail = [
			`${right} questions turned right, ${flips.length - right} turned wrong`,
			left === '' ? '' : `left out: ${left}`,
			formatCoverage(result),
			result.unlabelled > 0 ? `${result.unlabelled} in no skill's row: nothing labels them ("label" does)` : '',
			skills.length > top ? `${skills.length - top} more skills with --top ${skills.length}` : '',
		]
			.filter(Boolean)
			.join('\n');
		return {
			json: result,
			text: `${roundName(result.before)} → ${roundName(result.after)}\n${table(rows)}\n${tail}`,
		};
	},
});
