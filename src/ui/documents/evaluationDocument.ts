import * as vscode from 'vscode';
import { metricName } from '../../core/questions/benchmark.ts';
import type { EvaluatedBenchmark, EvaluationEntry } from '../../core/rounds/evaluationEntry.ts';
import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { commandOf } from '../../core/questions/gradingRule.ts';
import { formatCount, formatPercent } from '../../core/text/formatNumber.ts';
import { DocumentText } from './documentText.ts';

const t = vscode.l10n.t;

/** Returns the document with an evaluation's settings and results. */
export function evaluationDocument(entry: EvaluationEntry): string {
	const document = new DocumentText()
		.heading(1, t('Evaluation of {0}, round {1}', entry.student, entry.round))
		.fact(t('Model'), entry.model)
		.fact(t('Answered at'), entry.by)
		.fact(t('Begun'), entry.begunAt)
		.fact(t('Ended'), entry.endedAt ?? t('not yet: evaluate again to continue'))
		.fact(t('Top-p'), entry.topP)
		.fact(t('Tokens per answer'), entry.maxTokens);
	document.heading(2, t('Results'));
	document.table(
		[
			[t('Benchmark'), t('Questions'), t('Pass@1'), t('Avg@k'), t('Pass@k'), t('95% interval'), t('of')],
			...entry.benchmarks.map(({ benchmark, result, metric, samples }) => [
				benchmark,
				result === null ? '–' : formatCount(result.n),
				formatPercent(result?.pass1 ?? null),
				formatPercent(result?.avgk ?? null),
				formatPercent(result?.passk ?? null),
				result?.ci95 ? t('{0} to {1}', formatPercent(result.ci95[0]), formatPercent(result.ci95[1])) : '–',
				metricName({ metric, samples }),
			]),
		],
		[1, 2, 3, 4],
	);
	for (const { benchmark, part, samples, temperature, grading, result } of entry.benchmarks) {
		document
			.heading(2, benchmark)
			.fact(t('Part'), formatPart(part))
			.fact(t('Samples'), formatCount(samples))
			.fact(t('Temperature'), temperature)
			.fact(t('Grading'), formatGrading(grading));
		if (result) {
			document
				.fact(
					t('Not counted: answers are missing'),
					result.unanswered > 0 ? formatCount(result.unanswered) : null,
				)
				.fact(
					t('Not counted: no reference answer'),
					result.withoutGold > 0 ? formatCount(result.withoutGold) : null,
				)
				.fact(t('Unsure answers, counted as wrong'), result.unsure > 0 ? formatCount(result.unsure) : null);
		}
	}
	return document.toString();
}

function formatGrading(rule: GradingRule): string {
	switch (rule) {
		case 'math':
			return t('final answers equal in value');
		case 'text':
			return t('the same words');
		case 'choice':
			return t('the same option');
		case 'log':
			return t('the verdicts that came with the answers');
		case 'judge':
			return t('the teacher as judge');
		default:
			return t('the checker {0}', commandOf(rule) ?? '');
	}
}

function formatPart(part: EvaluatedBenchmark['part']): string {
	switch (part) {
		case 'test':
			return t('test: the questions for reports');
		case 'validation':
			return t('validation: the questions for profiles');
		case 'all':
			return t('validation and test together');
	}
}
