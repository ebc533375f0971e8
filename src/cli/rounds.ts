import { usageError } from './usageError.ts';
import type { RoundEntry, RoundNode } from '../core/rounds/round.ts';
import { readRoundName, roundName } from '../core/rounds/round.ts';
import type { Store } from '../core/ports/store/store.ts';
import { settingKeys } from '../core/training/settings.ts';
import type { Scope } from '../core/scope.ts';
import { sampleRound } from '../workflow/rounds/askStudent.ts';
import { correctRound, listRounds, nextRound, showRound, startRound } from '../workflow/rounds/rounds.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { newJob, openHostParts } from './hostParts.ts';
import type { Values } from './values.ts';
import { table } from './wording.ts';

const roundOptions = {
	parent: { type: 'string', value: 'ROUND', help: 'the round whose student was trained' },
	benchmark: {
		type: 'string',
		value: 'NAME',
		help:
			'the benchmark of this round (continual learning): --sample, diagnose, profile and builds use only its ' +
			'questions by default',
	},
	control: { type: 'boolean', help: 'a control arm: training alone, without the skills' },
	'no-control': { type: 'boolean', help: 'no control arm, although its dataset is a baseline' },
	note: { type: 'string', value: 'TEXT', help: 'a note' },
	replace: { type: 'boolean', help: 'replace the record of an existing round' },
} satisfies OptionSpecs;

async function students(store: Pick<Store, 'read'>): Promise<string[]> {
	const [{ students: answered }, rounds] = await Promise.all([store.read('students', {}), store.read('rounds', {})]);
	return [...new Set([...answered.map(({ student }) => student), ...rounds.map(({ student }) => student)])];
}

function readRoundOptions(values: Values<typeof roundOptions>, names: readonly string[]) {
	const parent = values.text('parent');
	return {
		parent: parent === undefined ? undefined : readRoundName(parent, names),
		benchmark: values.text('benchmark'),
		control: controlOf(values),
		note: values.text('note'),
		replace: values.flag('replace'),
	};
}

function controlOf(values: Values<Pick<typeof roundOptions, 'control' | 'no-control'>>): boolean | undefined {
	const [yes, no] = [values.flag('control'), values.flag('no-control')];
	if (yes && no) {
		throw usageError('--control or --no-control, not both');
	}
	if (yes) {
		return true;
	}
	return no ? false : undefined;
}

function origin({ parent, dataset, recipe, job, benchmark, control, note }: RoundEntry): string {
	return [
		recipe?.toUpperCase() ?? '',
		dataset ?? '',
		control ? 'control' : '',
		job === null ? '' : `job ${job}`,
		benchmark === null ? '' : `meant for ${benchmark}`,
		parent === null ? 'base' : '',
		note ?? '',
	]
		.filter(Boolean)
		.join(', ');
}

function lines(nodes: readonly RoundNode[], depth = 0): (string | number)[][] {
	return nodes.flatMap((node) => [
		[
			`${'  '.repeat(depth)}${roundName(node.round)}`,
			node.questions,
			node.answers,
			node.known ? origin(node.round) : 'its parent is not recorded',
		],
		...lines(node.children, depth + 1),
	]);
}

export const roundsListCommand = command({
	about:
		"Lists the project's rounds as a tree, each under the round whose student was trained further: base, " +
		'STAT-Sel, GRPO. A round is a checkpoint of the student with its answers, profile, datasets and jobs.',
	options: {},
	async run({ parts }) {
		const rounds = await listRounds(await parts());
		return {
			json: { rounds },
			text:
				rounds.length === 0
					? 'no rounds yet: "import answers" imports the first'
					: table([['round', 'questions', 'answers', 'made by'], ...lines(rounds)]),
		};
	},
});

export const roundsShowCommand = command({
	args: ['ROUND'],
	about:
		'Shows a round and what belongs to it: its parent, its answers and profile, the datasets built for it, its ' +
		'jobs, and the rounds derived from it.',
	options: {},
	async run(context) {
		const parts = await openHostParts(context);
		const { children, ...shown } = await showRound(
			parts,
			readRoundName(context.args[0] ?? '', await students(parts.store)),
		);
		const { round, questions, answers, difficult, profiled, datasets, jobs } = shown;
		const from = round.parent === null ? '' : `, from ${roundName(round.parent)}`;
		const text = [
			`${roundName(round)}: ${origin(round)}${from}`,
			`${questions} questions, ${answers} answers; ` +
				`${difficult === null ? 'not classified' : `${difficult} difficult`}, ${profiled} profiled`,
			...datasets.map(({ name, method, pairs }) => `dataset ${name}: ${method}, ${pairs} pairs`),
			...jobs.map(
				({ id, recipe, dataset, host }) =>
					`job ${id}: ${recipe}${dataset === null ? '' : ` on ${dataset}`}, ${host}`,
			),
			...children.map((child) => `made from it: ${roundName(child.round)} (${origin(child.round)})`),
		].join('\n');
		return { json: { ...shown, children: children.map((child) => child.round) }, text };
	},
});

export const roundsStartCommand = command({
	args: ['STUDENT:ROUND'],
	about:
		'Records the lineage of a round whose checkpoint was trained elsewhere, or which is a base model (no ' +
		'--parent, no --dataset). Its answers are imported with "import answers --round N".',
	options: {
		...roundOptions,
		dataset: {
			type: 'string',
			value: 'NAME',
			help: 'the dataset it was trained on; the round that this was built for is then the parent',
		},
		recipe: { type: 'string', value: 'sft|grpo', help: 'the recipe' },
		model: { type: 'string', value: 'M', help: 'a description of the checkpoint' },
	},
	async run({ parts, args: [name = ''], values, run }) {
		const opened = await parts();
		const names = await students(opened.store);
		const round = await startRound(
			opened,
			{
				...readRoundName(name, names),
				...readRoundOptions(values, names),
				dataset: values.text('dataset'),
				recipe: values.oneOf('recipe', ['sft', 'grpo'] as const),
				model: values.text('model'),
			},
			run,
		);
		return { json: { round }, text: roundText(round) };
	},
});

export const roundsCorrectCommand = command({
	args: ['ROUND'],
	about:
		'Corrects the record of a round: its parent, its benchmark, whether it is a control arm. The rest is ' +
		'unchanged; "none" removes a value.',
	options: {
		parent: {
			type: 'string',
			value: 'ROUND|none',
			help: 'the round whose student was trained; none: a base model',
		},
		benchmark: {
			type: 'string',
			value: 'B|none',
			help: 'its benchmark: --sample, diagnose, profile and builds use only its questions by default',
		},
		control: { type: 'boolean', help: 'a control arm' },
		'no-control': { type: 'boolean', help: 'no control arm' },
		note: { type: 'string', value: 'TEXT', help: 'a note' },
	},
	choices: [{ options: ['control', 'no-control'] }],
	async run({ parts, args: [name = ''], values, run }) {
		const opened = await parts();
		const names = await students(opened.store);
		const textOrNull = (option: 'parent' | 'benchmark' | 'note') =>
			values.text(option) === 'none' ? null : values.text(option);
		const [parent, control] = [textOrNull('parent'), controlOf(values)];
		const correction = {
			parent: typeof parent === 'string' ? readRoundName(parent, names) : parent,
			benchmark: textOrNull('benchmark'),
			control,
			note: textOrNull('note'),
		};
		if (Object.values(correction).every((value) => value === undefined)) {
			throw usageError('what is to be corrected? --parent, --benchmark, --control or --note');
		}
		const round = await correctRound(opened, readRoundName(name, names), correction, run);
		return { json: { round }, text: roundText(round) };
	},
});

export const roundsNextCommand = command({
	args: ['JOB'],
	about:
		"Starts the next round from a finished training job: the student's next number, with the round it was " +
		'trained from as its parent. A job makes one round, however often this is run. With --sample the new student ' +
		'answers the questions on the host of that job; "jobs fetch" imports the answers.',
	options: {
		...roundOptions,
		student: { type: 'string', value: 'NAME', help: "name of the student; default: the parent's" },
		round: { type: 'string', value: 'N', help: 'number of the round; default: the next' },
		sample: { type: 'boolean', help: 'also sample its answers, on the host of the job' },
		samples: { type: 'string', value: 'K', help: 'answers per question (default 1)' },
		split: {
			type: 'string',
			value: 'validation|test',
			help: 'which questions (default validation, for the next profile; test for what is reported)',
		},
		set: { type: 'string', value: 'KEY=VALUE', multiple: true, help: settingKeys('generate').join(', ') },
	},
	choices: [{ options: ['control', 'no-control'] }],
	async run(context) {
		const {
			values,
			args: [job = ''],
			run,
		} = context;
		const parts = await openHostParts(context);
		const target = { student: values.text('student'), round: values.whole('round', 1) };
		const split = values.oneOf('split', ['validation', 'test'] as const) ?? 'validation';
		const sampling = { split, samples: values.whole('samples', 1), set: values.pairs('set'), ...newJob() };
		const round = await nextRound(
			parts,
			{ job, ...target, ...readRoundOptions(values, await students(parts.store)) },
			run,
		);
		const sent = values.flag('sample') ? (await sampleRound(parts, round, sampling, run)).id : null;
		return {
			json: { round, job: sent },
			text: `${roundText(round)}\n${sent === null ? howToAnswer(job, round) : beingAnswered(sent, split)}`,
		};
	},
});

function howToAnswer(job: string, { student, round }: RoundEntry): string {
	return `its answers: "rounds next ${job} --sample", or "import answers FILE --student ${student} --round ${round}"`;
}

function beingAnswered(job: string, split: 'validation' | 'test'): string {
	const alsoTest = ' on validation questions; for the gain to report, also on --split test';
	return `job ${job} has it answer${split === 'validation' ? alsoTest : ''}\n  stat-studio jobs fetch ${job}`;
}

function roundText(round: RoundEntry): string {
	const from: Scope | null = round.parent;
	return `${roundName(round)}: ${origin(round)}${from === null ? '' : `, from ${roundName(from)}`}`;
}
