import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Annotation, AnnotationEntry } from '../../core/diagnosis/annotation.ts';
import { locate } from '../../core/diagnosis/annotation.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSkillName, skillKey, skillLabel } from '../../core/skills/skill.ts';
import { mementoKeys } from '../ids.ts';
import type { FolderSession } from '../session/projectSession.ts';
import type { AnnotationChange, NotProfiled } from '../../workflow/diagnosis/annotate.ts';
import { clock } from '../kit/clock.ts';
import { withRecent } from '../kit/recentSkills.ts';
import type { PickItem, WizardStep } from '../kit/wizard.ts';
import { ask, back, leave, pickMany, runWizard } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { subjectLabel } from '../views/skillsTree.ts';
import { forLabel } from '../kit/untrustedText.ts';
import { annotationRef } from './commentThreads.ts';
import { InlineDocuments } from './inlineDocuments.ts';

/** Annotates the selected words of an answer with a skill that is missing there. */
export const annotate: Command = async (studio, ...args) => {
	needTrust();
	const session = await needSession(studio);
	const { subject, ...where } = await placeOf(session);
	const entry = await askSkills(
		studio,
		session,
		vscode.l10n.t('Annotate Missing Skill'),
		subject,
		inputFrom(args),
		[],
		null,
	);
	if (entry) {
		const { annotate: make } = await import('../../workflow/diagnosis/annotate.ts');
		const { notProfiled } = await make(
			await session.parts(),
			{ ...where, ...entry, id: randomUUID(), author: session.author() },
			clock,
		);
		if (notProfiled !== null) {
			void vscode.window.showInformationMessage(notProfiledMessage(notProfiled));
		}
	}
};

export const editAnnotation: Command = async (studio, ...args) => {
	needTrust();
	const session = await needSession(studio);
	const annotation = await known(session, args[0]);
	const { store } = await session.parts();
	const question = await store.read('question', { id: annotation.questionId });
	const entry = await askSkills(
		studio,
		session,
		vscode.l10n.t('Edit Annotation'),
		question?.subject ?? null,
		inputFrom(args.slice(1)),
		annotation.skills,
		annotation.note,
	);
	if (entry) {
		await change(session, annotation, { action: 'edited', ...entry });
	}
};

export const acceptAnnotation: Command = (studio, argument) => decide(studio, argument, 'accepted');
export const dismissAnnotation: Command = (studio, argument) => decide(studio, argument, 'dismissed');

async function decide(studio: Studio, argument: unknown, action: 'accepted' | 'dismissed'): Promise<void> {
	needTrust();
	const session = await needSession(studio);
	await change(session, await known(session, argument), { action });
}

async function change(session: FolderSession, annotation: Annotation, what: AnnotationChange): Promise<void> {
	const { changeAnnotation } = await import('../../workflow/diagnosis/annotate.ts');
	await changeAnnotation(await session.parts(), annotation, { ...what, author: session.author() }, clock);
}

function notProfiledMessage(reason: NotProfiled): string {
	switch (reason) {
		case 'testQuestion':
			return vscode.l10n.t(
				'The annotation is stored, but the profile does not count it: this is a test question, and ' +
					'only validation questions are profiled.',
			);
		case 'unclassified':
			return vscode.l10n.t(
				'The annotation is stored. The profile counts it once the questions are classified (STAT: ' +
					'Classify Questions…) and this one is difficult.',
			);
		case 'notDifficult':
			return vscode.l10n.t(
				'The annotation is stored, but the profile does not count it: this question is not difficult.',
			);
	}
}

async function known(session: FolderSession, argument: unknown): Promise<Annotation> {
	const ref = annotationRef(argument);
	const { store } = await session.parts();
	const annotations = ref
		? await store.read('annotations', { student: ref.student, round: ref.round, ids: [ref.questionId] })
		: [];
	const found = annotations.find(({ id }) => id === ref?.id);
	if (!found) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'There is no such annotation: use the buttons of its comment, or the quick fixes on its words',
			),
		});
	}
	return found;
}

/** Returns the answer and range selected in the active editor. */
async function placeOf(session: FolderSession): Promise<
	Pick<AnnotationEntry, 'student' | 'round' | 'questionId' | 'sample' | 'start' | 'end' | 'quote'> & {
		readonly subject: string | null;
	}
> {
	const editor = vscode.window.activeTextEditor;
	if (!editor || editor.selection.isEmpty) {
		throw new StatError('editor.nothingToDo', {
			problem: vscode.l10n.t('Select the words of the answer that show the missing skill first'),
		});
	}
	const { document, selection } = editor;
	const { records, scope, tooLarge } = await new InlineDocuments(session).read(
		document,
		selection.start.line,
		selection.end.line,
	);
	if (tooLarge) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t('This file is too large to be annotated: write it as JSON Lines'),
		});
	}
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	for (const { base, answers, finding } of records) {
		for (const { answer, map, edited } of answers) {
			const touched = map.toText(
				document.offsetAt(selection.start) - base,
				document.offsetAt(selection.end) - base,
			);
			const quote = touched ? map.text.slice(...touched).trim() : '';
			if (!touched || quote === '') {
				continue;
			}
			const start = map.text.indexOf(quote, touched[0]);
			const found = edited ? locate({ start, quote }, answer.text) : { start, end: start + quote.length };
			if (!found) {
				throw new StatError('editor.usage', {
					problem: vscode.l10n.t('These words are not in the imported answer: the file was edited since'),
				});
			}
			return {
				student: finding.scope.student,
				round: finding.scope.round,
				questionId: finding.question.id,
				sample: answer.sample,
				start: found.start,
				end: found.end,
				quote,
				subject: finding.question.subject,
			};
		}
	}
	throw new StatError('editor.usage', {
		problem: vscode.l10n.t(
			'The selection is in no answer of {0}, round {1}: select words of an answer, or switch to ' +
				'its student (STAT: Switch Student or Round…)',
			scope.student,
			scope.round,
		),
	});
}

interface SkillsAndNote {
	readonly skills: readonly SkillRef[];
	readonly note: string | null;
}

/** Returns the input that a caller passed instead of the dialogs. */
function inputFrom(args: readonly unknown[]): SkillsAndNote | undefined {
	for (const argument of args) {
		if (
			typeof argument === 'object' &&
			argument !== null &&
			'skills' in argument &&
			Array.isArray(argument.skills)
		) {
			const skills = argument.skills.filter(
				(skill): skill is SkillRef =>
					typeof skill === 'object' &&
					skill !== null &&
					typeof (skill as SkillRef).subject === 'string' &&
					typeof (skill as SkillRef).name === 'string',
			);
			const note = 'note' in argument && typeof argument.note === 'string' ? argument.note : null;
			return skills.length > 0 ? { skills, note } : undefined;
		}
	}
	return undefined;
}

/**
 * Asks for skills, which may be new, and an optional note. Recently used skills come first. Returns undefined if the
 * user cancelled.
 */
async function askSkills(
	studio: Studio,
	session: FolderSession,
	title: string,
	subject: string | null,
	brought: SkillsAndNote | undefined,
	skills: readonly SkillRef[],
	note: string | null,
): Promise<SkillsAndNote | undefined> {
	const memory = studio.context.workspaceState;
	const { store } = await session.parts();
	const list = await store.read('skillList', { subject });
	const recent = memory.get<SkillRef[]>(mementoKeys.recentSkills, []);
	const newSkill: SkillRef = { subject: '', name: '' };
	const state = { chosen: skills, names: [] as string[], note: note ?? '' };
	const wizardSteps: WizardStep<typeof state>[] = [
		{
			ask: async (state) => {
				const ticked = new Set(state.chosen.map(skillKey));
				const late = recent.map(skillKey);
				const rank = (skill: SkillRef): number => {
					if (ticked.has(skillKey(skill))) {
						return -1;
					}
					return late.includes(skillKey(skill)) ? late.indexOf(skillKey(skill)) : late.length;
				};
				const all = new Map([...state.chosen, ...list].map((skill) => [skillKey(skill), skill]));
				const items: PickItem<SkillRef>[] = [...all.values()]
					.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
					.map((skill) => ({
						label: forLabel(skillLabel(skill.name)),
						description: forLabel(subjectLabel(skill.subject)),
						picked: ticked.has(skillKey(skill)),
						value: skill,
					}));
				const answer = await pickMany<SkillRef>(
					{ title, step: 1, totalSteps: 2, canGoBack: false },
					{
						placeholder: vscode.l10n.t('Which missing skills do these words show?'),
						items: [...items, { label: vscode.l10n.t('New skill…'), alwaysShow: true, value: newSkill }],
						needed: true,
					},
				);
				if (answer === back || answer === leave) {
					return answer;
				}
				state.chosen = answer;
				return undefined;
			},
		},
		{
			applies: (state) => state.chosen.includes(newSkill),
			ask: async (state, place) => {
				const answer = await ask(place, {
					prompt: vscode.l10n.t('The new skill’s name; separate several by commas'),
					value: state.names.join(', '),
					check: (text) =>
						text.split(',').some((name) => normaliseSkillName(name) !== '')
							? undefined
							: vscode.l10n.t('A name is needed'),
				});
				if (answer === back || answer === leave) {
					return answer;
				}
				state.names = answer
					.split(',')
					.map(normaliseSkillName)
					.filter((name) => name !== '');
				return undefined;
			},
		},
		{
			applies: (state) => state.chosen.length > 0,
			ask: async (state, place) => {
				const answer = await ask(place, { prompt: vscode.l10n.t('A note (optional)'), value: state.note });
				if (answer === back || answer === leave) {
					return answer;
				}
				state.note = answer;
				return undefined;
			},
		},
	];
	if (!brought && (!(await runWizard(title, state, wizardSteps)) || state.chosen.length === 0)) {
		return undefined;
	}
	const named = brought?.skills ?? [
		...state.chosen.filter((skill) => skill !== newSkill),
		...(state.chosen.includes(newSkill) ? state.names.map((name) => ({ subject: subject ?? '', name })) : []),
	];
	await memory.update(mementoKeys.recentSkills, withRecent(named, recent));
	const trimmed = (brought ? brought.note : state.note)?.trim();
	return { skills: named, note: trimmed ? trimmed : null };
}
