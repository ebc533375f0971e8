import { budgetOf, budgetOptions } from './budgetOptions.ts';
import { usageError } from './usageError.ts';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { metricName } from '../core/questions/benchmark.ts';
import { samplingDefaults } from '../core/questions/sampling.ts';
import { formatCost, formatPercent } from '../core/text/formatNumber.ts';
import type { Parts } from '../core/ports/parts.ts';
import type { Teacher } from '../core/ports/teacher.ts';
import { answerAtEndpoint, answeredBefore, planAnswers } from '../workflow/rounds/answerAtEndpoint.ts';
import { answerOnHost } from '../workflow/rounds/answerOnHost.ts';
import type { EvaluateOptions, EvaluateResult } from '../workflow/rounds/evaluate.ts';
import { evaluate, planEvaluation } from '../workflow/rounds/evaluate.ts';
import type { CommandContext, CommandOutput } from './command.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { dispatchOptions, newJob, openHostParts, readDispatch, without } from './hostParts.ts';
import { table } from './wording.ts';

const evaluateOptions = {
	...without(dispatchOptions, 'gpus', 'follow'),
	url: { type: 'string', value: 'URL', help: 'address of the served student, up to /v1' },
	model: {
		type: 'string',
		value: 'M',
		help: "the student's name at the endpoint or on the host; optional with --adapter",
	},
	student: {
		type: 'string',
		value: 'NAME',
		help: "the student's name in this project; default: the model's name",
	},
	round: { type: 'string', value: 'N', help: 'number of the round, from 1 (the default)' },
	benchmark: {
		type: 'string',
		required: true,
		value: 'B',
		multiple: true,
		help: 'a benchmark of "benchmarks list"; may be repeated',
	},
	split: {
		type: 'string',
		value: 'test|validation|all',
		help: 'which of its questions; default: those to report on (test)',
	},
	samples: { type: 'string', value: 'K', help: 'answers per question' },
	temperature: {
		type: 'string',
		value: 'T',
		help:
			`default: the benchmark's; with another --samples ${samplingDefaults.temperatureOfOne} for one ` +
			`answer, ${samplingDefaults.temperatureOfSeveral} for several`,
	},
	'top-p': { type: 'string', value: 'P', help: "nucleus sampling, above 0 to 1; default: the server's" },
	'max-tokens': {
		type: 'string',
		value: 'N',
		help: `maximum number of tokens of an answer (default ${samplingDefaults.maxTokens})`,
	},
	keep: { type: 'boolean', help: 'count answers that the round already has, however they were made' },
	'retry-empty': {
		type: 'boolean',
		help: 'endpoint: request again the answers of this round that have no text',
	},
	budget: { ...budgetOptions.budget, help: `endpoint: ${budgetOptions.budget.help}` },
	'budget-calls': { ...budgetOptions['budget-calls'], help: `endpoint: ${budgetOptions['budget-calls'].help}` },
	concurrency: { type: 'string', value: 'N', help: 'endpoint: maximum number of questions in flight' },
} satisfies OptionSpecs;

type EvaluateContext = CommandContext<typeof evaluateOptions>;

export const evaluateCommand = command({
	about:
		'Has the student answer benchmarks, and grades and counts its answers: pass@1, avg@k, pass@k with 95% ' +
		'intervals. The student runs at an endpoint (vLLM, Ollama, any OpenAI-compatible server; key: ' +
		"STAT_STUDENT_KEY) or on a host. The default settings are the benchmark's. An interrupted run resumes and " +
		'requests nothing twice.',
	options: evaluateOptions,
	choices: [{ options: ['url', 'host'], required: true }],
	async run(context) {
		const { values } = context;
		const [url, host] = [values.text('url'), values.text('host')];
		if ((url === undefined) === (host === undefined)) {
			throw usageError('who answers? give --url URL (a served student) or --host HOST, one of them');
		}
		const adapter = values.text('adapter');
		if (host !== undefined && values.flag('retry-empty')) {
			throw usageError('--retry-empty is for an endpoint: an answer of a host is what its student wrote');
		}
		if (url !== undefined && adapter !== undefined) {
			throw usageError(
				'--adapter is for a host; an endpoint serves what it serves, under the name --model gives',
			);
		}
		const base =
			adapter === undefined
				? values.required('model', 'the student, as the endpoint or the host calls it')
				: values.text('model');
		// The same base model with another adapter is another student, whose answers must not be taken for this one's.
		const model = [base, adapter].filter((name) => name !== undefined).join(' + ');
		const topP = values.number('top-p');
		if (topP !== undefined && !(topP > 0 && topP <= 1)) {
			throw usageError(`--top-p lies above 0 and up to 1, not ${topP}`);
		}
		const temperature = values.number('temperature');
		if (temperature !== undefined && !(temperature >= 0 && temperature <= 10)) {
			throw usageError(`--temperature lies between 0 and 10, not ${temperature}`);
		}
		const options = {
			model,
			student: values.text('student') ?? model,
			round: values.whole('round', 1) ?? 1,
			benchmarks: values.list('benchmark'),
			part: values.oneOf('split', ['test', 'validation', 'all'] as const),
			samples: values.whole('samples', 1),
			temperature,
			topP,
			maxTokens: values.whole('max-tokens', 1),
			keep: values.flag('keep'),
			retryEmpty: values.flag('retry-empty'),
			id: randomBytes(6).toString('hex'),
		};
		return url === undefined ? atHost(context, host ?? '', options) : atEndpoint(context, url, options);
	},
});

type StudentOptions = Omit<EvaluateOptions, 'by'>;

async function atEndpoint(context: EvaluateContext, url: string, options: StudentOptions): Promise<CommandOutput> {
	const { values, run } = context;
	const parts = await context.parts();
	const { endpointOrigin } = await import('../teacher/wire/endpoint.ts');
	const plan = await planEvaluation(parts, { ...options, by: endpointOrigin(url) }, run);
	const student = await openStudent(context, parts, url, options);
	try {
		const planned = await planAnswers(parts, student, plan.requests);
		const { calls, cached, cost } = planned;
		const earlier = await answeredBefore(parts, options, planned);
		if (earlier.length > 0) {
			run.log(
				'warn',
				`${planned.before} of ${planned.of} were answered before, by ${earlier.join(', ')}; give ` +
					'another --round for another checkpoint',
			);
		}
		if (planned.empty > 0 && !options.retryEmpty) {
			run.log(
				'warn',
				`${countOf(planned.empty, 'answer has', 'answers have')} no text: the endpoint sent none, or version 0.1 ` +
					'filed an error of its provider as an answer; --retry-empty requests them again',
			);
		}
		if (calls > 0) {
			const here = cached > 0 ? `, ${cached} more are here already` : '';
			const price = cost === null ? '' : `: about ${formatCost(cost)}`;
			run.log('info', `${calls} answers to ask of ${student.model} at ${student.endpoint}${here}${price}`);
			if (cost !== null && cost > 0) {
				await context.confirm('Go on?');
			}
		}
		return output(await evaluate(parts, plan, answerAtEndpoint(parts, student, budgetOf(values)), run));
	} finally {
		await student.dispose();
	}
}

/**
 * Opens the served student. It has its own key, because a teacher's key must never be sent to it. Its replies are filed
 * by student and round as well, because the next checkpoint may be served under the same name.
 */
async function openStudent(
	{ values, dist, run }: EvaluateContext,
	parts: Parts,
	url: string,
	{ model, student, round }: StudentOptions,
): Promise<Teacher> {
	const [{ createOpenAiTeacher }, { loadModelTable, userModelsFile }] = await Promise.all([
		import('../teacher/wire/openAiTeacher.ts'),
		import('../teacher/wire/modelTable.ts'),
	]);
	const models = loadModelTable({ folder: path.join(dist, 'data'), userFile: userModelsFile() });
	return createOpenAiTeacher({
		baseUrl: url,
		model,
		apiKey: process.env['STAT_STUDENT_KEY'],
		keyModel: JSON.stringify(['student', student, round, model]),
		replies: parts.store,
		models,
		concurrency: values.whole('concurrency', 1),
		calls: run.calls,
		log: (level, message) => run.log(level === 'info' ? 'debug' : level, message),
	});
}

async function atHost(context: EvaluateContext, host: string, options: StudentOptions): Promise<CommandOutput> {
	const { run } = context;
	const parts = await openHostParts(context);
	const plan = await planEvaluation(parts, { ...options, by: host }, run);
	return output(
		await evaluate(
			parts,
			plan,
			answerOnHost(parts, { ...(await readDispatch(context, parts.hosts)), makeId: newJob }),
			run,
		),
	);
}

function countOf(count: number, one: string, several: string): string {
	return `${count} ${count === 1 ? one : several}`;
}

/** Returns an evaluation's result, as text and as an object. */
function output(result: EvaluateResult): CommandOutput {
	const rows = result.benchmarks.map((one) => [
		one.benchmark,
		one.part,
		one.n,
		formatPercent(one.pass1),
		formatPercent(one.avgk),
		formatPercent(one.passk),
		one.ci95 ? `${formatPercent(one.ci95[0])} to ${formatPercent(one.ci95[1])}` : '–',
		`${metricName({ metric: one.metric, samples: one.samples })}, temperature ${one.temperature}`,
	]);
	const { cut, empty, onlyThought } = result;
	const notes = [
		cut > 0
			? `${countOf(cut, 'answer was', 'answers were')} cut off by the token limit and count by what they had ` +
				'named as their answer until then: --max-tokens sets the limit'
			: '',
		empty > 0
			? `${countOf(empty, 'answer has', 'answers have')} no text: run again with --retry-empty to request them again`
			: '',
		onlyThought > 0
			? `${countOf(onlyThought, 'answer is', 'answers are')} an open thought: the server took all text for ` +
				'reasoning (check its reasoning parser and chat template)'
			: '',
		result.failed > 0
			? `${result.failed} answers failed and were set aside ("set-aside evaluate" lists them); run ` +
				'again to ask for them'
			: '',
		...result.benchmarks.flatMap(({ benchmark, unanswered, withoutGold, unsure }) => [
			unanswered > 0 ? `${benchmark}: ${unanswered} questions lack answers and are not counted` : '',
			withoutGold > 0 ? `${benchmark}: ${withoutGold} questions have no gold answer and are not counted` : '',
			unsure > 0 ? `${benchmark}: ${unsure} answers could not be told right or wrong and count as wrong` : '',
		]),
	].filter((note) => note !== '');
	return {
		json: result,
		text: [
			table([['benchmark', 'questions', 'n', 'pass@1', 'avg@k', 'pass@k', '95% interval', 'of'], ...rows]),
			...notes,
		].join('\n'),
	};
}
