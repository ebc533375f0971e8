import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import { skillKey, skillLabel } from '../../core/skills/skill.ts';
import { viewIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import type { PickItem, StepPlace } from '../kit/wizard.ts';
import { ask, back, onlyStep, pick } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession } from '../session/studio.ts';
import { groupingLabel, formatNarrowing, shownLabel, stateLabel, verdictLabel } from '../views/questionsTree.ts';
import type { Narrowing } from '../views/questionView.ts';
import { groupings, questionStates, shown } from '../views/questionView.ts';
import { subjectLabel } from '../views/skillsTree.ts';
import { forLabel } from '../kit/untrustedText.ts';

/** Changes which questions the view shows. */
export const showQuestions: Command = async (studio, argument) => {
	await needSession(studio);
	const selection =
		shown.find((one) => one === argument) ??
		(await pick(onlyStep(vscode.l10n.t('Show Questions')), {
			placeholder: vscode.l10n.t('Which questions should the view show?'),
			items: shown.map((value) => ({ label: capital(shownLabel(value)), value })),
			active: (value) => value === studio.questions.current.show,
		}));
	if (typeof selection === 'string') {
		await studio.questions.setView({ show: selection });
		await focus();
	}
};

export const groupQuestions: Command = async (studio) => {
	await needSession(studio);
	const group = await pick(onlyStep(vscode.l10n.t('Group Questions')), {
		placeholder: vscode.l10n.t('How should questions be grouped?'),
		items: groupings.map((value) => ({ label: capital(groupingLabel(value) || vscode.l10n.t('one list')), value })),
		active: (value) => value === studio.questions.current.group,
	});
	if (typeof group === 'string') {
		await studio.questions.setView({ group });
		await focus();
	}
};

/** Filters by text. */
export const searchQuestions: Command = async (studio) => {
	await needSession(studio);
	const text = await ask(onlyStep(vscode.l10n.t('Search Questions')), {
		prompt: vscode.l10n.t('Show questions that contain this text; empty shows all'),
		value: studio.questions.current.narrow.text,
	});
	if (typeof text === 'string') {
		await narrow(studio, { text: text === '' ? undefined : text });
	}
};

export const clearFilter: Command = async (studio) => {
	await studio.questions.setView({ narrow: {} });
};

type Field = keyof Narrowing;

/** Filters by one field at a time. Each field shows its current value, and its list has an entry that clears it. */
export const filterQuestions: Command = async (studio) => {
	const session = await needSession(studio);
	const title = vscode.l10n.t('Filter Questions');
	for (;;) {
		const now = studio.questions.current.narrow;
		const formatField = (field: Field) =>
			formatNarrowing({ ...studio.questions.current, narrow: { [field]: now[field] } }).join('');
		const fields: readonly (readonly [Field, string])[] = [
			['skill', vscode.l10n.t('Missing skill')],
			['subject', vscode.l10n.t('Subject')],
			['level', vscode.l10n.t('Level')],
			['benchmark', vscode.l10n.t('Benchmark')],
			['verdict', vscode.l10n.t('Verdict of the first answer')],
			['state', vscode.l10n.t('Diagnosis')],
			['text', vscode.l10n.t('Text')],
		];
		const field = await pick<Field>(
			{ title, step: 1, totalSteps: 2, canGoBack: false },
			{
				placeholder: vscode.l10n.t('Filter by…'),
				items: fields.map(([value, label]) => ({ label, description: forLabel(formatField(value)), value })),
			},
		);
		if (typeof field !== 'string') {
			return;
		}
		const answer = await askField(session, field, now, { title, step: 2, totalSteps: 2, canGoBack: true });
		if (answer === back) {
			continue;
		}
		if (typeof answer === 'object') {
			await narrow(studio, answer);
		}
		return;
	}
};

async function askField(
	session: ProjectSession,
	field: Field,
	now: Narrowing,
	place: StepPlace,
): Promise<Narrowing | symbol> {
	if (field === 'text') {
		const text = await ask(place, {
			prompt: vscode.l10n.t('Show questions that contain this text; empty shows all'),
			value: now.text,
		});
		return typeof text === 'string' ? { text: text === '' ? undefined : text } : text;
	}
	const any: PickItem<Narrowing> = { label: vscode.l10n.t('Any'), value: { [field]: undefined } };
	return pick<Narrowing>(place, {
		placeholder: vscode.l10n.t('Which?'),
		items: [any, ...(await values(session, field))],
	});
}

async function values(session: ProjectSession, field: Exclude<Field, 'text'>): Promise<PickItem<Narrowing>[]> {
	const { store } = await session.parts();
	switch (field) {
		case 'skill': {
			const rows = await store.read('skills', { scope: await session.scope() });
			return rows
				.filter(({ missed }) => missed > 0)
				.sort((a, b) => b.missed - a.missed || skillKey(a).localeCompare(skillKey(b)))
				.map(({ subject, name, missed }) => ({
					label: forLabel(skillLabel(name)),
					description: `${formatCount(missed)} · ${forLabel(subjectLabel(subject))}`,
					value: { skill: { subject, name } },
				}));
		}
		case 'subject':
			return (await store.read('subjects', {})).map(({ subject, evaluation, train }) => ({
				label: forLabel(subjectLabel(subject)),
				description: vscode.l10n.t('{0} evaluation, {1} train', formatCount(evaluation), formatCount(train)),
				value: { subject: subject === '' ? null : subject },
			}));
		case 'level':
			return [1, 2, 3, 4, 5].map((level) => ({ label: vscode.l10n.t('Level {0}', level), value: { level } }));
		case 'benchmark':
			return (await store.read('benchmarks', {})).map(({ benchmark, questions }) => ({
				label: forLabel(benchmark),
				description: formatCount(questions),
				value: { benchmark },
			}));
		case 'verdict':
			return [false, null, true].map((verdict) => ({
				label: capital(verdictLabel(verdict)),
				value: { verdict },
			}));
		case 'state':
			return questionStates.map((state) => ({ label: capital(stateLabel(state)), value: { state } }));
	}
}

async function narrow(studio: Studio, change: Narrowing): Promise<void> {
	await studio.questions.setView({ narrow: { ...studio.questions.current.narrow, ...change } });
	await focus();
}

async function focus(): Promise<void> {
	await vscode.commands.executeCommand(`${viewIds.questions}.focus`);
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
