import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { metricName } from '../../core/questions/benchmark.ts';
import { samplingDefaults, samplingTemperature } from '../../core/questions/sampling.ts';
import { scoreBy } from '../../core/rounds/evaluationEntry.ts';
import { formatCount, formatMoney, formatPercent } from '../../core/text/formatNumber.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { ListedBenchmark } from '../../workflow/questions/benchmarks.ts';
import type { EvaluateOptions, EvaluateResult } from '../../workflow/rounds/evaluate.ts';
import { showDocument } from '../documents/activeDocument.ts';
import { statUri } from '../documents/statUri.ts';
import { mementoKeys, viewIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import type { PickItem, WizardStep } from '../kit/wizard.ts';
import { ask, askNumber, pick, pickMany, pickOrAsk, runWizard } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { endpointOrigin } from '../teacher/teacherChoice.ts';
import { isLoopback } from '../teacher/apiKeys.ts';
import { forLabel, forMessage } from '../kit/untrustedText.ts';
import { addBenchmark } from './addBenchmark.ts';
import { confirmHost, hostStep, newJob, otherHostStep } from './dispatchTraining.ts';
import type { EvaluateChoices as Choices } from './evaluateChoices.ts';
import { callerChoices } from './evaluateChoices.ts';
import { warnOfIncomplete, wantsRetry } from './incompleteAnswers.ts';
import { planRun } from './paidRun.ts';
import { tellSetAside } from './setAside.ts';

/** Has the student answer benchmarks, at an endpoint or on a host, and opens the result as a document. */
export const evaluate: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Evaluate');
	const last = studio.context.workspaceState.get<Choices>(mementoKeys.evaluateChoices, {});
	const fromCaller = callerChoices(argument);
	if (fromCaller === null) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'The command’s argument is no evaluation: expected by, url or host, model and benchmarks',
			),
		});
	}
	const state: Choices = fromCaller ?? { ...last, samples: undefined, temperature: undefined };
	const parts = await session.hostParts();
	if (
		!fromCaller &&
		!(await runWizard(title, state, [
			byStep(),
			urlStep(),
			{ applies: ({ by }) => by === 'host', ask: hostStep(parts).ask },
			otherHostStep(),
			modelStep(studio, session),
			studentStep(session),
			roundStep(),
			benchmarksStep(studio, session),
			settingsStep(),
			samplesStep(),
			temperatureStep(),
		]))
	) {
		return;
	}
	const {
		by,
		url = '',
		host = '',
		model = '',
		student = model,
		round = 1,
		benchmarks = [],
		samples,
		temperature,
	} = state;
	if (!fromCaller) {
		await studio.context.workspaceState.update(mementoKeys.evaluateChoices, {
			by,
			url,
			host,
			model,
			student,
			round,
			benchmarks,
		});
		await rememberOrigin(studio, by === 'endpoint' ? url : '');
	}
	const options: EvaluateOptions = {
		model,
		student,
		round,
		benchmarks,
		samples,
		temperature,
		by: by === 'host' ? host : endpointOrigin(url),
		id: randomBytes(6).toString('hex'),
	};
	const result =
		by === 'host'
			? await onHost(studio, session, title, host, options, fromCaller !== undefined)
			: await atEndpoint(studio, session, title, url, options, fromCaller !== undefined);
	await showDocument(
		statUri(
			{ kind: 'evaluation', id: result.evaluation },
			vscode.l10n.t('Evaluation of {0}, round {1}', result.student, result.round),
		),
	);
	studio.runs.show({ text: formatResult(result) });
	warnOfIncomplete(result);
	if (result.failed > 0) {
		tellSetAside(
			vscode.l10n.t(
				'{0} answers failed and were set aside; evaluate again to request them.',
				formatCount(result.failed),
			),
			'evaluate',
		);
	}
};

async function atEndpoint(
	studio: Studio,
	session: ProjectSession,
	title: string,
	url: string,
	options: EvaluateOptions,
	isFromCaller: boolean,
): Promise<EvaluateResult> {
	const [{ evaluate: run, planEvaluation }, { answerAtEndpoint, answeredBefore, planAnswers }] = await Promise.all([
		import('../../workflow/rounds/evaluate.ts'),
		import('../../workflow/rounds/answerAtEndpoint.ts'),
	]);
	const parts = await session.parts();
	let plan = await planEvaluation(parts, options, planRun(studio.log));
	if (isFromCaller) {
		await confirmOrigin(studio, url, options.model);
	}
	const student = await studio.teachers.studentAt(session, {
		baseUrl: url,
		model: options.model,
		keyModel: JSON.stringify(['student', options.student, options.round, options.model]),
	});
	try {
		let planned = await planAnswers(parts, student, plan.requests);
		if (planned.empty > 0 && (await wantsRetry(planned.empty))) {
			plan = { ...plan, requests: plan.requests.map((request) => ({ ...request, retryEmpty: true })) };
			planned = await planAnswers(parts, student, plan.requests);
		}
		const { calls, cached, cost } = planned;
		const earlier = await answeredBefore(parts, options, planned);
		if (earlier.length > 0) {
			void vscode.window.showWarningMessage(
				forMessage(
					vscode.l10n.t(
						'{0} of {1} were answered before, by {2}; use another round for another checkpoint',
						formatCount(planned.before),
						formatCount(planned.of),
						earlier.join(', '),
					),
				),
			);
		}
		// A server on this machine costs nothing; for any other, the user consents to what will be sent.
		if (calls > 0 && !isLoopback(endpointOrigin(url))) {
			const go = vscode.l10n.t('Ask {0} Times', formatCount(calls));
			const detail = [
				vscode.l10n.t('{0} at {1}', student.model, student.endpoint),
				cached > 0 ? vscode.l10n.t('{0} more are already answered and free', formatCount(cached)) : '',
				cost === null
					? vscode.l10n.t('Cost: unknown, no price is known for this model')
					: vscode.l10n.t('Cost: about {0}, give or take 30 %', formatMoney(cost)),
				...plan.notes,
			]
				.filter(Boolean)
				.join('\n');
			if (
				(await vscode.window.showInformationMessage(
					forMessage(vscode.l10n.t('Request {0} answers from the student?', formatCount(calls))),
					{ modal: true, detail },
					go,
				)) !== go
			) {
				throw new StatError('editor.cancelled', { problem: vscode.l10n.t('nothing was sent') });
			}
		}
		return await studio.runs.start('evaluate', title, viewIds.questions, (job) =>
			run(parts, plan, answerAtEndpoint(parts, student), job),
		);
	} finally {
		await student.dispose();
	}
}

async function onHost(
	studio: Studio,
	session: ProjectSession,
	title: string,
	host: string,
	options: EvaluateOptions,
	isFromCaller: boolean,
): Promise<EvaluateResult> {
	const [{ evaluate: run, planEvaluation }, { answerOnHost }] = await Promise.all([
		import('../../workflow/rounds/evaluate.ts'),
		import('../../workflow/rounds/answerOnHost.ts'),
	]);
	const parts = await session.hostParts();
	const plan = await planEvaluation(parts, options, planRun(studio.log));
	if (isFromCaller) {
		await confirmCaller(
			vscode.l10n.t('Run {0} on {1}?', options.model, host),
			vscode.l10n.t('A link, a keybinding or another extension requested it, not you.'),
			vscode.l10n.t('Run It'),
		);
	}
	await confirmHost(parts, host);
	const answering = answerOnHost(parts, {
		host,
		model: options.model,
		hubToken: process.env['HF_TOKEN'],
		makeId: newJob,
	});
	return studio.runs
		.start('evaluate', title, viewIds.jobs, (job: Run) => run(parts, plan, answering, job))
		.finally(() => studio.jobs.watch.look());
}

/**
 * Ensures that no questions and no key are sent to an address until the user has typed or confirmed it in this
 * workspace, even if the server is on this machine.
 */
async function confirmOrigin(studio: Studio, url: string, model: string): Promise<void> {
	const origin = endpointOrigin(url);
	if (!studio.context.workspaceState.get<readonly string[]>(mementoKeys.evaluateOrigins, []).includes(origin)) {
		await confirmCaller(
			vscode.l10n.t('Send questions to {0}?', origin),
			vscode.l10n.t('A link, a keybinding or another extension requested it, not you; the model is {0}.', model),
			vscode.l10n.t('Send Them'),
		);
		await rememberOrigin(studio, url);
	}
}

async function confirmCaller(question: string, detail: string, yes: string): Promise<void> {
	if (
		(await vscode.window.showWarningMessage(
			forMessage(question),
			{ modal: true, detail: forMessage(detail) },
			yes,
		)) !== yes
	) {
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('nothing was sent') });
	}
}

async function rememberOrigin(studio: Studio, url: string): Promise<void> {
	if (url !== '') {
		const { workspaceState } = studio.context;
		await workspaceState.update(
			mementoKeys.evaluateOrigins,
			[
				...new Set([
					...workspaceState.get<readonly string[]>(mementoKeys.evaluateOrigins, []),
					endpointOrigin(url),
				]),
			].slice(-100),
		);
	}
}

function formatResult(result: EvaluateResult): string {
	return result.benchmarks
		.map((one) =>
			vscode.l10n.t(
				'{0}: {1} {2} of {3} questions',
				one.benchmark,
				metricName(one),
				formatPercent(scoreBy(one.metric, one)),
				formatCount(one.n),
			),
		)
		.join(' · ');
}

function byStep(): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const answer = await pick<'endpoint' | 'host'>(place, {
				placeholder: vscode.l10n.t('Where does the student answer?'),
				items: [
					{
						label: vscode.l10n.t('At an endpoint'),
						description: vscode.l10n.t('vLLM, Ollama, anything OpenAI-compatible'),
						value: 'endpoint',
					},
					{
						label: vscode.l10n.t('On a host'),
						description: vscode.l10n.t('over SSH, like trainings'),
						value: 'host',
					},
				],
				active: (by) => by === state.by,
			});
			return typeof answer === 'string' ? void (state.by = answer) : answer;
		},
	};
}

function urlStep(): WizardStep<Choices> {
	return {
		applies: ({ by }) => by === 'endpoint',
		ask: async (state, place) => {
			const answer = await ask(place, {
				prompt: vscode.l10n.t('Address of the server, up to /v1'),
				value: state.url ?? 'http://127.0.0.1:8000/v1',
				check: (text) => {
					try {
						endpointOrigin(text);
						return undefined;
					} catch {
						return vscode.l10n.t('An http or https address, such as http://127.0.0.1:8000/v1');
					}
				},
			});
			return typeof answer === 'string' ? void (state.url = answer) : answer;
		},
	};
}

/** If the server lists its models, the list is used; otherwise the user types the name. */
function modelStep(studio: Studio, session: ProjectSession): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const offered =
				state.by === 'endpoint'
					? await studio.teachers
							.modelsAt(session, state.url ?? '', AbortSignal.timeout(5000))
							.catch(() => [])
					: [];
			const prompt =
				state.by === 'host'
					? vscode.l10n.t(
							'The student: a model hub’s OWNER/NAME, a directory on the host, or tiny for a trial',
						)
					: vscode.l10n.t('The model’s name on the server');
			const items = offered.slice(0, 200).map((name) => ({ label: forLabel(name), value: name }));
			const answer = await pickOrAsk(
				place,
				{
					placeholder: vscode.l10n.t('Which model?'),
					items,
					another: vscode.l10n.t('Another model…'),
					active: (name) => name === state.model,
				},
				{
					prompt,
					value: state.model ?? '',
					check: (model) => (model === '' ? vscode.l10n.t('Which model?') : undefined),
				},
			);
			return typeof answer === 'string' ? void (state.model = answer) : answer;
		},
	};
}

function studentStep(session: ProjectSession): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const { students } = await (await session.parts()).store.read('students', {});
			const names = [...new Set([state.model ?? '', ...students.map(({ student }) => student)])].filter(
				(name) => name !== '',
			);
			const answer = await pickOrAsk(
				place,
				{
					placeholder: vscode.l10n.t('What should the student be called here?'),
					items: names.map((name) => ({ label: forLabel(name), value: name })),
					another: vscode.l10n.t('Another name…'),
					active: (name) => name === state.student,
				},
				{ prompt: vscode.l10n.t('Name of the student'), check: nameCheck },
			);
			return typeof answer === 'string' ? void (state.student = answer) : answer;
		},
	};
}

const nameCheck = (name: string): string | undefined =>
	name === '' || name.length > 200 ? vscode.l10n.t('A name of at most 200 characters') : undefined;

function roundStep(): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const answer = await askNumber(
				place,
				vscode.l10n.t('Round: 1 before any training, then 2, 3…'),
				state.round ?? 1,
				{ min: 1, max: 1_000_000, whole: true },
			);
			return typeof answer === 'number' ? void (state.round = answer) : answer;
		},
	};
}

const addAnother = '\0add';

/** Lists the benchmarks with questions in this project, with an entry that adds one from a file. */
function benchmarksStep(studio: Studio, session: ProjectSession): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const { listBenchmarks } = await import('../../workflow/questions/benchmarks.ts');
			// A newly added benchmark is ticked in the list, which shows how many questions it has; then the wizard
			// continues.
			for (let isChosen = false; !isChosen;) {
				const all = await listBenchmarks(await session.parts());
				const here = all.filter(
					(one) =>
						one.validation_questions + one.test_questions > 0 ||
						(one.name === 'MATH^D' &&
							all.some(({ name, test_questions: count }) => name === 'MATH' && count > 0)),
				);
				const items: PickItem<string>[] = [
					...here.map((one) => ({
						label: forLabel(one.name),
						description: `${metricName(one)} · ${formatBenchmarkSize(one)}`,
						detail: forLabel(one.about),
						value: one.name,
						picked: state.benchmarks?.includes(one.name) ?? false,
					})),
					{
						label: vscode.l10n.t('Add a benchmark…'),
						description: vscode.l10n.t('from a file or a Hugging Face cache; nothing is downloaded'),
						value: addAnother,
					},
				];
				const chosen = await pickMany<string>(place, {
					placeholder: vscode.l10n.t('Which benchmarks?'),
					items,
					needed: true,
				});
				if (typeof chosen === 'symbol') {
					return chosen;
				}
				isChosen = !chosen.includes(addAnother);
				const added = isChosen ? undefined : await addBenchmark(studio, session, all);
				state.benchmarks = [
					...chosen.filter((name) => name !== addAnother),
					...(added ? [added.benchmark] : []),
				];
			}
			return undefined;
		},
	};
}

function formatBenchmarkSize({ test_questions: test, validation_questions: validation }: ListedBenchmark): string {
	return test > 0
		? vscode.l10n.t('{0} questions', formatCount(test))
		: vscode.l10n.t('{0} questions, all in validation', formatCount(validation));
}

function settingsStep(): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const answer = await pick<boolean>(place, {
				placeholder: vscode.l10n.t('How should answers be sampled?'),
				items: [
					{
						label: vscode.l10n.t('As reported for each benchmark'),
						description: vscode.l10n.t('the paper’s samples and temperature'),
						value: false,
					},
					{ label: vscode.l10n.t('Other samples and temperature…'), value: true },
				],
			});
			return typeof answer === 'boolean' ? void (state.ownSettings = answer) : answer;
		},
	};
}

function samplesStep(): WizardStep<Choices> {
	return {
		applies: ({ ownSettings }) => ownSettings === true,
		ask: async (state, place) => {
			const answer = await askNumber(place, vscode.l10n.t('Answers per question'), state.samples ?? 1, {
				min: 1,
				max: 100_000,
				whole: true,
			});
			return typeof answer === 'number' ? void (state.samples = answer) : answer;
		},
	};
}

function temperatureStep(): WizardStep<Choices> {
	return {
		applies: ({ ownSettings }) => ownSettings === true,
		ask: async (state, place) => {
			const answer = await askNumber(
				place,
				vscode.l10n.t(
					'Temperature: {0} for one answer, {1} for several in the paper',
					samplingDefaults.temperatureOfOne,
					samplingDefaults.temperatureOfSeveral,
				),
				samplingTemperature(state.samples ?? 1),
				{ min: 0, max: 10, whole: false },
			);
			return typeof answer === 'number' ? void (state.temperature = answer) : answer;
		},
	};
}
