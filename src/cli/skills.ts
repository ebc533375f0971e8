import { budgetOf } from './budgetOptions.ts';
import { fileError } from '../core/errors/fileError.ts';
import { usageError } from './usageError.ts';
import { readFileSync } from 'node:fs';
import { formatCost } from '../core/text/formatNumber.ts';
import type { Parts } from '../core/ports/parts.ts';
import { questionId } from '../core/questions/question.ts';
import { StatError } from '../core/errors/statError.ts';
import type { SkillRef } from '../core/skills/skill.ts';
import { normaliseSkillName, skillKey, skillLabel } from '../core/skills/skill.ts';
import type { SkillEdit } from '../core/skills/skillEdits.ts';
import { formatSkillEdit } from '../core/skills/skillEdits.ts';
import { editSkills, undoSkillEdit } from '../workflow/skills/editSkills.ts';
import { planSplit, splitAssignments, splitByHand, splitByTeacher } from '../workflow/skills/splitSkill.ts';
import { resolveScope } from '../workflow/reading/scope.ts';
import { authorOf, authorOption } from './author.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { oneLine, table } from './wording.ts';

const editOptions = {
	...authorOption,
	note: { type: 'string', value: 'TEXT', help: 'a note: why' },
} satisfies OptionSpecs;
const named = "NAME is a skill's name, or subject/name where several subjects have it.";

export const listSkills = command({
	about: 'Lists the skills with their questions and, once answers are diagnosed, how many answers miss them.',
	options: { subject: { type: 'string', value: 'S', help: 'only this subject' } },
	async run({ parts, values }) {
		const { store } = await parts();
		const scope = await resolveScope(store, {}).catch(() => null);
		const requested = values.text('subject');
		const skills = (await store.read('skills', { scope })).filter(
			({ subject }) => requested === undefined || subject === normaliseSkillName(requested),
		);
		const rows = skills.map(({ subject, name, train, evaluation, missed, description }) => [
			train,
			evaluation,
			missed,
			subject === '' ? name : `${subject}/${name}`,
			description === null ? '' : oneLine(description, 80),
		]);
		return {
			json: { skills },
			text:
				skills.length === 0
					? 'there are no skills yet: "import skills FILE" imports a bank, "catalog" has the ' +
						'teacher make the lists'
					: table([['train', 'evaluation', 'missed', 'skill', ''], ...rows]),
		};
	},
});

export const mergeSkills = command({
	args: ['NAME…'],
	about:
		'Merges several skills into one: labels, diagnoses, corrections and annotations under any of the names count ' +
		'for it, and importing a bank again restores no name. --into is one of them, another skill, or a new name. ' +
		`${named}`,
	options: {
		into: { type: 'string', required: true, value: 'NAME', help: 'the skill that they become' },
		...editOptions,
	},
	async run(context) {
		const { store } = await context.parts();
		const sources = await Promise.all(context.args.map((name) => skillNamed(store, name)));
		const into = await skillOrNew(
			store,
			context.values.required('into', 'what do they become?'),
			sources[0]?.subject ?? '',
		);
		return make(context, {
			kind: 'merge',
			sources: sources.filter((skill) => skillKey(skill) !== skillKey(into)),
			into,
		});
	},
});

export const renameSkill = command({
	args: ['NAME', 'NEW-NAME'],
	about: `Renames a skill; the old name still refers to it. ${named}`,
	options: editOptions,
	async run(context) {
		const { store } = await context.parts();
		const from = await skillNamed(store, context.args[0] ?? '');
		return make(context, {
			kind: 'rename',
			from,
			to: { subject: from.subject, name: lastPart(context.args[1] ?? '') },
		});
	},
});

export const describeSkill = command({
	args: ['NAME', '[TEXT]'],
	about: `Describes a skill for people; without TEXT, removes the description. ${named}`,
	options: editOptions,
	async run(context) {
		const { store } = await context.parts();
		return make(context, {
			kind: 'describe',
			skill: await skillNamed(store, context.args[0] ?? ''),
			text: context.args[1]?.trim() || null,
		});
	},
});

export const splitSkill = command({
	args: ['NAME'],
	about:
		'Splits a skill into several: each question that is labelled with it or misses it is assigned to one part. ' +
		'--questions assigns by hand: JSONL of {"question": text or id, "skill": part}. Otherwise the teacher ' +
		`assigns each question; what fits no part stays. ${named}`,
	options: {
		into: {
			type: 'string',
			required: true,
			value: 'NAME',
			multiple: true,
			help: 'a part: a new name, or another skill of the subject',
		},
		questions: { type: 'string', value: 'FILE', help: 'a file with the assignments' },
		...editOptions,
	},
	teacher: true,
	async run(context) {
		const { values, run } = context;
		const file = values.text('questions');
		const opened = await context.parts({ teacher: file === undefined });
		const skill = await skillNamed(opened.store, context.args[0] ?? '');
		const parts = await Promise.all(
			values.list('into').map((name) => skillOrNew(opened.store, name, skill.subject)),
		);
		if (file !== undefined) {
			return make(context, await splitByHand(opened.store, skill, parts, readAssignments(file)));
		}
		if (parts.length < 2) {
			throw usageError('a split by the teacher needs at least two parts: --into NAME --into NAME');
		}
		await context.consent(await planSplit(opened, { skill, parts }));
		const chosen = await splitByTeacher(opened, { skill, parts, budget: budgetOf(values) }, run);
		const { json, text } = await make(context, chosen.edit);
		return {
			json: { ...json, calls: chosen.calls, cost: chosen.cost, failed: chosen.failed },
			text:
				`${text}; ${chosen.calls} calls, ` +
				`${formatCost(chosen.cost)}${chosen.failed > 0 ? `; ${chosen.failed} set aside stay` : ''}`,
		};
	},
});

export const retireSkills = command({
	args: ['NAME…'],
	about: `Retires skills: they are no longer offered to the teacher. Existing labels remain. ${named}`,
	options: editOptions,
	run: async (context) =>
		make(context, {
			kind: 'retire',
			skills: await Promise.all(
				context.args.map(async (name) => skillNamed((await context.parts()).store, name)),
			),
		}),
});

export const undoSkills = command({
	args: ['[ID]'],
	about:
		'Undoes an edit of the skill list: the latest, or the one with this number in "skills history", unless a ' +
		'later one depends on it.',
	options: editOptions,
	async run({ parts, args: [arg], values, run }) {
		const number = arg === undefined ? null : Number(arg);
		if (number !== null && !Number.isInteger(number)) {
			throw usageError(`an edit's number is a whole one, not "${arg}"`);
		}
		const { id, edit, labels, findings } = await undoSkillEdit(
			await parts(),
			{ id: number, author: authorOf(values) },
			run,
		);
		return {
			json: { id, labels, findings },
			text:
				`undone: ${edit ? formatSkillEdit(edit) : id} (labels of ${labels} questions, missing ` +
				`skills of ${findings})`,
		};
	},
});

export const skillsHistory = command({
	about: 'Lists every edit of the skill list: who, when, what, and what was undone.',
	options: {},
	async run({ parts }) {
		const entries = await (await parts()).store.read('skillEdits', {});
		const lines = entries.map(({ id, at, author, edit, note, undone, labels, findings }) => {
			const edited = `${formatSkillEdit(edit)}${note === null ? '' : ` (${note})`}`;
			const takenBack = undone ? `; undone by ${undone.author} ${formatMinute(undone.at)}` : '';
			return (
				`${id}  ${formatMinute(at)}  ${author}: ${edited}; labels of ${labels} questions, ` +
				`missing skills of ${findings}${takenBack}`
			);
		});
		return {
			json: { edits: entries },
			text: lines.length === 0 ? 'the skill list was never edited' : lines.join('\n'),
		};
	},
});

const formatMinute = (at: string): string => at.slice(0, 16).replace('T', ' ');

async function make(
	{ parts, values, run }: CommandContext<typeof editOptions>,
	edit: SkillEdit,
): Promise<CommandResult> {
	const note = values.text('note') ?? null;
	const made = await editSkills(await parts(), { edit, author: authorOf(values), note }, run);
	const assigned = edit.kind === 'split' ? { parts: splitAssignments(edit) } : {};
	return {
		json: { ...made, kind: edit.kind, ...assigned },
		text:
			`${formatSkillEdit(edit)}: labels of ${made.labels} questions and missing skills of ${made.findings} ` +
			`follow (edit ${made.id}; "skills undo ${made.id}" undoes it)`,
	};
}

/** Returns a skill on the list, by its name or a former name. */
async function skillNamed(store: Parts['store'], written: string): Promise<SkillRef> {
	const all = (await store.read('skills', { scope: null })).map(({ subject, name }): SkillRef => ({ subject, name }));
	const slash = written.lastIndexOf('/');
	const name = normaliseSkillName(written.slice(slash + 1));
	const subject = slash < 0 ? undefined : normaliseSkillName(written.slice(0, slash));
	const found = all.filter((skill) => skill.name === name && (subject === undefined || skill.subject === subject));
	if (found.length > 1) {
		throw usageError(
			`"${written}" is a skill of ${found.map((skill) => skill.subject || 'no subject').join(', ')}: ` +
				'write subject/name',
		);
	}
	const subjects = [...new Set(all.map((skill) => skill.subject))].filter(
		(of) => subject === undefined || of === subject,
	);
	const earlier = found[0]
		? []
		: (
				await store.read('presentSkills', {
					rows: subjects.map((of) => ({ skill: { subject: of, name }, questionId: null })),
				})
			).filter((skill) => skill.name !== name);
	const skill = found[0] ?? earlier[0];
	if (!skill) {
		const alike = all
			.filter((known) => name.split('_').some((part) => part.length > 3 && known.name.includes(part)))
			.slice(0, 5);
		throw new StatError('cli.noSkill', {
			skill: written,
			alternatives:
				alike.length > 0
					? `is it ${alike.map((known) => skillLabel(known.name)).join(', ')}?`
					: '"skills list" shows them',
		});
	}
	return skill;
}

/** Returns an existing skill, else a new name in this subject. */
async function skillOrNew(store: Parts['store'], written: string, subject: string): Promise<SkillRef> {
	const name = normaliseSkillName(lastPart(written));
	const known = (await store.read('skillList', { subject: null })).find(
		(skill) => skill.name === name && skill.subject === subject,
	);
	return known ?? { subject, name };
}

const lastPart = (written: string): string => written.slice(written.lastIndexOf('/') + 1).trim();

function readAssignments(file: string): { questionId: string; part: string }[] {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		throw fileError(file, error);
	}
	return text.split('\n').flatMap((line, index) => {
		if (line.trim() === '') {
			return [];
		}
		let row: unknown;
		try {
			row = JSON.parse(line);
		} catch {
			throw new StatError('cli.assignmentLine', { file, line: index + 1 });
		}
		const { question, skill } = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>;
		if (typeof question !== 'string' || typeof skill !== 'string') {
			throw new StatError('cli.assignmentField', {
				file,
				line: index + 1,
				field: typeof question === 'string' ? 'skill' : 'question',
			});
		}
		return [{ questionId: /^[0-9a-f]{32}$/.test(question) ? question : questionId(question), part: skill }];
	});
}
