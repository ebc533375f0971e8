import * as vscode from 'vscode';
import { effectiveMissing } from '../../core/diagnosis/annotation.ts';
import type { Correction } from '../../core/diagnosis/diagnosis.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey, skillLabel } from '../../core/skills/skill.ts';
import { clock } from '../kit/clock.ts';
import { onlyStep, pickMany } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { subjectLabel } from '../views/skillsTree.ts';
import { forLabel } from '../kit/untrustedText.ts';
import { needQuestion, questionsOf } from './arguments.ts';

export const agree: Command = (studio, ...args) => say(studio, vscode.l10n.t('Agree with Diagnosis'), 'agreed', args);
export const dispute: Command = (studio, ...args) => say(studio, vscode.l10n.t('Dispute Diagnosis'), 'disputed', args);
export const withdraw: Command = (studio, ...args) =>
	say(studio, vscode.l10n.t('Withdraw Correction'), 'withdrawn', args);

/** Asks which skills the answer really misses; the teacher's diagnosis is stored beside the correction. */
export const changeSkills: Command = async (studio, ...args) => {
	needTrust();
	const title = vscode.l10n.t('Change Missing Skills');
	const session = await needSession(studio);
	const question = await needQuestion(studio, session, title, args);
	const scope = await needScope(studio);
	if (!question) {
		return;
	}
	const { store } = await session.parts();
	const found = await store.read('question', { id: question.id });
	if (!found) {
		throw new StatError('editor.usage', { problem: vscode.l10n.t('This question is no longer in the project') });
	}
	const [list, { diagnosis, correction }, annotations] = await Promise.all([
		store.read('skillList', { subject: found.subject }),
		store.read('diagnosis', { ...scope, questionId: question.id }),
		store.read('annotations', { ...scope, ids: [question.id] }),
	]);
	const now = effectiveMissing(diagnosis, correction, annotations).skills;
	const ticked = new Set(now.map(skillKey));
	const annotated = new Set(annotations.filter(({ counts }) => counts).flatMap(({ skills }) => skills.map(skillKey)));
	const all = new Map([...now, ...list].map((skill) => [skillKey(skill), skill]));
	const chosen = await pickMany<SkillRef>(onlyStep(title), {
		placeholder: vscode.l10n.t('Which skills does the answer fail to use? ({0})', ticked.size),
		// The teacher's skills come first, because most corrections change those.
		items: [...all.values()]
			.sort(
				(a, b) =>
					Number(ticked.has(skillKey(b))) - Number(ticked.has(skillKey(a))) || a.name.localeCompare(b.name),
			)
			.map((skill) => ({
				label: forLabel(skillLabel(skill.name)),
				description:
					forLabel(subjectLabel(skill.subject)) +
					(annotated.has(skillKey(skill)) ? ` · ${vscode.l10n.t('annotated in the answer')}` : ''),
				picked: ticked.has(skillKey(skill)),
				value: skill,
			})),
	});
	if (Array.isArray(chosen)) {
		await write(studio, [question.id], 'changed', chosen as readonly SkillRef[]);
		const left = new Set((chosen as readonly SkillRef[]).map(skillKey));
		const stays = now.filter((skill) => annotated.has(skillKey(skill)) && !left.has(skillKey(skill)));
		if (stays.length > 0) {
			void vscode.window.showInformationMessage(
				vscode.l10n.t(
					'Still counted, because the answer is annotated with it: {0}. To remove it, dismiss the ' +
						'annotation at its words.',
					stays.map(({ name }) => forLabel(skillLabel(name))).join(', '),
				),
			);
		}
	}
};

async function say(
	studio: Studio,
	title: string,
	verdict: Correction['verdict'],
	args: readonly unknown[],
): Promise<void> {
	needTrust();
	const session = await needSession(studio);
	const several = await questionsOf(args);
	const one = several.length > 0 ? undefined : await needQuestion(studio, session, title, args);
	const ids = [...several, ...(one ? [one] : [])].map(({ id }) => id);
	await write(studio, ids, verdict, null);
}

async function write(
	studio: Studio,
	ids: readonly string[],
	verdict: Correction['verdict'],
	skills: readonly SkillRef[] | null,
): Promise<void> {
	const session = await needSession(studio);
	const scope = await needScope(studio);
	const parts = await session.parts();
	const { correct } = await import('../../workflow/diagnosis/correct.ts');
	for (const questionId of ids) {
		await correct(parts, { ...scope, questionId, verdict, skills, note: null, author: session.author() }, clock);
	}
}

async function needScope(studio: Studio): Promise<{ student: string; round: number }> {
	const scope = await (await needSession(studio)).scope();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	return scope;
}
