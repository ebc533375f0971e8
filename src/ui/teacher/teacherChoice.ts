import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import { batchFolder } from '../../core/ports/runningBatches.ts';
import type { Teacher } from '../../core/ports/teacher.ts';
import { settingIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { insideFolder, scriptedSetting, teacherSettings } from '../kit/settings.ts';
import type { ApiKeys } from './apiKeys.ts';
import { LanguageModelTransport } from './languageModelTransport.ts';
import type { TeacherMaker } from './teacherMaker.ts';

/** The project's current teacher according to the settings; nothing is contacted. */
export type ChosenTeacher =
	| { readonly kind: 'scripted'; readonly file: string }
	| { readonly kind: 'endpoint'; readonly baseUrl: string; readonly origin: string; readonly model: string }
	| { readonly kind: 'vscode'; readonly model: string };

/**
 * Chooses and creates the teacher. A workspace can only name a file of scripted replies inside itself, which contacts
 * nobody. Endpoint, model and key come from the user's own settings, and nothing is called in an untrusted workspace.
 */
export class TeacherChoice {
	constructor(
		private readonly keys: ApiKeys,
		private readonly maker: TeacherMaker,
	) {}

	/** Returns the chosen teacher, or `null` if none is set. Throws a StatError if a setting is unusable. */
	chosen(root: vscode.Uri): ChosenTeacher | null {
		const scripted = scriptedSetting(root);
		if (scripted !== '') {
			return { kind: 'scripted', file: scripted };
		}
		const { kind, baseUrl, model } = teacherSettings();
		if (kind === 'vscode') {
			return model === '' ? null : { kind, model };
		}
		return baseUrl === '' || model === '' ? null : { kind, baseUrl, origin: endpointOrigin(baseUrl), model };
	}

	/** Like {@link chosen}, but treats an unusable setting as none. */
	chosenOrNone(root: vscode.Uri): ChosenTeacher | null {
		try {
			return this.chosen(root);
		} catch {
			return null;
		}
	}

	/**
	 * Creates the current teacher, and asks for its key if there is none. `other`: another model at the same address,
	 * or another file of scripted replies. The caller must dispose of it.
	 */
	async make(session: ProjectSession, other?: string): Promise<Teacher> {
		if (!vscode.workspace.isTrusted) {
			throw new StatError('editor.untrustedTeacher', {});
		}
		const inForce = this.chosen(session.root);
		const chosen = inForce && other !== undefined ? withOther(inForce, other) : inForce;
		if (!chosen) {
			throw new StatError('editor.noTeacher', {});
		}
		const { store } = await session.parts();
		const { concurrency, tier, requestFields: fields } = teacherSettings();
		switch (chosen.kind) {
			case 'scripted':
				return this.maker.scripted(await scriptedFile(session.root.fsPath, chosen.file), store);
			case 'vscode':
				// VS Code's providers have strict rate limits: with more than a few calls in flight, the rest are
				// refused.
				return this.maker.languageModel(
					{
						model: chosen.model,
						endpoint: `VS Code: ${chosen.model}`,
						concurrency: Math.min(concurrency, 4),
						transport: new LanguageModelTransport(chosen.model),
					},
					store,
				);
			case 'endpoint':
				return this.maker.endpoint(
					{
						baseUrl: chosen.baseUrl,
						key: await this.keys.keyFor(chosen.origin),
						model: chosen.model,
						concurrency,
						fields,
						batches: { folder: path.join(store.folder, batchFolder), submits: tier === 'batch' },
						...(tier === 'default' || tier === 'batch' ? {} : { tier }),
					},
					store,
				);
		}
	}

	/**
	 * Creates the embedder at the teacher's address, with the teacher's key. Returns `null` if no embedding model is
	 * named or the teacher is not an endpoint. The caller must dispose of it.
	 */
	async makeEmbedder(session: ProjectSession): Promise<Teacher | null> {
		const { embeddingModel: model, concurrency } = teacherSettings();
		const chosen = this.chosenOrNone(session.root);
		if (!vscode.workspace.isTrusted || chosen?.kind !== 'endpoint' || model === '') {
			return null;
		}
		const { store } = await session.parts();
		// Each request contains many questions.
		return this.maker.endpoint(
			{
				baseUrl: chosen.baseUrl,
				key: await this.keys.keyFor(chosen.origin),
				model,
				concurrency: Math.min(concurrency, 8),
				serves: 'embeddings',
			},
			store,
		);
	}

	/**
	 * Creates a client for a served student to be evaluated: it is called like a teacher, with the key stored for its
	 * address. `keyModel`: the model under which its replies are filed. The caller must dispose of it.
	 */
	async studentAt(
		session: ProjectSession,
		{ baseUrl, model, keyModel }: { readonly baseUrl: string; readonly model: string; readonly keyModel: string },
	): Promise<Teacher> {
		if (!vscode.workspace.isTrusted) {
			throw new StatError('editor.untrustedTeacher', {});
		}
		const { store } = await session.parts();
		return this.maker.endpoint(
			{
				baseUrl,
				key: await this.keys.keyFor(endpointOrigin(baseUrl)),
				model,
				concurrency: teacherSettings().concurrency,
				keyModel,
			},
			store,
		);
	}

	/** Returns the models that an endpoint lists, before one is chosen. */
	async modelsAt(session: ProjectSession, baseUrl: string, signal: AbortSignal): Promise<string[]> {
		const origin = endpointOrigin(baseUrl);
		const { store } = await session.parts();
		// A teacher must have a model, but listing the models sends no name.
		const teacher = await this.maker.endpoint(
			{ baseUrl, key: await this.keys.keyFor(origin), model: 'unchosen', concurrency: 1 },
			store,
		);
		try {
			return (await teacher.models(signal)).sort();
		} finally {
			await teacher.dispose();
		}
	}
}

/** Returns the teacher's label for display, such as `gpt-4o · https://api.openai.com`. */
export function teacherLabel(chosen: ChosenTeacher): string {
	switch (chosen.kind) {
		case 'scripted':
			return vscode.l10n.t('scripted replies · {0}', chosen.file);
		case 'vscode':
			return vscode.l10n.t('{0} · VS Code', chosen.model);
		case 'endpoint':
			return `${chosen.model} · ${chosen.origin}`;
	}
}

/**
 * Returns the scheme, host and port that a key belongs to. Throws a StatError unless the address is a plain http(s)
 * address without credentials.
 */
export function endpointOrigin(baseUrl: string): string {
	let url: URL;
	try {
		url = new URL(baseUrl);
	} catch {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'{0} is not an address: enter one like https://api.openai.com/v1',
				settingIds.teacherBaseUrl,
			),
		});
	}
	if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '') {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'{0} must be an http or https address without a name or password in it; keys are set with “STAT: Set API Key…”',
				settingIds.teacherBaseUrl,
			),
		});
	}
	return url.origin;
}

/** Returns the file of scripted replies; it must be inside the workspace folder even after links are resolved. */
async function scriptedFile(root: string, relative: string): Promise<string> {
	const outside = () =>
		new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'{0} must name a file inside the workspace folder, relative to it: “{1}” is not',
				settingIds.teacherScripted,
				relative,
			),
		});
	const file = insideFolder(root, relative);
	if (!file) {
		throw outside();
	}
	let real: string;
	try {
		real = await realpath(file);
	} catch {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'{1} names the file {0}, which does not exist',
				relative,
				settingIds.teacherScripted,
			),
		});
	}
	if (!insideFolder(await realpath(root), path.relative(await realpath(root), real))) {
		throw outside();
	}
	return real;
}

function withOther(chosen: ChosenTeacher, other: string): ChosenTeacher {
	return chosen.kind === 'scripted' ? { ...chosen, file: other } : { ...chosen, model: other };
}
