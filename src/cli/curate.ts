import { budgetOf } from './budgetOptions.ts';
import { usageError } from './usageError.ts';
import * as fs from 'node:fs';
import path from 'node:path';
import type { CurationDemand, ItemFilter } from '../core/curation/curation.ts';
import {
	contentInForce,
	curationDemands,
	curationStatuses,
	flagsInForce,
	itemInForce,
	rejectReasons,
} from '../core/curation/curation.ts';
import { StatError } from '../core/errors/statError.ts';
import { refuseProjectFolder } from '../formats/refuseProjectFolder.ts';
import type { CurationAct } from '../workflow/curation/curate.ts';
import { curate } from '../workflow/curation/curate.ts';
import { decisions, preferencePairs } from '../workflow/curation/curationData.ts';
import { demandCuration } from '../workflow/curation/curationDemand.ts';
import { curationOf } from '../workflow/curation/curationOf.ts';
import { itemsNamed, listItems } from '../workflow/curation/listItems.ts';
import { planRegenerate, regenerate } from '../workflow/curation/regenerate.ts';
import { repairAll } from '../workflow/curation/repairAll.ts';
import { authorOf, authorOption } from './author.ts';
import type { CommandContext, CommandOutput } from './command.ts';
import { command } from './command.ts';
import type { teacherOptions } from './openParts.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { oneLine } from './wording.ts';

/** Default number of rows shown as text. */
const limitDefault = 50;

const acts = [
	'list',
	'show',
	'accept',
	'reject',
	'edit',
	'undo',
	'regenerate',
	'repair',
	'demand',
	'preferences',
	'history',
] as const;

const curateOptions = {
	status: { type: 'string', value: curationStatuses.join('|'), help: 'list: only problems with this status' },
	flagged: { type: 'boolean', help: 'list: only flagged problems' },
	text: { type: 'string', value: 'T', help: 'list: only questions that contain this text' },
	offset: { type: 'string', value: 'N', help: 'list: number of problems to skip (default 0)' },
	limit: { type: 'string', value: 'N', help: `list: maximum number of problems (default ${limitDefault})` },
	reason: { type: 'string', value: 'R', help: `reject: ${rejectReasons.join(', ')}` },
	question: { type: 'string', value: 'T', help: 'edit: the new question (default: unchanged)' },
	solution: {
		type: 'string',
		value: 'T',
		multiple: true,
		help: 'edit: a new solution; repeat for more (default: unchanged)',
	},
	find: { type: 'string', value: 'T', help: 'repair: the text to replace' },
	with: { type: 'string', value: 'T', help: 'repair: its replacement' },
	apply: { type: 'boolean', help: 'repair: make the edits; otherwise they are only shown' },
	note: { type: 'string', value: 'T', help: 'a note: why' },
	...authorOption,
	hint: { type: 'string', value: 'T', help: 'regenerate: what the new question should be like' },
	out: { type: 'string', value: 'FILE', help: 'preferences, history: the file to write' },
} satisfies OptionSpecs;

type CurateContext = CommandContext<typeof curateOptions & typeof teacherOptions>;

export const curateCommand = command({
	args: ['NAME', acts.join('|'), '[ID…]'],
	about:
		"Lists a dataset's synthesized problems and records your decisions on them. list, show; accept, reject " +
		'--reason R, edit --question T --solution T, undo (several ids at once; the beginning of an id is enough); ' +
		'regenerate ID --hint T: the teacher writes another question in its place; repair --find T --with T ' +
		'[--apply]: makes the same edit in all that match; demand none|flagged|sample|all: which problems must be ' +
		'decided before an export; preferences --out FILE: better and worse answers as JSONL; history --out FILE: ' +
		'every decision with author, time, before and after, as JSONL.',
	options: curateOptions,
	teacher: true,
	async run(context) {
		const [dataset = '', action = '', ...ids] = context.args;
		const act = acts.find((known) => known === action);
		if (!act) {
			throw usageError(`curate ${dataset} does ${acts.join(', ')}, not "${action}"`);
		}
		await (await context.parts()).datasets.card(dataset);
		switch (act) {
			case 'list':
				return list(context, dataset);
			case 'show':
				return show(context, dataset, ids);
			case 'demand':
				return demand(context, dataset, ids[0]);
			case 'repair':
				return repair(context, dataset);
			case 'preferences':
			case 'history':
				return write(context, dataset, act);
			case 'regenerate':
				return again(context, dataset, ids);
			default:
				return decide(context, dataset, act, ids);
		}
	},
});

async function list({ parts, values }: CurateContext, dataset: string): Promise<CommandOutput> {
	const opened = await parts();
	const filter: ItemFilter = {
		status: values.oneOf('status', curationStatuses),
		flagged: values.flag('flagged') ? true : undefined,
		text: values.text('text'),
	};
	const { total, items } = await listItems(opened, {
		dataset,
		filter,
		offset: values.whole('offset') ?? 0,
		limit: values.whole('limit', 1) ?? limitDefault,
	});
	const { demand: demanded, waiting, left } = await curationOf(opened, dataset);
	const lines = items.map(
		({ questionId, status, agreement, flags, skill, title }) =>
			`${questionId.slice(0, 10)} ${status} ` +
			`${agreement.agree}/${agreement.of}${flags.length > 0 ? ` [${flags.join(', ')}]` : ''} ` +
			`${skill?.name ?? ''}: ${oneLine(title)}`,
	);
	return {
		json: { total, items, demand: demanded, waiting, left },
		text: [
			...lines,
			`${items.length} of ${total}; demanded: ${demanded}, ${waiting} of those wait; an export leaves out ${left}`,
		].join('\n'),
	};
}

async function show({ parts }: CurateContext, dataset: string, names: readonly string[]): Promise<CommandOutput> {
	const opened = await parts();
	const [questionId = ''] = await itemsNamed(opened, dataset, names.slice(0, 1));
	const found = await opened.store.read('item', { dataset, questionId });
	if (!found) {
		throw usageError('which one? give its id');
	}
	const { status, history } = found;
	const item = itemInForce(found.item, history);
	const content = contentInForce(item, history);
	const flags = flagsInForce(found.item, history);
	const isEdited = content.answers !== undefined;
	const agreement = isEdited
		? `${content.agree ?? 0} of ${content.solutions.length} agree, as edited`
		: `${item.agreement.agree} of ${item.agreement.of} agree`;
	const solutions = isEdited
		? content.solutions.map((text, index) => `--- edited: ${content.answers?.[index] ?? 'no answer'}\n${text}`)
		: item.solutions.map(
				({ agrees, answer, text }) => `--- ${agrees ? 'agrees' : 'differs'}: ${answer ?? 'no answer'}\n${text}`,
			);
	const lines = [
		`${status}, ${agreement}${flags.length > 0 ? `; ${flags.map(({ kind }) => kind).join(', ')}` : ''}`,
		content.question,
		...solutions,
		...history.map(
			({ verdict, author, at, reason }) => `${at} ${author}: ${verdict}${reason ? ` (${reason})` : ''}`,
		),
	];
	return { json: { items: [found] }, text: lines.join('\n') };
}

type Decision = 'accept' | 'reject' | 'edit' | 'undo';

async function decide(
	{ parts, values, run }: CurateContext,
	dataset: string,
	action: Decision,
	names: readonly string[],
): Promise<CommandOutput> {
	if (names.length === 0) {
		throw usageError(`which ones? "curate ${dataset} list" shows their ids`);
	}
	const opened = await parts();
	const questionIds = await itemsNamed(opened, dataset, names);
	const act = await actOf({ parts, values }, dataset, action, questionIds);
	const { decided, left } = await curate(
		opened,
		{ dataset, questionIds, act, author: authorOf(values), note: values.text('note') },
		run,
	);
	cancelledWith(decided, left);
	const items = (
		await Promise.all(questionIds.map((questionId) => opened.store.read('item', { dataset, questionId })))
	).map((found) => ({ questionId: found?.item.questionId, status: found?.status }));
	return {
		json: { decided, items },
		text: items.map(({ questionId, status }) => `${questionId?.slice(0, 10)} ${status}`).join('\n'),
	};
}

/**
 * Throws if the command was cancelled between two writes. The decisions already written remain, and the error reports
 * them.
 */
function cancelledWith(decided: number, left: number): void {
	if (left > 0) {
		throw new StatError('cli.cancelled', {
			problem: `cancelled: ${decided} decided, which stand (undo takes each back); ${left} left as they were`,
		});
	}
}

async function actOf(
	context: Pick<CurateContext, 'parts' | 'values'>,
	dataset: string,
	action: Decision,
	questionIds: readonly string[],
): Promise<CurationAct> {
	switch (action) {
		case 'edit':
			return editOf(context, dataset, questionIds);
		case 'reject':
			return rejection(context.values);
		case 'accept':
			return { verdict: 'accepted' };
		case 'undo':
			return { verdict: 'withdrawn' };
	}
}

function rejection(values: CurateContext['values']): CurationAct {
	const reason = values.oneOf('reason', rejectReasons);
	if (!reason) {
		throw usageError(`--reason is missing: one of ${rejectReasons.join(', ')}`);
	}
	return { verdict: 'rejected', reason };
}

async function editOf(
	{ parts, values }: Pick<CurateContext, 'parts' | 'values'>,
	dataset: string,
	questionIds: readonly string[],
): Promise<CurationAct> {
	const [questionId] = questionIds;
	const question = values.text('question');
	const solutions = values.list('solution');
	if (questionId === undefined || questionIds.length > 1 || (question === undefined && solutions.length === 0)) {
		throw usageError('edit takes one id and --question or --solution; for many at once there is repair');
	}
	const found = await (await parts()).store.read('item', { dataset, questionId });
	const before = found ? contentInForce(found.item, found.history) : { question: '', solutions: [] };
	return {
		verdict: 'edited',
		after: {
			question: question ?? before.question,
			solutions: solutions.length > 0 ? solutions : before.solutions,
		},
	};
}

async function repair({ parts, values, run }: CurateContext, dataset: string): Promise<CommandOutput> {
	const { matched, decided, left, refused, items } = await repairAll(
		await parts(),
		{
			dataset,
			find: values.required('find', 'what is to be replaced?'),
			replace: values.text('with') ?? '',
			author: authorOf(values),
			apply: values.flag('apply'),
		},
		run,
	);
	cancelledWith(decided, left);
	const lines = items.slice(0, 10).flatMap(({ before, after }) =>
		[before.question, ...before.solutions].flatMap((text, index) => {
			const mended = [after.question, ...after.solutions][index] ?? '';
			return text === mended ? [] : [`- ${oneLine(text)}`, `+ ${oneLine(mended)}`];
		}),
	);
	return {
		json: { matched, decided, refused, items },
		text: [
			...lines,
			...refused.map(({ questionId, why }) => `${questionId.slice(0, 10)} left as it was: ${why}`),
			values.flag('apply')
				? `${decided} repaired; unreviewed ones still wait; undo reverts each`
				: `${matched} match; --apply edits them`,
		].join('\n'),
	};
}

async function demand(
	{ parts }: CurateContext,
	dataset: string,
	requested: string | undefined,
): Promise<CommandOutput> {
	const opened = await parts();
	const found = curationDemands.find((known): known is CurationDemand => known === requested);
	if (!found) {
		throw usageError(`demand ${curationDemands.join(', ')}, not "${requested ?? ''}"`);
	}
	await demandCuration(opened, dataset, found);
	const { waiting, left } = await curationOf(opened, dataset);
	return {
		json: { demand: found, waiting, left },
		text: `${dataset} demands ${found}: ${waiting} problems wait, an export leaves out ${left}`,
	};
}

async function write(
	{ parts, values, run }: CurateContext,
	dataset: string,
	what: 'preferences' | 'history',
): Promise<CommandOutput> {
	const out = path.resolve(values.required('out', 'where should it go?'));
	const opened = await parts();
	await refuseProjectFolder(out);
	const temporary = `${out}.writing-${process.pid}`;
	let count = 0;
	const file = fs.openSync(temporary, 'wx');
	try {
		if (what === 'history') {
			for await (const decision of decisions(opened, dataset, run)) {
				fs.writeSync(file, `${JSON.stringify(decision)}\n`);
				count += 1;
			}
		} else {
			for await (const { question, chosen, rejected, from } of preferencePairs(opened, dataset, run)) {
				fs.writeSync(file, `${JSON.stringify({ prompt: question, chosen, rejected, from })}\n`);
				count += 1;
			}
		}
		fs.closeSync(file);
		fs.renameSync(temporary, out);
	} catch (error) {
		fs.rmSync(temporary, { force: true });
		throw error;
	}
	return what === 'history'
		? { json: { decisions: count, path: out }, text: `${count} decisions in ${out}` }
		: { json: { pairs: count, path: out }, text: `${count} preference pairs in ${out}` };
}

async function again(
	{ parts, values, run, consent }: CurateContext,
	dataset: string,
	names: readonly string[],
): Promise<CommandOutput> {
	const opened = await parts({ teacher: true });
	const [questionId, ...others] = await itemsNamed(opened, dataset, names);
	if (questionId === undefined || others.length > 0) {
		throw usageError('regenerate takes one id');
	}
	const options = {
		dataset,
		questionId,
		hint: values.required('hint', 'what should the new question be like?'),
		author: authorOf(values),
		budget: budgetOf(values),
	};
	await consent(await planRegenerate(opened, options));
	const { remade, why, ...spent } = await regenerate(opened, options, run);
	return {
		json: { kept: remade, why, ...spent },
		text: remade
			? `${remade.agreement.agree} of ${remade.agreement.of} agree: ${oneLine(remade.question)}\nit waits ` +
				'for your decision; undo restores the old one'
			: `the old one stays: ${why}`,
	};
}
