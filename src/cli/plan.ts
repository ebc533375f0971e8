import { buildDefaults } from '../core/datasets/buildDefaults.ts';
import { formatCost, formatCount } from '../core/text/formatNumber.ts';
import { openJobFiles } from '../store/jobFiles.ts';
import { teacherOf } from '../workflow/asking/askTeacher.ts';
import type { LoopPlan, LoopStep, LoopTotal } from '../workflow/rounds/planLoop.ts';
import { planLoop } from '../workflow/rounds/planLoop.ts';
import { command } from './command.ts';
import { benchmarkOf, benchmarkOption, scopeOf, scopeOptions } from './scopeOptions.ts';
import { formatDuration, table } from './wording.ts';

export const planCommand = command({
	about:
		'Prints what the whole loop will cost from here in calls, money and time, before anything is paid: skill ' +
		'lists, labels, answers, diagnoses, rewriting (STAT-Sel) or new questions (STAT-Syn), training; and what this ' +
		'project has paid so far. Replies that are stored cost nothing. A step whose input is not there yet is ' +
		'estimated by stated defaults; times rest on what has run in this project and are unknown otherwise.',
	options: {
		pairs: { type: 'string', value: 'N', help: `pairs of the training set (default ${buildDefaults.pairs})` },
		difficult: {
			type: 'string',
			value: 'N',
			help: `difficult questions to diagnose (default ${buildDefaults.difficult})`,
		},
		seed: { type: 'string', value: 'N', help: `seed of the training set (default ${buildDefaults.seed})` },
		...benchmarkOption,
		...scopeOptions,
	},
	teacher: true,
	async run({ parts, values, run }) {
		const opened = await parts({ teacher: true });
		teacherOf(opened);
		const isNamed = values.text('student') !== undefined || values.text('round') !== undefined;
		const plan = await planLoop(
			{ ...opened, jobs: openJobFiles(opened.store.folder) },
			{
				scope: isNamed ? await scopeOf(opened.store, values) : undefined,
				benchmark: benchmarkOf(values),
				pairs: values.whole('pairs', 1),
				difficult: values.whole('difficult', 1),
				seed: values.whole('seed'),
			},
			run,
		);
		return { json: plan, text: formatPlan(plan) };
	},
});

function formatPlan({ teacher, scope, steps, totals, paid, pairs }: LoopPlan): string {
	const of = scope === null ? 'no answers yet' : `${scope.student}, round ${scope.round}`;
	const tasks = paid.tasks.map(({ task, model, replies, cost, unpriced }) => [
		`  ${task}`,
		formatCount(replies),
		unpriced === replies ? 'price unknown' : formatCost(cost),
		model,
	]);
	return [
		`${teacher.model} at ${teacher.endpoint}; ${of}; ${formatCount(pairs)} pairs`,
		table([
			['step', 'calls', 'stored', 'cost', 'time', ''],
			...steps.map(stepCells),
			totalCells('all, with STAT-Sel', totals.sel),
			totalCells('all, with STAT-Syn', totals.syn),
		]),
		...steps.flatMap(({ step, notes }) => notes.map((note) => `${step}: ${note}`)),
		`paid so far: ${formatCount(paid.replies)} replies, ${formatCost(paid.cost)}` +
			(paid.unpriced > 0 ? ` and ${formatCount(paid.unpriced)} replies of unknown price` : ''),
		...(tasks.length > 0 ? [table(tasks)] : []),
		'Where a step is assumed, so is its cost; prices are defaults to be checked (docs/teacher-endpoints.md).',
	].join('\n');
}

function stepCells({ step, state, calls, cached, cost, seconds, basis }: LoopStep): string[] {
	if (state === 'done' || state === 'blocked') {
		return [step, '', '', '', '', state === 'done' ? 'done' : 'unknown yet'];
	}
	const remark = [...(state === 'optional' ? ['optional'] : []), ...(basis === 'assumed' ? ['assumed'] : [])];
	return [...countCells(step, { calls, cached, cost, seconds }), remark.join(', ')];
}

function totalCells(name: string, total: LoopTotal): string[] {
	return [...countCells(name, total), ''];
}

function countCells(name: string, { calls, cached, cost, seconds }: LoopTotal): string[] {
	const isPaid = calls + cached > 0;
	return [
		name,
		isPaid ? formatCount(calls) : '',
		isPaid ? formatCount(cached) : '',
		isPaid ? formatCost(cost) : '',
		seconds === null ? 'unknown' : formatDuration(seconds),
	];
}
