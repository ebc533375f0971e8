import type { Hosts, JobFiles, JobRecord, Recipe } from '../core/job.ts';
import type { Parts, StudentTemplate } from '../core/ports.ts';
import type { Run } from '../core/run.ts';
import { StatError } from '../core/run.ts';
import { readTemplate } from '../core/studentTemplate.ts';

/** What every job is given besides its data. */
export interface DispatchOptions {
	readonly host: string;
	/** `tiny`, a directory on the host, or a model hub's name; may be left out where `adapter` names a job. */
	readonly model?: string | undefined;
	readonly revision?: string | undefined;
	/** Runs the model repository's own code: only because a person said so, and only with a pinned revision. */
	readonly trustRemoteCode?: boolean | undefined;
	/** A job of this project whose result to start from, or a directory on the host. */
	readonly adapter?: string | undefined;
	/** A model hub's token, for the download alone. */
	readonly hubToken?: string | undefined;
	/** `key=value` settings by the command line's names; see {@link settingNames}. */
	readonly set?: Readonly<Record<string, string>> | undefined;
	/** Made by the caller, before the first byte: 12 hex digits for the id, 32 for the token. */
	readonly id: string;
	readonly token: string;
}

export interface DispatchParts {
	readonly store: Parts['store'];
	readonly hosts: Hosts;
	readonly jobs: JobFiles;
}

interface Setting {
	readonly name: string;
	readonly kind: 'whole' | 'number';
	readonly recipes: readonly Recipe[];
}

const sft: readonly Recipe[] = ['sft', 'xray'];
const training: readonly Recipe[] = ['sft', 'xray', 'grpo'];

/** The command line's keys → the trainer's (trainer/stat_trainer/spec.py). */
export const settingNames: Readonly<Record<string, Setting>> = {
	epochs: { name: 'epochs', kind: 'number', recipes: training },
	lr: { name: 'lr', kind: 'number', recipes: training },
	batch: { name: 'batch', kind: 'whole', recipes: ['sft', 'xray', 'generate', 'score'] },
	accumulation: { name: 'accumulation', kind: 'whole', recipes: sft },
	rank: { name: 'rank', kind: 'whole', recipes: training },
	alpha: { name: 'alpha', kind: 'whole', recipes: training },
	dropout: { name: 'dropout', kind: 'number', recipes: training },
	maxLength: { name: 'max_length', kind: 'whole', recipes: ['sft', 'xray', 'score'] },
	seed: { name: 'seed', kind: 'whole', recipes: ['sft', 'xray', 'grpo', 'generate'] },
	steps: { name: 'max_steps', kind: 'whole', recipes: training },
	saveEvery: { name: 'save_every', kind: 'whole', recipes: training },
	questions: { name: 'questions', kind: 'whole', recipes: ['grpo'] },
	rollouts: { name: 'rollouts', kind: 'whole', recipes: ['grpo'] },
	miniBatch: { name: 'mini_batch', kind: 'whole', recipes: ['grpo'] },
	microBatch: { name: 'micro_batch', kind: 'whole', recipes: ['grpo'] },
	maxCompletion: { name: 'max_completion', kind: 'whole', recipes: ['grpo'] },
	temperature: { name: 'temperature', kind: 'number', recipes: ['grpo', 'generate'] },
	topP: { name: 'top_p', kind: 'number', recipes: ['generate'] },
	maxNew: { name: 'max_new_tokens', kind: 'whole', recipes: ['generate'] },
};

/** Trainer settings from `key=value` words. Throws a usage StatError that names the key. */
export function readSettings(recipe: Recipe, given: Readonly<Record<string, string>>): Record<string, number | string | boolean> {
	const settings: Record<string, number | string | boolean> = {};
	for (const [key, text] of Object.entries(given)) {
		if (key === 'quantize' && training.includes(recipe)) {
			const method = { nf4: 'qlora', none: 'lora', full: 'full' }[text];
			if (!method) {
				throw new StatError(`--set quantize=${text}: expected nf4 (QLoRA), none (LoRA) or full (all weights)`, 'usage');
			}
			settings['method'] = method;
			continue;
		}
		const known = Object.hasOwn(settingNames, key) ? settingNames[key] : undefined;
		if (!known?.recipes.includes(recipe)) {
			const there = Object.entries(settingNames).filter(([, { recipes }]) => recipes.includes(recipe)).map(([name]) => name);
			throw new StatError(`--set ${key}=…: ${recipe} has no such setting; there are ${[...there, ...(training.includes(recipe) ? ['quantize'] : [])].join(', ')}`, 'usage');
		}
		const value = Number(text);
		if (text.trim() === '' || !Number.isFinite(value) || (known.kind === 'whole' && !Number.isSafeInteger(value))) {
			throw new StatError(`--set ${key}=${text}: expected a ${known.kind === 'whole' ? 'whole number' : 'number'}`, 'usage');
		}
		settings[known.name] = value;
	}
	return settings;
}

/** The student's template of this project: generate, training and evaluation ask alike. */
async function templateOf(store: Parts['store']): Promise<StudentTemplate> {
	const template = readTemplate(await store.read('setting', { key: 'studentTemplate' }));
	if (!template) {
		throw new StatError('the project setting "studentTemplate" is not a template: {kind: "chat" or "plain", system, instruction} is expected');
	}
	return template;
}

/** The model as the spec names it. Results of an earlier job are beside ours on the host, so that a path relative to the job's folder finds them. */
async function modelOf(parts: DispatchParts, options: DispatchOptions): Promise<{ shown: string; model: JobRecord['spec']['model'] }> {
	const more = { ...(options.revision ? { revision: options.revision } : {}), ...(options.trustRemoteCode ? { trust_remote_code: true } : {}) };
	if (options.adapter === undefined || options.adapter.includes('/')) {
		if (options.model === undefined) {
			throw new StatError('--model is missing: tiny, a directory on the host, or a model hub’s name', 'usage');
		}
		return { shown: options.model, model: { name: options.model, ...more, ...(options.adapter ? { adapter: options.adapter } : {}) } };
	}
	const from = await parts.jobs.get(options.adapter);
	if (from.host !== options.host) {
		throw new StatError(`job ${from.id} ran on ${from.host}: its result is not on ${options.host}; copy it there and name the directory with --adapter PATH`, 'usage');
	}
	if (from.recipe !== 'sft' && from.recipe !== 'grpo') {
		throw new StatError(`job ${from.id} is a ${from.recipe} job: it left no model to start from`, 'usage');
	}
	if (options.model !== undefined && options.model !== from.model) {
		throw new StatError(`job ${from.id} adapted ${from.model}, not ${options.model}: leave --model out`, 'usage');
	}
	const result = `../${from.id}/out/model`;
	if (from.spec.settings['method'] === 'full') {
		return { shown: from.model, model: { name: result } };
	}
	// The tiny student was made in the folder of the job that first used it.
	const base = from.spec.model.name === 'tiny' ? `../${from.id}/tiny` : from.spec.model.name;
	return { shown: from.model, model: { ...from.spec.model, name: base, adapter: result } };
}

/**
 * Sends a job that outlives this program: preflight, data, environment, launch. The record is on disk before the first
 * byte is sent; calling again with the same id starts nothing twice.
 */
export async function dispatch(
	parts: DispatchParts,
	options: DispatchOptions,
	job: { readonly recipe: Recipe; readonly dataset: string | null; readonly scope?: { readonly student: string; readonly round: number }; readonly settings: JobRecord['spec']['settings']; readonly lines: () => AsyncIterable<string> },
	run: Run,
): Promise<JobRecord> {
	const [template, { shown, model }] = [await templateOf(parts.store), await modelOf(parts, options)];
	if (model.trust_remote_code && !model.revision) {
		throw new StatError('--trust-remote-code needs --revision: a pinned commit whose code you have read', 'usage');
	}
	const data = await parts.jobs.writeData(options.id, job.lines());
	const host = await parts.hosts.open(options.host);
	const hostRun = { signal: run.signal, progress: run.progress, log: run.log };
	const findings = await host.preflight(hostRun);
	for (const finding of findings.filter((one) => one.level === 'warn')) {
		run.log('warn', `${options.host}: ${finding.what}: ${finding.value}: ${finding.mend}`);
	}
	const missing = findings.filter((finding) => finding.level === 'missing');
	if (missing.length > 0) {
		throw new StatError(`${options.host} cannot run a job: ${missing.map((finding) => `${finding.what}: ${finding.value}; ${finding.mend}`).join(' | ')}`);
	}
	const record: JobRecord = {
		id: options.id,
		token: options.token,
		host: options.host,
		launcher: host.settings.launcher ?? 'process',
		recipe: job.recipe,
		dataset: job.dataset,
		...(job.scope ? { scope: job.scope } : {}),
		model: shown,
		createdAt: run.now(),
		dataSha256: await parts.jobs.hash(data),
		spec: { version: 1, recipe: job.recipe, job: options.id, model, data: 'data.jsonl', template, settings: job.settings },
	};
	await parts.jobs.save(record);
	await host.prepare(hostRun, { name: model.name, revision: model.revision, token: options.hubToken });
	await host.launch(record, data, hostRun);
	return record;
}
