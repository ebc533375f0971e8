import * as vscode from 'vscode';
import { metricName } from '../../core/benchmark.ts';
import type { EvaluationEntry } from '../../core/evaluationEntry.ts';
import { number } from '../runs/runs.ts';
import { Page } from './page.ts';

const t = vscode.l10n.t;

/** What an evaluation was, and what it came to. */
export function evaluationPage(entry: EvaluationEntry): string {
	const page = new Page()
		.heading(1, t('Evaluation of {0}, round {1}', entry.student, entry.round))
		.fact(t('Model'), entry.model)
		.fact(t('Answered at'), entry.by)
		.fact(t('Begun'), entry.begunAt)
		.fact(t('Ended'), entry.endedAt ?? t('not yet: evaluate again to go on'))
		.fact(t('Top-p'), entry.topP)
		.fact(t('Tokens an answer'), entry.maxTokens);
	page.heading(2, t('Results'));
	page.table(
		[
			[t('Benchmark'), t('Questions'), t('Pass@1'), t('Avg@k'), t('Pass@k'), t('95% interval'), t('of')],
			...entry.benchmarks.map(({ benchmark, result, metric, samples }) => [benchmark, result === null ? '–' : number(result.n), percent(result?.pass1), percent(result?.avgk), percent(result?.passk), result?.ci95 ? t('{0} to {1}', percent(result.ci95[0]), percent(result.ci95[1])) : '–', metricName({ metric, samples })]),
		],
		[1, 2, 3, 4],
	);
	for (const { benchmark, part, samples, temperature, grading, result } of entry.benchmarks) {
		page
			.heading(2, benchmark)
			.fact(t('Part'), part === 'test' ? t('test: the questions that are reported on') : part === 'validation' ? t('validation: the questions the student is profiled on') : t('validation and test together'))
			.fact(t('Samples'), number(samples))
			.fact(t('Temperature'), temperature)
			.fact(t('Grading'), grading === 'text' ? t('the same words') : t('final answers equal in value'));
		if (result) {
			page
				.fact(t('Not counted: answers are missing'), result.unanswered > 0 ? number(result.unanswered) : null)
				.fact(t('Not counted: no reference answer'), result.withoutGold > 0 ? number(result.withoutGold) : null)
				.fact(t('Answers nobody is sure of, counted as wrong'), result.unsure > 0 ? number(result.unsure) : null);
		}
	}
	return page.toString();
}

function percent(share: number | null | undefined): string {
	return share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
}
