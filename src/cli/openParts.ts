import { budgetOptions } from './budgetOptions.ts';
import { usageError } from './usageError.ts';
import path from 'node:path';
import type { Parts } from '../core/ports/parts.ts';
import type { Run } from '../core/run.ts';
import type { Teacher } from '../core/ports/teacher.ts';
import { files } from '../formats/files.ts';
import { createGrader } from '../grading/createGrader.ts';
import { createChecker } from '../grading/exec/createChecker.ts';
import { createConsents } from '../remote/createConsents.ts';
import { createHosts } from '../remote/hostsFile.ts';
import { openStore } from '../store/openStore.ts';
import { replyParsers } from '../teacher/replies/parseReply.ts';
import { createPrompts } from '../teacher/prompts.ts';
import type { OpenAiTeacherOptions } from '../teacher/wire/openAiTeacher.ts';
import { batchFolder } from '../core/ports/runningBatches.ts';
import { serviceTiers } from '../core/ports/tier.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** Options shared by all commands that call a teacher. Endpoint and model never come from `.stat/`. */
export const teacherOptions = {
	'teacher-url': {
		type: 'string',
		value: 'URL',
		help: 'any OpenAI-compatible endpoint (STAT_TEACHER_URL); the key is OPENAI_API_KEY',
	},
	'teacher-model': { type: 'string', value: 'NAME', help: 'the teacher model (STAT_TEACHER_MODEL)' },
	teacher: { type: 'string', value: 'scripted:FILE', help: 'take replies from a file: no key, no cost' },
	'reasoning-effort': {
		type: 'string',
		value: 'LEVEL',
		help: "reasoning_effort of the teacher's requests: low, medium, … as the model has them",
	},
	'chat-template-kwargs': {
		type: 'string',
		value: 'JSON',
		help: "chat_template_kwargs of the teacher's requests, e.g. '{\"enable_thinking\": false}' (vLLM, SGLang)",
	},
	'teacher-body': {
		type: 'string',
		value: 'JSON',
		help: "further fields of the teacher's requests, as a JSON object (STAT_TEACHER_BODY)",
	},
	batch: {
		type: 'boolean',
		help:
			"send the teacher's requests in batches (OpenAI's batch API): within a day, often for half the price; the " +
			'command may be ended, and continues when started again',
	},
	tier: {
		type: 'string',
		value: 'flex|default|priority',
		help: "service_tier of the teacher's requests: flex is slower and cheaper, priority faster and dearer",
	},
	...budgetOptions,
	concurrency: { type: 'string', value: 'N', help: 'maximum number of calls in flight' },
} satisfies OptionSpecs;

export interface Opened {
	readonly parts: Parts;
	close(): Promise<void>;
}

/** Opens a project and connects its parts. */
export async function openParts(projectFolder: string, dist: string, run: Run): Promise<Opened> {
	const store = await openStore({ projectFolder, dist, log: (message) => run.log('debug', message) });
	for (const warning of store.warnings) {
		run.log('warn', warning);
	}
	const grader = createGrader({ dist });
	const hosts = createHosts({ trainerFolder: path.join(dist, 'trainer') });
	const checker = createChecker({ folder: projectFolder, consents: createConsents({ hosts }) });
	const prompts = createPrompts({
		folder: path.join(dist, 'prompts'),
		userFolder: path.join(store.folder, 'prompts'),
	});
	return {
		parts: {
			store,
			grader,
			checker,
			files,
			datasets: store.datasets,
			prompts,
			replies: replyParsers,
			teacher: null,
		},
		close: async () => {
			await grader.dispose();
			await store.close();
		},
	};
}

/** Returns the teacher that the options or the environment name, or `null` if they name none. */
export async function openTeacher(
	values: Values<typeof teacherOptions>,
	parts: Parts,
	dist: string,
	run: Run,
): Promise<Teacher | null> {
	const scripted = await openScripted('teacher', values.text('teacher'), parts, run);
	if (scripted) {
		return scripted;
	}
	const url = values.text('teacher-url') ?? fromEnvironment('STAT_TEACHER_URL');
	const model = values.text('teacher-model') ?? fromEnvironment('STAT_TEACHER_MODEL');
	if (url === undefined && model === undefined) {
		return null;
	}
	if (url === undefined || model === undefined) {
		throw usageError(
			url === undefined
				? "the teacher's model is named, but not where it is: give --teacher-url or STAT_TEACHER_URL"
				: "the teacher's address is named, but not its model: give --teacher-model or STAT_TEACHER_MODEL",
		);
	}
	const fields = {
		...readFields('teacher', values.text('teacher-body')),
		...readJsonObject('--chat-template-kwargs', 'chat_template_kwargs', values.text('chat-template-kwargs')),
		...readEffort(values.text('reasoning-effort')),
	};
	return openAi({ baseUrl: url, model, apiKey: fromEnvironment('OPENAI_API_KEY'), fields }, values, parts, dist, run);
}

/** Returns the tier of `--tier`. Throws if it is not one, or if `--batch` names another way to be answered. */
function tierOf(values: Values<typeof teacherOptions>): (typeof serviceTiers)[number] | undefined {
	const tier = values.oneOf('tier', serviceTiers);
	if (tier !== undefined && values.flag('batch')) {
		throw usageError('--batch and --tier exclude each other: a batch has a price of its own');
	}
	return tier;
}

/** Options for the jury, which is a second teacher. */
export const juryOptions = {
	'jury-url': {
		type: 'string',
		value: 'URL',
		help:
			"its address (STAT_JURY_URL; default: the teacher's); key: STAT_JURY_KEY, or OPENAI_API_KEY at the " +
			"teacher's own address",
	},
	'jury-model': {
		type: 'string',
		value: 'NAME',
		help: 'the second teacher (STAT_JURY_MODEL; default: --teacher-model)',
	},
	'jury-body': {
		type: 'string',
		value: 'JSON',
		help: 'further fields of its requests, e.g. \'{"reasoning_effort": "low"}\' (STAT_JURY_BODY)',
	},
	jury: { type: 'string', value: 'scripted:FILE', help: 'take its replies from a file: no key, no cost' },
} satisfies OptionSpecs;

/**
 * Returns the second teacher, named by `--jury scripted:FILE` or by `--jury-url` and `--jury-model`; if none of them is
 * given, the one that the teacher's options name.
 */
export async function openJury(
	values: Values<typeof juryOptions & typeof teacherOptions>,
	parts: Parts,
	dist: string,
	run: Run,
): Promise<Teacher | null> {
	return (
		(await openScripted('jury', values.text('jury'), parts, run)) ??
		(await openOther(
			'jury',
			{ model: values.text('jury-model'), url: values.text('jury-url'), body: values.text('jury-body') },
			values,
			parts,
			dist,
			run,
		)) ??
		openTeacher(values, parts, dist, run)
	);
}

/** Options for another teacher to compare the diagnoses with. */
export const compareOptions = {
	compare: {
		type: 'string',
		value: 'MODEL',
		help:
			'have another teacher (a model, or scripted:FILE) read the diagnosed answers as well, and show what would ' +
			'change; no diagnosis is overwritten',
	},
	'compare-url': {
		type: 'string',
		value: 'URL',
		help:
			"its address (STAT_COMPARE_URL; default: the teacher's); key: STAT_COMPARE_KEY, or OPENAI_API_KEY at the " +
			"teacher's own address",
	},
	'compare-body': { type: 'string', value: 'JSON', help: 'further fields of its requests (STAT_COMPARE_BODY)' },
} satisfies OptionSpecs;

/** Returns the teacher that `--compare` names, or `null` if it names none. */
export async function openCompared(
	values: Values<typeof compareOptions & typeof teacherOptions>,
	parts: Parts,
	dist: string,
	run: Run,
): Promise<Teacher | null> {
	const model = values.text('compare');
	const [url, body] = [values.text('compare-url'), values.text('compare-body')];
	if (model === undefined) {
		if (url !== undefined || body !== undefined) {
			throw usageError('--compare-url and --compare-body are for --compare MODEL');
		}
		return null;
	}
	return model.startsWith('scripted:')
		? openScripted('compare', model, parts, run)
		: openOther('compare', { model, url, body }, values, parts, dist, run);
}

/** Opens `--teacher scripted:FILE`: a teacher whose replies come from a file. */
async function openScripted(
	option: 'teacher' | 'jury' | 'compare',
	scripted: string | undefined,
	parts: Parts,
	run: Run,
): Promise<Teacher | null> {
	if (scripted === undefined) {
		return null;
	}
	const file = /^scripted:(.+)$/s.exec(scripted)?.[1];
	if (file === undefined) {
		throw usageError(
			`--${option} takes scripted:FILE, not "${scripted}"; an endpoint is named with --${option}-url`,
		);
	}
	const { createScriptedTeacher } = await import('../teacher/scripted/scriptedTeacher.ts');
	return createScriptedTeacher({ file: path.resolve(file), replies: parts.store, log: run.log });
}

/** Options for builds that call further models: an embedder, a solver. */
export const otherTeacherOptions = {
	'embed-model': {
		type: 'string',
		value: 'NAME',
		help:
			'embed-sel, embed-syn: the model that embeds questions (STAT_EMBED_MODEL); without one, neighbours are ' +
			'found by words',
	},
	'embed-url': {
		type: 'string',
		value: 'URL',
		help:
			"its address (STAT_EMBED_URL; default: the teacher's); key: STAT_EMBED_KEY, or OPENAI_API_KEY at the " +
			"teacher's own address",
	},
	'solver-model': {
		type: 'string',
		value: 'NAME',
		help: 'syn, embed-syn: the model that solves the new questions (STAT_SOLVER_MODEL; default: the teacher)',
	},
	'solver-url': {
		type: 'string',
		value: 'URL',
		help:
			"its address (STAT_SOLVER_URL; default: the teacher's); key: STAT_SOLVER_KEY, or OPENAI_API_KEY at the " +
			"teacher's own address",
	},
	'solver-body': {
		type: 'string',
		value: 'JSON',
		help: 'further fields of its requests (STAT_SOLVER_BODY)',
	},
} satisfies OptionSpecs;

/**
 * Returns a further model that the options or the environment name, or `null` if they name none. The teacher's key is
 * sent only to the teacher's address.
 */
export async function openOther(
	role: 'embed' | 'solver' | 'jury' | 'compare',
	named: { readonly model: string | undefined; readonly url: string | undefined; readonly body?: string | undefined },
	values: Values<typeof teacherOptions>,
	parts: Parts,
	dist: string,
	run: Run,
): Promise<Teacher | null> {
	const variable = `STAT_${role.toUpperCase()}`;
	const model = named.model ?? fromEnvironment(`${variable}_MODEL`);
	const ownUrl = named.url ?? fromEnvironment(`${variable}_URL`);
	if (model === undefined) {
		if (named.url !== undefined) {
			throw usageError(`--${role}-url is given, but not which model: give --${role}-model or ${variable}_MODEL`);
		}
		return null;
	}
	const teacherUrl = values.text('teacher-url') ?? fromEnvironment('STAT_TEACHER_URL');
	const baseUrl = ownUrl ?? teacherUrl;
	if (baseUrl === undefined) {
		const option = role === 'compare' ? '--compare' : `--${role}-model`;
		throw usageError(`${option} ${model} is named, but not where it is: give --${role}-url or --teacher-url`);
	}
	const { endpointOrigin } = await import('../teacher/wire/endpoint.ts');
	const isTeachers = teacherUrl !== undefined && endpointOrigin(baseUrl) === endpointOrigin(teacherUrl);
	const apiKey = fromEnvironment(`${variable}_KEY`) ?? (isTeachers ? fromEnvironment('OPENAI_API_KEY') : undefined);
	return openAi(
		{
			baseUrl,
			model,
			apiKey,
			...(role === 'embed'
				? { serves: 'embeddings' as const }
				: { serves: 'chat' as const, fields: readFields(role, named.body) }),
		},
		values,
		parts,
		dist,
		run,
	);
}

/** Loads what a teacher at an endpoint needs. */
export function loadWire() {
	return Promise.all([import('../teacher/wire/openAiTeacher.ts'), import('../teacher/wire/modelTable.ts')]);
}

async function openAi(
	named: Pick<OpenAiTeacherOptions, 'baseUrl' | 'model' | 'apiKey' | 'serves' | 'fields'>,
	values: Values<typeof teacherOptions>,
	parts: Parts,
	dist: string,
	run: Run,
): Promise<Teacher> {
	const [{ createOpenAiTeacher }, { loadModelTable, userModelsFile }] = await loadWire();
	const models = loadModelTable({ folder: path.join(dist, 'data'), userFile: userModelsFile() });
	return createOpenAiTeacher({
		...named,
		tier: tierOf(values),
		batches: { folder: path.join(parts.store.folder, batchFolder), submits: values.flag('batch') },
		replies: parts.store,
		models,
		concurrency: values.whole('concurrency', 1),
		calls: run.calls,
		log: run.log,
	});
}

function fromEnvironment(name: string): string | undefined {
	const value = process.env[name]?.trim();
	return value === undefined || value === '' ? undefined : value;
}

/** Returns the further request fields that an option or the environment gives one teacher. */
function readFields(
	role: 'teacher' | 'jury' | 'solver' | 'compare',
	own: string | undefined,
): Readonly<Record<string, unknown>> {
	const variable = `STAT_${role.toUpperCase()}_BODY`;
	return own === undefined ? readObject(variable, fromEnvironment(variable)) : readObject(`--${role}-body`, own);
}

function readJsonObject(option: string, field: string, json: string | undefined): Readonly<Record<string, unknown>> {
	return json === undefined ? {} : { [field]: readObject(option, json) };
}

function readEffort(level: string | undefined): Readonly<Record<string, unknown>> {
	return level === undefined ? {} : { reasoning_effort: level };
}

function readObject(source: string, json: string | undefined): Readonly<Record<string, unknown>> {
	if (json === undefined) {
		return {};
	}
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		value = null;
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw usageError(
			`${source} takes a JSON object such as '{"reasoning_effort": "low"}', not "${json.slice(0, 100)}"`,
		);
	}
	return value as Readonly<Record<string, unknown>>;
}
