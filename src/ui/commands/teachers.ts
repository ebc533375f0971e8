import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { Teacher } from '../../core/ports/teacher.ts';
import { messageOf, StatError } from '../../core/errors/statError.ts';
import { settingIds } from '../ids.ts';
import { insideFolder, scriptedSetting, setOwn, teacherSettings } from '../kit/settings.ts';
import type { leave, StepPlace } from '../kit/wizard.ts';
import { ask, back, onlyStep, pick, pickOrAsk } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { languageModels } from '../teacher/languageModelTransport.ts';
import { endpointOrigin, teacherLabel } from '../teacher/teacherChoice.ts';
import { forLabel, forMessage } from '../kit/untrustedText.ts';

type Kind = 'endpoint' | 'vscode' | 'scripted';

/**
 * Chooses the teacher: an endpoint, a model that VS Code provides, or scripted replies. Endpoint, model and key stay on
 * this machine.
 */
export const chooseTeacher: Command = async (studio) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Choose Teacher');
	const now = studio.teachers.chosenOrNone(session.root);
	for (;;) {
		const kind = await pick<Kind>(
			{ title, step: 1, totalSteps: 2, canGoBack: false },
			{
				placeholder: now
					? vscode.l10n.t('Now: {0}', teacherLabel(now))
					: vscode.l10n.t('Which teacher should name the missing skills?'),
				items: [
					{
						label: vscode.l10n.t('OpenAI-compatible endpoint…'),
						detail: 'OpenAI, vLLM, Ollama, OpenRouter…',
						value: 'endpoint',
					},
					{
						label: vscode.l10n.t('A model of VS Code’s own…'),
						detail: vscode.l10n.t('Models of the chat extensions you installed; no key needed'),
						value: 'vscode',
					},
					{
						label: vscode.l10n.t('Scripted replies…'),
						detail: vscode.l10n.t('A file in this workspace: for the sample project and for tests; free'),
						value: 'scripted',
					},
				],
				active: (value) => value === (now?.kind ?? 'endpoint'),
			},
		);
		if (typeof kind !== 'string') {
			return;
		}
		const done = await chooseOfKind(kind, studio, session.root, { title, step: 2, totalSteps: 2, canGoBack: true });
		if (done !== back) {
			if (done === 'chosen') {
				await leaveScript(session.root, kind);
				void vscode.window.setStatusBarMessage(
					forLabel(vscode.l10n.t('Teacher: {0}', describeNow(studio, session.root))),
					5000,
				);
			}
			return;
		}
	}
};

function describeNow(studio: Studio, root: vscode.Uri): string {
	const now = studio.teachers.chosenOrNone(root);
	return now ? teacherLabel(now) : vscode.l10n.t('none');
}

type Choice = 'chosen' | typeof back | typeof leave;

function chooseOfKind(kind: Kind, studio: Studio, root: vscode.Uri, place: StepPlace): Promise<Choice> {
	switch (kind) {
		case 'endpoint':
			return chooseEndpoint(studio, place);
		case 'vscode':
			return chooseLanguageModel(place);
		case 'scripted':
			return chooseScript(root, place);
	}
}

async function chooseEndpoint(studio: Studio, place: StepPlace): Promise<Choice> {
	const answer = await ask(place, {
		prompt: vscode.l10n.t('Address up to /chat/completions'),
		value: teacherSettings().baseUrl || 'https://api.openai.com/v1',
		check: (text) => {
			try {
				endpointOrigin(text);
				return undefined;
			} catch (error) {
				return messageOf(error);
			}
		},
	});
	if (typeof answer !== 'string') {
		return answer;
	}
	await setOwn(settingIds.teacherBaseUrl, answer);
	await setOwn(settingIds.teacherKind, 'endpoint');
	await chooseModel(studio);
	return 'chosen';
}

async function chooseLanguageModel(place: StepPlace): Promise<Choice> {
	const models = await languageModels();
	if (models.length === 0) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'VS Code offers no language model: install and sign in to an extension that provides some, or use an endpoint',
			),
		});
	}
	const answer = await pick(place, {
		placeholder: vscode.l10n.t('Which model?'),
		items: models.map((model) => ({
			label: forLabel(model.name),
			description: forLabel(`${model.vendor} · ${model.family}`),
			detail: vscode.l10n.t('{0} tokens of context', formatCount(model.maxInputTokens)),
			value: model.id,
		})),
		active: (id) => id === teacherSettings().model,
	});
	if (typeof answer !== 'string') {
		return answer;
	}
	await setOwn(settingIds.teacherModel, answer);
	await setOwn(settingIds.teacherKind, 'vscode');
	return 'chosen';
}

async function chooseScript(root: vscode.Uri, place: StepPlace): Promise<Choice> {
	const answer = await ask(place, {
		prompt: vscode.l10n.t('File of scripted replies (JSONL), relative to the workspace folder'),
		value: scriptedSetting(root) || 'teacher.jsonl',
		check: (text) =>
			insideFolder(root.fsPath, text) ? undefined : vscode.l10n.t('A file inside the workspace folder'),
	});
	if (typeof answer !== 'string') {
		return answer;
	}
	try {
		await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, answer));
	} catch {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t('There is no file {0} in the workspace folder', answer),
		});
	}
	await vscode.workspace
		.getConfiguration(undefined, root)
		.update(settingIds.teacherScripted, answer, vscode.ConfigurationTarget.Workspace);
	return 'chosen';
}

/** A script named by the workspace overrides every other choice, so choosing something else removes it. */
async function leaveScript(root: vscode.Uri, kind: Kind): Promise<void> {
	if (kind !== 'scripted' && scriptedSetting(root) !== '') {
		const configuration = vscode.workspace.getConfiguration(undefined, root);
		await configuration.update(settingIds.teacherScripted, undefined, vscode.ConfigurationTarget.Workspace);
		if (
			vscode.workspace.getConfiguration(undefined, root).inspect(settingIds.teacherScripted)
				?.workspaceFolderValue !== undefined
		) {
			await configuration.update(
				settingIds.teacherScripted,
				undefined,
				vscode.ConfigurationTarget.WorkspaceFolder,
			);
		}
	}
}

/** Chooses one of the models that the endpoint lists; if it lists none, the user may type a name. */
export const chooseModel: Command = (studio) => chooseModelOf(studio);

async function chooseModelOf(studio: Studio): Promise<void> {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Choose Teacher Model');
	const { kind, baseUrl, model } = teacherSettings();
	if (kind === 'vscode') {
		await chooseLanguageModel(onlyStep(title));
		return;
	}
	if (baseUrl === '') {
		throw new StatError('editor.noEndpoint', {});
	}
	const known = await vscode.window.withProgress(
		{
			location: vscode.ProgressLocation.Window,
			title: vscode.l10n.t('Asking {0} for its models', endpointOrigin(baseUrl)),
		},
		() =>
			studio.teachers.modelsAt(session, baseUrl, AbortSignal.timeout(20_000)).catch((error: unknown) => {
				studio.log.warn(`models of ${endpointOrigin(baseUrl)}: ${messageOf(error)}`);
				return [];
			}),
	);
	const items = known.slice(0, 2000).map((name) => ({ label: forLabel(name), value: name }));
	const chosen = await pickOrAsk(
		onlyStep(title),
		{
			placeholder: vscode.l10n.t('Which model at {0}?', endpointOrigin(baseUrl)),
			items,
			another: vscode.l10n.t('Another name…'),
			active: (name) => name === model,
		},
		{
			prompt:
				known.length === 0
					? vscode.l10n.t('{0} does not list its models: type a name', endpointOrigin(baseUrl))
					: vscode.l10n.t('Name of the model'),
			value: model,
			check: (text) => (text === '' ? vscode.l10n.t('A name') : undefined),
		},
	);
	if (typeof chosen === 'string') {
		await setOwn(settingIds.teacherModel, chosen);
	}
}

/** Reaches the endpoint without a paid call: reads its list of models and checks that ours is on it. */
export const testTeacher: Command = async (studio) => {
	needTrust();
	const session = await needSession(studio);
	const chosen = studio.teachers.chosen(session.root);
	const teacher = await studio.teachers.make(session);
	try {
		const began = Date.now();
		const models = await vscode.window.withProgress(
			{ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Asking {0}', teacher.endpoint) },
			() => teacher.models(AbortSignal.timeout(20_000)),
		);
		const took = formatCount(Date.now() - began);
		const text =
			chosen?.kind === 'scripted'
				? vscode.l10n.t('The scripted replies in {0} can be read.', chosen.file)
				: formatOffer(teacher, models, took);
		// The user has just asked for this result.
		void vscode.window.showInformationMessage(forMessage(text));
	} finally {
		await teacher.dispose();
	}
};

function formatOffer({ endpoint, model }: Teacher, models: readonly string[], took: string): string {
	if (models.length === 0) {
		return vscode.l10n.t('{0} responds, but does not list its models.', endpoint);
	}
	if (models.includes(model)) {
		return vscode.l10n.t('{0} responds in {1} ms and offers {2}.', endpoint, took, model);
	}
	return vscode.l10n.t(
		'{0} responds in {1} ms, but {2} is not among its {3} models.',
		endpoint,
		took,
		model,
		models.length,
	);
}

export const setKey: Command = async ({ keys }) => {
	needTrust();
	await keys.ask(needOrigin());
};

export const clearKey: Command = async ({ keys }) => {
	const origin = needOrigin();
	const clear = vscode.l10n.t('Clear Key');
	if (
		(await vscode.window.showWarningMessage(
			vscode.l10n.t('Forget the API key for {0}?', origin),
			{ modal: true },
			clear,
		)) === clear
	) {
		await keys.clear(origin);
	}
};

function needOrigin(): string {
	const { baseUrl } = teacherSettings();
	if (baseUrl === '') {
		throw new StatError('editor.noEndpoint', {});
	}
	return endpointOrigin(baseUrl);
}
