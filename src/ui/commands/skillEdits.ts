import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSkillName, skillKey, skillLabel } from '../../core/skills/skill.ts';
import type { SkillEdit } from '../../core/skills/skillEdits.ts';
import { formatSkillEdit } from '../../core/skills/skillEdits.ts';
import type { SkillRow } from '../../core/ports/store/skills.ts';
import { showDocument } from '../documents/activeDocument.ts';
import { statUri } from '../documents/statUri.ts';
import { commandIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { clock } from '../kit/clock.ts';
import { runBudget } from '../kit/settings.ts';
import type { Answered, PickOptions, WizardStep } from '../kit/wizard.ts';
import { ask, back, leave, onlyStep, pick, pickMany, runWizard } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust, withTeacher } from '../session/studio.ts';
import { subjectLabel } from '../views/skillsTree.ts';
import { ticksOfEdit, ticksOfUndo } from '../views/skillTicks.ts';
import { forLabel, oneLine } from '../kit/untrustedText.ts';
import { isRecord, selectedSkills, skillOf } from './arguments.ts';
import { needConsent } from './paidRun.ts';

/**
 * Merges several skills, the view's selection or else those that the user selects, into one of them, into another
 * skill, or under a new name.
 */
export const mergeSkills: Command = async (studio, ...args) => {
	const title = vscode.l10n.t('Merge Skills');
	const session = await needSession(studio);
	const all = await rows(session);
	const input = isRecord(args[0]) ? args[0] : {};
	const known = selectedSkills(studio, args);
	const subject = known[0]?.subject;
	if (known.some((skill) => skill.subject !== subject)) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'Skills of several subjects cannot be merged: a question is offered only skills of its own ' +
					'subject',
			),
		});
	}
	const state: { first?: SkillRef; others: readonly SkillRef[]; into?: SkillRef | 'another' } = {
		...(known[0] ? { first: known[0] } : {}),
		others: known.slice(1),
	};
	if (Array.isArray(input['with'])) {
		const names: readonly unknown[] = input['with'];
		state.others = all.filter((row) => row.subject === subject && names.includes(row.name)).map(ref);
	}
	const isKnown = state.others.length > 0;
	const wizardSteps: WizardStep<typeof state>[] = [
		{
			applies: () => known.length === 0,
			ask: async (chosen, place) => keep(await pick(place, skillChoice(all)), (first) => (chosen.first = first)),
		},
		{
			applies: () => !isKnown,
			ask: async (chosen, place) => {
				const { first = { subject: '', name: '' } } = chosen;
				const ticked = new Set(chosen.others.map(skillKey));
				const others = all.filter((row) => row.subject === first.subject && row.name !== first.name);
				return keep(
					await pickMany(place, {
						placeholder: vscode.l10n.t('Which other skills are the same as “{0}”?', skillLabel(first.name)),
						items: alikeFirst(first, others).map((row) => ({
							label: forLabel(skillLabel(row.name)),
							description: countsOf(row),
							picked: ticked.has(skillKey(row)),
							value: ref(row),
						})),
						needed: true,
					}),
					(picked) => (chosen.others = picked),
				);
			},
		},
		{
			applies: () => typeof input['into'] !== 'string',
			ask: async (chosen, place) =>
				keep(
					await pick<SkillRef | 'another'>(place, {
						placeholder: vscode.l10n.t('What should the merged skill be called?'),
						items: [
							...sourcesOf(chosen).map((skill) => ({
								label: forLabel(skillLabel(skill.name)),
								value: skill,
							})),
							{ label: vscode.l10n.t('Another name…'), value: 'another' as const },
						],
					}),
					(into) => (chosen.into = into),
				),
		},
		{
			applies: ({ into }) => into === 'another',
			ask: async (chosen, place) =>
				keep(
					await ask(place, { prompt: vscode.l10n.t('The name of the merged skill'), check: nameCheck }),
					(name) => (chosen.into = { subject: chosen.first?.subject ?? '', name: normaliseSkillName(name) }),
				),
		},
	];
	if (await runWizard(title, state, wizardSteps)) {
		const into = typeof input['into'] === 'string' ? { subject: subject ?? '', name: input['into'] } : state.into;
		if (into !== undefined && into !== 'another') {
			await make(studio, session, {
				kind: 'merge',
				sources: sourcesOf(state).filter((skill) => skillKey(skill) !== skillKey(into)),
				into,
			});
		}
	}
};

const sourcesOf = ({
	first,
	others,
}: {
	readonly first?: SkillRef;
	readonly others: readonly SkillRef[];
}): SkillRef[] => (first ? [first, ...others] : []);

/** Stores a wizard step's answer in the state; going back and leaving are passed on to the wizard. */
function keep<T>(answer: Answered<T>, take: (value: T) => void): typeof back | typeof leave | void {
	return isLeft(answer) ? answer : take(answer);
}

function isLeft(answer: unknown): answer is typeof back | typeof leave {
	return answer === back || answer === leave;
}

export const renameSkill: Command = async (studio, argument) => {
	const title = vscode.l10n.t('Rename Skill');
	const session = await needSession(studio);
	const from = await needSkill(session, title, argument);
	const name =
		from &&
		(await fieldOr(argument, 'to', () =>
			ask(onlyStep(title), {
				prompt: vscode.l10n.t('A new name for “{0}”; the old name still refers to it', skillLabel(from.name)),
				value: skillLabel(from.name),
				check: nameCheck,
			}),
		));
	if (from && typeof name === 'string') {
		await make(studio, session, {
			kind: 'rename',
			from,
			to: { subject: from.subject, name: normaliseSkillName(name) },
		});
	}
};

export const describeSkill: Command = async (studio, argument) => {
	const title = vscode.l10n.t('Describe Skill');
	const session = await needSession(studio);
	const skill = await needSkill(session, title, argument);
	const known = skill && (await rows(session)).find((row) => skillKey(row) === skillKey(skill))?.description;
	const text =
		skill &&
		(await fieldOr(argument, 'text', () =>
			ask(onlyStep(title), {
				prompt: vscode.l10n.t('What is “{0}”? An empty text removes the description', skillLabel(skill.name)),
				value: known ?? '',
			}),
		));
	if (skill && typeof text === 'string') {
		await make(studio, session, { kind: 'describe', skill, text: text.trim() === '' ? null : text.trim() });
	}
};

/** Retires the skills selected in the view, or one skill. */
export const retireSkill: Command = async (studio, ...args) => {
	const session = await needSession(studio);
	const several = selectedSkills(studio, args);
	const skill = await needSkill(session, vscode.l10n.t('Retire Skill'), several[0] ?? args[0]);
	if (skill) {
		await make(studio, session, { kind: 'retire', skills: several.length > 1 ? several : [skill] });
	}
};

/** Splits one skill into several: asks for the names first, then for who assigns each question. */
export const splitSkill: Command = async (studio, argument) => {
	const title = vscode.l10n.t('Split Skill');
	const session = await needSession(studio);
	const skill = await needSkill(session, title, argument);
	const names =
		skill &&
		(await fieldOr(argument, 'into', () =>
			ask(onlyStep(title), {
				prompt: vscode.l10n.t('The parts of “{0}”, separated by commas', skillLabel(skill.name)),
				placeholder: vscode.l10n.t('first part, second part'),
				check: (value) =>
					value.split(',').filter((name) => name.trim() !== '').length < 2
						? vscode.l10n.t('At least two names, separated by a comma')
						: undefined,
			}),
		));
	if (!skill || typeof names !== 'string') {
		return;
	}
	const parts = [
		...new Set(
			names
				.split(',')
				.map((name) => normaliseSkillName(name))
				.filter((name) => name !== ''),
		),
	].map((name): SkillRef => ({ subject: skill.subject, name }));
	const how = await fieldOr(argument, 'by', () =>
		pick(onlyStep(title), {
			placeholder: vscode.l10n.t('Who assigns each question to a part?'),
			items: [
				{
					label: vscode.l10n.t('I choose'),
					description: vscode.l10n.t('You select the questions of each part; the others stay'),
					value: 'hand',
				},
				{
					label: vscode.l10n.t('The teacher'),
					description: vscode.l10n.t('Reads each question and chooses one part, or none'),
					value: 'teacher',
				},
			],
		}),
	);
	if (how === 'hand') {
		await splitByHand(studio, session, title, skill, parts);
	} else if (how === 'teacher') {
		await splitByTeacher(studio, session, title, skill, parts);
	}
};

async function splitByHand(
	studio: Studio,
	session: ProjectSession,
	title: string,
	skill: SkillRef,
	parts: readonly SkillRef[],
): Promise<void> {
	const { questionsOfSkill, splitByHand: splitOf } = await import('../../workflow/skills/splitSkill.ts');
	const { store } = await session.parts();
	const all = await questionsOfSkill(store, skill);
	const chosen: (readonly string[])[] = [];
	while (chosen.length < parts.length) {
		const taken = new Set(chosen.flat());
		const left = all.filter((id) => !taken.has(id));
		const shown = await store.read('questionsById', { ids: left.slice(0, 2000) });
		const picked = await pickMany(
			{ title, step: chosen.length + 1, totalSteps: parts.length, canGoBack: chosen.length > 0 },
			{
				placeholder: vscode.l10n.t(
					'Which questions need “{0}”? {1} are not assigned yet',
					skillLabel(parts[chosen.length]?.name ?? ''),
					formatCount(left.length),
				),
				items: shown.map(({ id, text }) => ({ label: forLabel(oneLine(text, 120)), value: id })),
			},
		);
		if (picked === leave) {
			return;
		}
		if (picked === back) {
			chosen.pop();
		} else {
			chosen.push(picked);
		}
	}
	const assigned = parts.flatMap(({ name }, at) =>
		(chosen[at] ?? []).map((questionId) => ({ questionId, part: name })),
	);
	await make(studio, session, await splitOf(store, skill, parts, assigned));
}

async function splitByTeacher(
	studio: Studio,
	session: Awaited<ReturnType<typeof needSession>>,
	title: string,
	skill: SkillRef,
	parts: readonly SkillRef[],
): Promise<void> {
	needTrust();
	const { planSplit, splitByTeacher: split } = await import('../../workflow/skills/splitSkill.ts');
	await withTeacher(studio, session, async (opened) => {
		const options = { skill, parts, budget: runBudget() };
		const plan = await planSplit(opened, options);
		await needConsent(
			vscode.l10n.t(
				'Assign {1} questions of “{0}” to its parts?',
				skillLabel(skill.name),
				formatCount(plan.rows),
			),
			plan,
			opened.teacher,
		);
		const { edit } = await studio.runs.start('split', title, 'stat.skills', (job) => split(opened, options, job));
		await make(studio, session, edit);
	});
}

/** Undoes an edit; the list shows the latest first. */
export const undoSkillEdit: Command = async (studio, argument) => {
	needTrust();
	const title = vscode.l10n.t('Undo Skill Edit');
	const session = await needSession(studio);
	const parts = await session.parts();
	const { editsInForce, undoSkillEdit: undo } = await import('../../workflow/skills/editSkills.ts');
	const standing = editsInForce(await parts.store.read('skillEdits', {}));
	if (standing.length === 0) {
		throw new StatError('skills.nothingToUndo', {});
	}
	const id =
		isRecord(argument) && typeof argument['id'] === 'number'
			? argument['id']
			: await pick(onlyStep(title), {
					placeholder: vscode.l10n.t('Which edit should be undone?'),
					items: standing.map((entry) => ({
						label: forLabel(formatSkillEdit(entry.edit)),
						description: forLabel(`${entry.author} · ${entry.at.slice(0, 16).replace('T', ' ')}`),
						value: entry.id,
					})),
				});
	if (typeof id === 'number') {
		const entry = standing.find((one) => one.id === id);
		await undo(parts, { id, author: session.author() }, clock);
		await session.setChosen(entry ? ticksOfUndo(entry, (skill) => session.isChosen(skill)) : []);
		studio.skills.refresh();
		studio.runs.show({
			text: vscode.l10n.t('Undone: {0}', entry ? formatSkillEdit(entry.edit) : String(id)),
			open: { command: commandIds.openSkillHistory, title: vscode.l10n.t('Show History') },
		});
	}
};

export const openSkillHistory: Command = async (studio) => {
	await needSession(studio);
	await showDocument(statUri({ kind: 'skillHistory' }, vscode.l10n.t('Skill history')));
};

async function make(studio: Studio, session: ProjectSession, edit: SkillEdit): Promise<void> {
	needTrust();
	const parts = await session.parts();
	const { editSkills } = await import('../../workflow/skills/editSkills.ts');
	const made = await editSkills(parts, { edit, author: session.author(), note: null }, clock);
	const created = (await parts.store.read('skillEdits', {})).find(({ id }) => id === made.id)?.created ?? [];
	await session.setChosen(ticksOfEdit({ edit, created }, (skill) => session.isChosen(skill)));
	studio.skills.refresh();
	const moved =
		made.labels + made.findings > 0
			? ` · ${vscode.l10n.t('labels of {0} questions and missing skills of {1} follow', formatCount(made.labels), formatCount(made.findings))}`
			: '';
	studio.runs.show({
		text: `${formatSkillEdit(edit)}${moved}`,
		open: { command: commandIds.undoSkillEdit, title: vscode.l10n.t('Undo…') },
	});
}

async function needSkill(session: ProjectSession, title: string, argument: unknown): Promise<SkillRef | undefined> {
	const known = skillOf(argument);
	if (known) {
		return known;
	}
	const chosen = await pick(onlyStep(title), skillChoice(await rows(session)));
	return typeof chosen === 'symbol' ? undefined : chosen;
}

function skillChoice(all: readonly SkillRow[]): PickOptions<SkillRef> {
	return {
		placeholder: all.length === 0 ? vscode.l10n.t('There are no skills yet') : vscode.l10n.t('Which skill?'),
		items: all.map((row) => ({
			label: forLabel(skillLabel(row.name)),
			description: forLabel(`${subjectLabel(row.subject)} · ${countsOf(row)}`),
			value: ref(row),
		})),
	};
}

async function rows(session: ProjectSession): Promise<readonly SkillRow[]> {
	const { store } = await session.parts();
	return store.read('skills', { scope: await session.scope() });
}

/** Puts skills whose names share a word first, because those are merged most often. */
function alikeFirst(skill: SkillRef, others: readonly SkillRow[]): SkillRow[] {
	const parts = new Set(skill.name.split('_').filter((part) => part.length > 2));
	const shared = ({ name }: SkillRow): number => name.split('_').filter((part) => parts.has(part)).length;
	return [...others].sort((a, b) => shared(b) - shared(a));
}

async function fieldOr<T>(argument: unknown, field: string, otherwise: () => Promise<T>): Promise<T | string> {
	const value = isRecord(argument) ? argument[field] : undefined;
	return typeof value === 'string' ? value : otherwise();
}

const nameCheck = (value: string): string | undefined =>
	normaliseSkillName(value) === '' || value.length > 120 || /[/,;<>]/.test(value)
		? vscode.l10n.t('One to 120 characters, without / , ; < >')
		: undefined;
const ref = ({ subject, name }: SkillRef): SkillRef => ({ subject, name });
const countsOf = ({ train, missed }: SkillRow): string =>
	[missed > 0 ? vscode.l10n.t('{0} missed', formatCount(missed)) : '', vscode.l10n.t('{0} train', formatCount(train))]
		.filter(Boolean)
		.join(' · ');
