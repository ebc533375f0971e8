import type { Hosts, JobFiles, JobRecord, Recipe } from '../core/job.ts';
import type { Parts, StudentTemplate } from '../core/ports.ts';
import type { Run } from '../core/run.ts';
import { StatError } from '../core/run.ts';
import { readTemplate } from '../core/studentTemplate.ts';

export interface TrainOptions {
	/** The dataset. */
	readonly name: string;
	readonly host: string;
	readonly recipe?: 'sft' | 'grpo' | undefined;
	/** `tiny`, a directory on the host, or a hub name the host has. */
	readonly model: string;
	readonly revision?: string | undefined;
	/** GRPO after SFT: the adapter of this job, or a directory on the host. */
	readonly adapter?: string | undefined;
	/** `key=value` settings by the command line's names; see {@link settingNames}. */
	readonly set?: Readonly<Record<string, string>> | undefined;
	/** Only the mask X-ray: what would carry loss, nothing trained. */
	readonly xrayOnly?: boolean | undefined;
	/** Made by the caller: 12 hex digits for the id, 32 for the token. */
	readonly id: string;
	readonly token: string;
}

export interface TrainParts {
	readonly store: Parts['store'];
	readonly datasets: Parts['datasets'];
	readonly hosts: Hosts;
	readonly jobs: JobFiles;
}

/** The command line's keys → the trainer's, with what each must be. Unlisted trainer settings may be given by their own name. */
export const settingNames: Readonly<Record<string, { readonly name: string; readonly kind: 'whole' | 'number' }>> = {
	epochs: { name: 'epochs', kind: 'number' },
	lr: { name: 'lr', kind: 'number' },
	batch: { name: 'batch', kind: 'whole' },
	accumulation: { name: 'accumulation', kind: 'whole' },
	rank: { name: 'rank', kind: 'whole' },
	alpha: { name: 'alpha', kind: 'whole' },
	dropout: { name: 'dropout', kind: 'number' },
	maxLength: { name: 'max_length', kind: 'whole' },
	seed: { name: 'seed', kind: 'whole' },
	steps: { name: 'max_steps', kind: 'whole' },
	saveEvery: { name: 'save_every', kind: 'whole' },
	questions: { name: 'questions', kind: 'whole' },
	rollouts: { name: 'rollouts', kind: 'whole' },
	miniBatch: { name: 'mini_batch', kind: 'whole' },
	microBatch: { name: 'micro_batch', kind: 'whole' },
	maxCompletion: { name: 'max_completion', kind: 'whole' },
};

/** Trainer settings from `key=value` words. Throws a usage StatError that names the key. */
export function readSettings(given: Readonly<Record<string, string>>): Record<string, number | string | boolean> {
	const settings: Record<string, number | string | boolean> = {};
	for (const [key, text] of Object.entries(given)) {
		if (key === 'quantize') {
			const method = { nf4: 'qlora', none: 'lora', full: 'full' }[text];
			if (!method) {
				throw new StatError(`--set quantize=${text}: expected nf4 (QLoRA), none (LoRA) or full (all weights)`, 'usage');
			}
			settings['method'] = method;
			continue;
		}
		const known = Object.hasOwn(settingNames, key) ? settingNames[key] : undefined;
		if (!known) {
			throw new StatError(`--set ${key}=…: no such setting; there are ${[...Object.keys(settingNames), 'quantize'].join(', ')}`, 'usage');
		}
		const value = Number(text);
		if (text.trim() === '' || !Number.isFinite(value) || (known.kind === 'whole' && !Number.isSafeInteger(value))) {
			throw new StatError(`--set ${key}=${text}: expected a ${known.kind === 'whole' ? 'whole number' : 'number'}`, 'usage');
		}
		settings[known.name] = value;
	}
	return settings;
}

/**
 * Sends a dataset and starts its training (sec. C.1) as a job that outlives this program. The record is on disk before
 * the first byte is sent; calling again with the same id starts nothing twice.
 */
export async function train(parts: TrainParts, options: TrainOptions, run: Run): Promise<JobRecord> {
	const recipe: Recipe = options.xrayOnly ? 'xray' : (options.recipe ?? 'sft');
	const card = await parts.datasets.card(options.name);
	if (card.pairs === 0) {
		throw new StatError(`dataset ${options.name} is empty: there is nothing to train on`, 'usage');
	}
	const settings = readSettings(options.set ?? {});
	const template = readTemplate(await parts.store.read('setting', { key: 'studentTemplate' })) as StudentTemplate | null;
	if (!template) {
		throw new StatError('the project setting "studentTemplate" is not a template: {kind: "chat" or "plain", system, instruction} is expected');
	}
	const host = await parts.hosts.open(options.host);
	const hostRun = { signal: run.signal, progress: run.progress, log: run.log };
	const findings = await host.preflight(hostRun);
	const missing = findings.filter((finding) => finding.level === 'missing');
	for (const finding of findings.filter((one) => one.level === 'warn')) {
		run.log('warn', `${options.host}: ${finding.what}: ${finding.value}: ${finding.mend}`);
	}
	if (missing.length > 0) {
		throw new StatError(`${options.host} cannot run a job: ${missing.map((finding) => `${finding.what}: ${finding.value}; ${finding.mend}`).join(' | ')}`);
	}
	const data = await parts.jobs.writeData(options.id, recipe === 'grpo' ? promptLines(parts, options.name, run) : pairLines(parts, options.name, run));
	const record: JobRecord = {
		id: options.id,
		token: options.token,
		host: options.host,
		launcher: host.settings.launcher ?? 'process',
		recipe,
		dataset: options.name,
		model: options.model,
		createdAt: run.now(),
		dataSha256: await parts.jobs.hash(data),
		spec: {
			version: 1,
			recipe,
			job: options.id,
			model: { name: options.model, ...(options.revision ? { revision: options.revision } : {}), ...(options.adapter ? { adapter: options.adapter } : {}) },
			data: 'data.jsonl',
			template,
			settings,
		},
	};
	await parts.jobs.save(record);
	await host.prepare(hostRun);
	await host.launch(record, data, hostRun);
	return record;
}

/** Rows as the trainer reads them; skill and origin stay here. */
async function* pairLines(parts: TrainParts, name: string, run: Run): AsyncIterable<string> {
	for await (const row of parts.datasets.rows(name, run.signal)) {
		yield `${JSON.stringify({ questionId: row.questionId, question: row.question, solution: row.solution })}\n`;
	}
}

/** GRPO asks each question itself: distinct ones, with the gold answer its reward compares with. */
async function* promptLines(parts: TrainParts, name: string, run: Run): AsyncIterable<string> {
	const seen = new Set<string>();
	let without = 0;
	for await (const row of parts.datasets.rows(name, run.signal)) {
		if (seen.has(row.questionId)) {
			continue;
		}
		seen.add(row.questionId);
		if (row.gold === null) {
			without++;
			continue;
		}
		yield `${JSON.stringify({ questionId: row.questionId, question: row.question, gold: row.gold })}\n`;
	}
	if (without === seen.size) {
		throw new StatError(`dataset ${name}: no question has a gold answer, so GRPO has no reward`, 'usage');
	}
	if (without > 0) {
		run.log('warn', `${without} questions without a gold answer are left out: GRPO has no reward for them`);
	}
}
