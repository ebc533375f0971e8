import { workOf } from '../../core/training/estimate.ts';
import type { Host, HostRun, Hosts, JobFiles } from '../../core/ports/hosts.ts';
import type { JobRecord } from '../../core/training/job.ts';
import type { Recipe } from '../../core/training/recipe.ts';
import type { Settings, SettingValue } from '../../core/training/settings.ts';
import { numberInForce, readSetting } from '../../core/training/settings.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import { projectTemplate } from '../reading/projectTemplate.ts';

/** The options of every job, apart from its data. */
export interface DispatchOptions {
	readonly host: string;
	/** `tiny`, a directory on the host, or a name on a model hub; optional if `adapter` names a job. */
	readonly model?: string | undefined;
	readonly revision?: string | undefined;
	/**
	 * Whether to run code from the model's repository: only if the user enabled it, and only with a pinned revision.
	 */
	readonly trustRemoteCode?: boolean | undefined;
	/** A job of this project to whose result training adds, or a directory on the host. */
	readonly adapter?: string | undefined;
	/** A model hub's token; used only for the download. */
	readonly hubToken?: string | undefined;
	/** Number of processes that train together, one per GPU; defaults to the host's setting. */
	readonly gpus?: number | undefined;
	/** Settings as `key=value` pairs; the keys are those of `trainingSettings` in core. */
	readonly set?: Readonly<Record<string, string>> | undefined;
	/** The job's id (12 hex digits) and token (32), chosen by the caller before the first byte is sent. */
	readonly id: string;
	readonly token: string;
}

export interface DispatchParts {
	readonly store: Parts['store'];
	readonly hosts: Hosts;
	readonly jobs: JobFiles;
}

/** Reads trainer settings from `key=value` pairs. Throws `training.unknownSetting` or `training.settingValue`. */
export function readSettings(recipe: Recipe, pairs: Readonly<Record<string, string>>): Settings {
	const settings: Record<string, SettingValue> = {};
	for (const [key, text] of Object.entries(pairs)) {
		const read = readSetting(recipe, key, text);
		if (!('problem' in read)) {
			settings[read.name] = read.value;
		} else if (read.problem === 'unknown') {
			throw new StatError('training.unknownSetting', { recipe, key, keys: read.keys.join(', ') });
		} else {
			throw new StatError('training.settingValue', { key, value: text, expected: read.expected });
		}
	}
	return settings;
}

/**
 * Returns the model as the spec names it. The results of an earlier job are beside ours on the host, so they are found
 * by a path relative to the job's folder.
 */
async function modelOf(
	parts: DispatchParts,
	options: DispatchOptions,
): Promise<{ shown: string; model: JobRecord['spec']['model'] }> {
	const more = {
		...(options.revision ? { revision: options.revision } : {}),
		...(options.trustRemoteCode ? { trust_remote_code: true } : {}),
	};
	if (options.adapter === undefined || options.adapter.includes('/')) {
		if (options.model === undefined) {
			throw new StatError('training.noModel', {});
		}
		return {
			shown: options.model,
			model: { name: options.model, ...more, ...(options.adapter ? { adapter: options.adapter } : {}) },
		};
	}
	const from = await parts.jobs.get(options.adapter);
	if (from.host !== options.host) {
		throw new StatError('training.resultElsewhere', { job: from.id, ran: from.host, host: options.host });
	}
	if (from.recipe !== 'sft' && from.recipe !== 'grpo') {
		throw new StatError('training.noResult', { job: from.id, recipe: from.recipe });
	}
	if (options.model !== undefined && options.model !== from.model) {
		throw new StatError('training.otherModel', { job: from.id, model: from.model, other: options.model });
	}
	const result = `../${from.id}/out/model`;
	if (from.spec.settings['method'] === 'full') {
		return { shown: from.model, model: { name: result } };
	}
	// The tiny student was created in the folder of the job that first used it.
	const { trust_remote_code: isTrusted, revision } = from.spec.model;
	if (isTrusted === true && options.trustRemoteCode !== true && !(await parts.hosts.isAllowedJob(from))) {
		throw new StatError('training.foreignCode', {
			job: from.id,
			model: from.spec.model.name,
			revision: revision ?? 'none',
		});
	}
	const base = from.spec.model.name === 'tiny' ? `../${from.id}/tiny` : from.spec.model.name;
	return { shown: from.model, model: { ...from.spec.model, name: base, adapter: result } };
}

/** What defines a job, apart from its host. */
export interface JobPlan {
	readonly recipe: Recipe;
	readonly dataset: string | null;
	readonly scope?: { readonly student: string; readonly round: number };
	readonly settings: Settings;
	readonly lines: () => AsyncIterable<string>;
	/** Yields lines of validation questions: they come after the data and are not trained on. */
	readonly validation?: (() => AsyncIterable<string>) | undefined;
}

/** Dispatches a job that outlives this program; see {@link dispatchAll}. */
export async function dispatch(
	parts: DispatchParts,
	options: DispatchOptions,
	job: JobPlan,
	run: Run,
): Promise<JobRecord> {
	const [record] = await dispatchAll(
		parts,
		options,
		job,
		[{ id: options.id, token: options.token, settings: {} }],
		run,
	);
	return record as JobRecord;
}

/** One of several jobs that share their data and all but a few settings. */
export interface Variant {
	readonly id: string;
	readonly token: string;
	readonly settings: Settings;
	readonly sweep?: JobRecord['sweep'];
}

/**
 * Runs the preflight, sends the data, prepares the environment and launches the jobs. Every record is on disk before
 * the first byte is sent, so calling this again with the same ids starts nothing twice. On a host without a queue, each
 * variant starts when the previous one has ended.
 */
export async function dispatchAll(
	parts: DispatchParts,
	options: DispatchOptions,
	job: JobPlan,
	variants: readonly Variant[],
	run: Run,
): Promise<JobRecord[]> {
	const template = await projectTemplate(parts.store);
	const { shown, model } = await modelOf(parts, options);
	if (model.trust_remote_code && !model.revision) {
		throw new StatError('training.unpinnedCode', {});
	}
	const host = await parts.hosts.open(options.host);
	const gpus = gpusOf(job, options.gpus, host.settings.gpus);
	const size = { rows: 0, characters: 0 };
	const lines = async function* () {
		for await (const line of job.lines()) {
			size.rows++;
			size.characters += line.length;
			yield line;
		}
		if (job.validation) {
			yield* job.validation();
		}
	};
	const data = await parts.jobs.writeData(options.id, lines());
	const hostRun = { signal: run.signal, progress: run.progress, log: run.log };
	await checkHost(host, hostRun);
	const launcher = host.settings.launcher ?? 'process';
	const dataSha256 = await parts.jobs.hash(data);
	const records = variants.map(({ id, token, settings, sweep }, index): JobRecord => {
		const all = { ...job.settings, ...settings };
		const work = workOf(job.recipe, all, size);
		const before = launcher === 'process' ? variants[index - 1]?.id : undefined;
		return {
			id,
			token,
			host: options.host,
			launcher,
			recipe: job.recipe,
			dataset: job.dataset,
			...(job.scope ? { scope: job.scope } : {}),
			...(gpus > 1 ? { gpus } : {}),
			...(sweep ? { sweep } : {}),
			...(before === undefined ? {} : { after: before }),
			...(work === undefined ? {} : { work }),
			model: shown,
			createdAt: run.now(),
			dataSha256,
			spec: { version: 1, recipe: job.recipe, job: id, model, data: 'data.jsonl', template, settings: all },
		};
	});
	for (const record of records) {
		await parts.hosts.allowJob(record);
		await parts.jobs.save(record);
	}
	await host.prepare(hostRun, { name: model.name, revision: model.revision, token: options.hubToken });
	for (const record of records) {
		await host.launch(record, data, hostRun);
	}
	return records;
}

async function checkHost(host: Host, run: HostRun): Promise<void> {
	const { name } = host.settings;
	const findings = await host.preflight(run);
	for (const finding of findings.filter((one) => one.level === 'warn')) {
		run.log('warn', `${name}: ${finding.what}: ${finding.value}: ${finding.mend}`);
	}
	const missing = findings.filter((finding) => finding.level === 'missing');
	if (missing.length > 0) {
		throw new StatError('training.hostUnfit', {
			host: name,
			missing: missing.map((finding) => `${finding.what}: ${finding.value}; ${finding.mend}`).join(' | '),
		});
	}
}

/**
 * Returns the number of GPUs for a training job. The effective batch must stay the recipe's; otherwise this throws and
 * nothing is sent.
 */
function gpusOf({ recipe, settings }: JobPlan, requested: number | undefined, ofHost: number | undefined): number {
	if (recipe !== 'sft' && recipe !== 'grpo') {
		if (requested !== undefined && requested > 1) {
			throw new StatError('training.oneProcess', { recipe });
		}
		return 1;
	}
	const gpus = requested ?? ofHost ?? 1;
	const number = (name: string): number => numberInForce(recipe, settings, name);
	const completions = recipe === 'grpo' ? number('mini_batch') * number('rollouts') : 0;
	const accumulation =
		recipe === 'grpo' ? completions / Math.min(number('micro_batch'), completions) : number('accumulation');
	if (gpus > 1 && accumulation % gpus !== 0) {
		const batch = recipe === 'sft' ? number('batch') * accumulation : 0;
		throw unevenError(recipe, gpus, accumulation, batch);
	}
	return gpus;
}

/**
 * Returns the error for a batch that cannot be shared evenly. `accumulation`: passes shared among the GPUs; `batch`:
 * pairs in an SFT step.
 */
function unevenError(recipe: Recipe, gpus: number, accumulation: number, batch: number): StatError {
	if (recipe !== 'sft') {
		return new StatError('training.unevenMiniBatch', { gpus, passes: accumulation });
	}
	return batch % gpus === 0
		? new StatError('training.unevenAccumulation', { gpus, accumulation, batch })
		: new StatError('training.unevenBatch', { gpus, batch });
}
