import { budgetOf } from './budgetOptions.ts';
import { formatCost, formatPercent } from '../core/text/formatNumber.ts';
import {
	describeRule,
	difficultyDefaults,
	difficultyMethods,
	isLargelyUnclassified,
	whyUnclassified,
} from '../core/difficulty/difficulty.ts';
import { classify } from '../workflow/difficulty/classify.ts';
import { command } from './command.ts';
import { scopeOf, scopeOptions } from './scopeOptions.ts';
import { usageError } from './usageError.ts';

export const classifyCommand = command({
	about:
		'Determines which questions are difficult for the student. Default rule: the final answer if there are ' +
		`golds, else process rewards (equation 1), else consistency of ${difficultyDefaults.consistencySamples} ` +
		"samples. With golds, the rule is compared with the wrong answers. Replaces the round's earlier " +
		'classification.',
	options: {
		method: {
			type: 'string',
			value: 'RULE',
			help:
				'answer: sample 0 is wrong, or too few samples are right; reward: equation (1); consistency: no two of K samples agree; length: ' +
				'the answers are long; teacher: the teacher judges sample 0',
		},
		samples: {
			type: 'string',
			value: 'K',
			help:
				`answer: too few of the first K are right (default ${difficultyDefaults.answerSamples}); consistency: ` +
				`number of samples (default ${difficultyDefaults.consistencySamples})`,
		},
		'right-below': {
			type: 'string',
			value: 'X',
			help: 'answer with --samples: difficult if fewer than X are right (default half of K)',
		},
		tau1: {
			type: 'string',
			value: 'X',
			help: `reward: threshold of the last step and the mean (default ${difficultyDefaults.tau1})`,
		},
		tau2: {
			type: 'string',
			value: 'X',
			help: `reward: threshold of the steps before the last (default ${difficultyDefaults.tau2})`,
		},
		words: {
			type: 'string',
			value: 'N',
			help: `length: mean number of words from which answers are long (default ${difficultyDefaults.words})`,
		},
		...scopeOptions,
	},
	teacher: true,
	async run({ parts, values, run, consent }) {
		const method = values.oneOf('method', difficultyMethods);
		const flags = {
			method,
			samples: values.whole('samples', 1),
			rightBelow: values.number('right-below'),
			tau1: values.number('tau1'),
			tau2: values.number('tau2'),
			words: values.number('words'),
			budget: budgetOf(values),
		};
		if (flags.rightBelow !== undefined && (method !== 'answer' || flags.samples === undefined)) {
			throw usageError('--right-below belongs to --method answer with --samples K: fewer than X of K are right');
		}
		const opened = await parts({ teacher: method === 'teacher' });
		const scope = await scopeOf(opened.store, values);
		const options = { ...scope, ...flags };
		if (method === 'teacher') {
			const { planClassify } = await import('../workflow/difficulty/judgeAnswers.ts');
			await consent(await planClassify(opened, options));
		}
		const result = await classify(opened, options, run);
		const { questions, difficult, unclassified, accuracy, precision, recall, f1 } = result;
		const paid = method === 'teacher' ? `; ${result.calls} calls, ${formatCost(result.cost)}` : '';
		// Compared with sample 0 alone, the rule "wrong answer" would agree with itself in every case.
		const isDefinition = result.method === 'answer' && (flags.samples ?? difficultyDefaults.answerSamples) === 1;
		const detector =
			`\nas a detector of a wrong sample 0: accuracy ${formatPercent(accuracy)}, ` +
			`precision ${formatPercent(precision)}, recall ${formatPercent(recall)}, F1 ${formatPercent(f1)}`;
		const warning = isLargelyUnclassified(result)
			? `${unclassified} of ${questions} questions could not be judged: ${whyUnclassified(result.method, result.settings)}\n`
			: '';
		const meaning = result.method === 'answer' ? `, ${describeRule(result.method, result.settings)}` : '';
		return {
			json: { ...scope, ...result },
			text:
				`${warning}${difficult} of ${questions} questions are difficult by the rule "${result.method}"${meaning}, ` +
				`${unclassified} unclassified${paid}${isDefinition ? '' : detector}`,
		};
	},
});
