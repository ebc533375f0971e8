import * as vscode from 'vscode';
import type { Agreement, Rate } from '../../core/stats/agreement.ts';
import { formatCount, formatWholePercent } from '../../core/text/formatNumber.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import { formatSkillEdit } from '../../core/skills/skillEdits.ts';
import type { Reads } from '../../core/ports/store/store.ts';
import type { Disagreement } from '../../workflow/diagnosis/jury.ts';
import type { TeacherQuality } from '../../workflow/diagnosis/teacherQuality.ts';
import { DocumentText } from './documentText.ts';

const t = vscode.l10n.t;

/** Lists every edit of the skill list, latest first: who made it, when, and its effect. */
export function skillHistoryDocument(entries: Reads['skillEdits']['result']): string {
	const document = new DocumentText().heading(1, t('Skill history'));
	if (entries.length === 0) {
		document.text(
			t(
				'The skill list was never edited. Skills are merged, split, renamed and described from their menu in the Skills view.',
			),
		);
	}
	for (const { id, edit, author, at, note, undone, labels, findings } of [...entries].reverse()) {
		document
			.heading(2, `${id} · ${formatSkillEdit(edit)}${undone ? ` · ${t('taken back')}` : ''}`)
			.fact(t('By'), author)
			.fact(t('At'), at)
			.fact(t('Note'), note)
			.fact(t('Questions with changed labels'), formatCount(labels))
			.fact(t('Answers with changed missing skills'), formatCount(findings))
			.fact(t('Undone by'), undone ? `${undone.author}, ${undone.at}` : null);
		if (edit.kind === 'split') {
			edit.parts.forEach(({ skill, questions }) =>
				document.fact(skillLabel(skill.name), t('{0} questions', formatCount(questions.length))),
			);
		}
	}
	return document.toString();
}

/** Reports how reliable the teacher is according to users and second teachers, and where they disagree. */
export function qualityDocument(quality: TeacherQuality, disagreements: readonly Disagreement[]): string {
	const { student, round, diagnosed, people, juries, pairs, caveats } = quality;
	const document = new DocumentText()
		.heading(1, t('Teacher quality of {0}, round {1}', student, round))
		.fact(t('Diagnosed answers'), formatCount(diagnosed));
	caveats.forEach((caveat) => document.text(caveat));
	if (people) {
		document
			.heading(2, t('By people'))
			.fact(
				t('Looked at'),
				t(
					'{0}: {1} agreed, {2} changed, {3} disputed',
					formatCount(people.looked),
					formatCount(people.agreed),
					formatCount(people.changed),
					formatCount(people.disputed),
				),
			);
		document
			.fact(t('Precision'), rate(people.precision))
			.fact(t('Recall'), rate(people.recall))
			.fact(t('All skills right'), rate(people.identical));
		document.table(
			[
				[t('precision'), '', t('recall'), '', t('skill')],
				...people.skills.map((skill) => [...cells(skill.precision), ...cells(skill.recall), labelOf(skill)]),
			],
			[0, 2],
		);
	}
	for (const { juror, read, identical, overlapping, overall, judges, skills } of juries) {
		document
			.heading(2, t('Compared with the jury {0}', juror))
			.fact(t('Answers read by both'), formatCount(read))
			.fact(t('The same skills'), rate(identical))
			.fact(t('At least one in common'), rate(overlapping));
		document.fact(t('Kappa over answers × skills'), kappa(overall)).fact(t('Kappa of the verdicts'), kappa(judges));
		document.table(
			[
				[t('answers'), t('alike'), t('shared skills of all skills named'), t('kappa'), t('skill')],
				...skills.map((skill) => [
					formatCount(skill.n),
					formatWholePercent(skill.observed),
					formatWholePercent(skill.overlap),
					kappa(skill),
					labelOf(skill),
				]),
			],
			[0, 1, 2],
		);
	}
	if (pairs.length > 0) {
		document.heading(2, t('Perhaps one skill'));
		pairs.forEach(({ left, right, swapped, questions }) =>
			document.text(
				t(
					'{0} and {1}: exchanged in {2} of {3} answers',
					skillLabel(left),
					skillLabel(right),
					swapped,
					questions,
				),
			),
		);
	}
	const open = disagreements.filter(({ settled }) => !settled);
	if (open.length > 0) {
		document.heading(2, t('To settle: {0}', formatCount(open.length)));
		for (const { title, teacher, jury } of open.slice(0, 500)) {
			document.heading(3, title).fact(t('teacher'), names(teacher));
			jury.forEach(({ juror, skills, reason }) => document.fact(juror, names(skills)).text(reason));
		}
	}
	return document.toString();
}

const rate = ({ hits, of, rate: share, ci95: [low, high] }: Rate): string =>
	share === null
		? t('unknown')
		: `${formatWholePercent(share)} (${formatCount(hits)}/${formatCount(of)}; ${formatWholePercent(low)} – ` +
			`${formatWholePercent(high)})`;
const cells = ({ hits, of, ci95: [low, high] }: Rate): string[] =>
	of === 0 ? ['–', ''] : [`${hits}/${of}`, `${formatWholePercent(low)} – ${formatWholePercent(high)}`];
const kappa = ({ kappa: value, kappa95 }: Agreement): string =>
	value === null
		? '–'
		: `${value.toFixed(2)}${kappa95 ? ` (${kappa95[0].toFixed(2)} – ${kappa95[1].toFixed(2)})` : ''}`;
const labelOf = ({ name }: SkillRef): string => skillLabel(name);
const names = (skills: readonly SkillRef[]): string =>
	skills.length === 0 ? t('correct') : skills.map(labelOf).join(', ');
