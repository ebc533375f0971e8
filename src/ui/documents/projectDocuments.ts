import * as vscode from 'vscode';
import type { Annotation } from '../../core/diagnosis/annotation.ts';
import { effectiveMissing, isInForce } from '../../core/diagnosis/annotation.ts';
import type { Answer, Verdict } from '../../core/questions/answer.ts';
import type { DatasetCard } from '../../core/datasets/dataset.ts';
import { methodNames } from '../../core/datasets/dataset.ts';
import type { Correction, Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import { formatCount, formatMoney } from '../../core/text/formatNumber.ts';
import type { Question } from '../../core/questions/question.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import type { SetAsideRow } from '../../core/ports/store/setAside.ts';
import type { WhyResult } from '../../workflow/datasets/why.ts';
import { subjectLabel } from '../views/skillsTree.ts';
import { DocumentText } from './documentText.ts';

const t = vscode.l10n.t;

export function questionDocument(
	question: Question & { readonly labels: readonly SkillRef[]; readonly sources: readonly string[] },
): string {
	const document = new DocumentText().heading(1, t('Question'));
	facts(document, question);
	document
		.fact(t('Skills'), question.labels.map(({ name }) => skillLabel(name)).join(', '))
		.fact(t('From'), question.sources.join(', '));
	document.heading(2, t('Text')).text(question.text);
	if (question.gold !== null) {
		document.heading(2, t('Reference answer')).text(question.gold);
	}
	if (question.solution !== null) {
		document.heading(2, t('Reference solution')).text(question.solution);
	}
	return document.toString();
}

export interface AnswersDocument {
	readonly question: Question;
	readonly student: string;
	readonly round: number;
	readonly answers: readonly Answer[];
	readonly diagnosis: Diagnosis | null;
	readonly correction: Correction | null;
	/** Annotations of the answers, without dismissed ones. */
	readonly annotations: readonly Annotation[];
}

export function answersDocument({
	question,
	student,
	round,
	answers,
	diagnosis,
	correction,
	annotations,
}: AnswersDocument): string {
	const document = new DocumentText().heading(1, t('Answers of {0}, round {1}', student, round));
	facts(document, question);
	document.heading(2, t('Question')).text(question.text);
	if (question.gold !== null) {
		document.heading(2, t('Reference answer')).text(question.gold);
	}
	const standing = annotations.filter(({ action }) => isInForce(action));
	if (diagnosis || correction || standing.length > 0) {
		diagnosisPart(document, diagnosis, correction, standing);
	}
	if (answers.length === 0) {
		document
			.heading(2, t('No answer of this student and round'))
			.text(t('Import answers, or switch to another student or round.'));
	}
	for (const answer of answers) {
		const final = answer.extracted === null ? t('no final answer found') : t('final answer {0}', answer.extracted);
		document.heading(
			2,
			`${t('Sample {0} of {1}', answers.indexOf(answer) + 1, answers.length)} · ` +
				`${verdictMark(answer.verdict)} · ${final}`,
		);
		if (answer.logVerdict !== null && answer.logVerdict !== answer.verdict) {
			document.text(t('Verdict of its log: {0}', verdictMark(answer.logVerdict)));
		}
		if (answer.steps.length === 0) {
			document.text(answer.text);
		}
		answer.steps.forEach(([start, end], at) => {
			const score = answer.stepScores?.[at];
			const wrong = diagnosis?.sample === answer.sample && diagnosis.firstWrongStep === at;
			document.heading(
				3,
				[
					t('Step {0}', at + 1),
					score === undefined ? '' : t('reward {0}', score.toFixed(2)),
					wrong ? t('first wrong step') : '',
				]
					.filter(Boolean)
					.join(' · '),
			);
			document.text(answer.text.slice(start, end).trim());
		});
	}
	if (question.solution !== null) {
		document.heading(2, t('Reference solution')).text(question.solution);
	}
	return document.toString();
}

export function cardDocument(card: DatasetCard): string {
	const document = new DocumentText()
		.heading(1, t('Dataset {0}', card.name))
		.fact(t('Method'), methodNames[card.method])
		.fact(t('Pairs'), formatCount(card.pairs))
		.fact(t('Distinct pairs'), formatCount(card.distinct))
		.fact(t('Distinct questions'), formatCount(card.questions))
		.fact(t('Built for'), card.student === null ? null : t('{0}, round {1}', card.student, card.round ?? 1))
		.fact(t('Seed'), card.seed)
		.fact(t('SHA-256 of data.jsonl'), card.sha256)
		.fact(t('Built at'), card.createdAt);
	document.heading(2, t('Teacher'));
	if (card.teacher) {
		document
			.fact(t('Model'), card.teacher.model)
			.fact(t('Asked at'), card.teacher.endpoint)
			.fact(t('Calls'), formatCount(card.calls))
			.fact(
				t('Cost'),
				card.cost === null ? t('unknown: no price is known for this model') : formatMoney(card.cost),
			)
			.fact(t('Prompts'), card.promptVersions.join(', '));
	} else {
		document.text(t('None: the original solutions were used.'));
	}
	document.heading(2, t('Counts by stage'));
	document.table(
		[
			[t('Stage'), t('Rows')],
			...Object.entries(card.yield).map(([stage, count]) => [spacedName(stage), formatCount(count)]),
		],
		[1],
	);
	document.fact(t('Set aside'), card.setAside > 0 ? formatCount(card.setAside) : null);
	document.heading(2, t('Departures from the paper'));
	if (card.deviations.length === 0) {
		document.text(t('None.'));
	}
	card.deviations.forEach((deviation) => document.text(`- ${deviation}`));
	document.heading(2, t('Settings'));
	document.table([
		[t('Setting'), t('Value')],
		...Object.entries(card.settings).map(([name, value]) => [
			spacedName(name),
			value === null ? '–' : String(value),
		]),
	]);
	if (card.skills.length > 0) {
		document.heading(2, t('Skills'));
		const rows = [...card.skills].sort((a, b) => b.pairs - a.pairs || a.skill.localeCompare(b.skill));
		document.table(
			[
				[t('Skill'), t('Subject'), t('Pairs')],
				...rows.map(({ skill, subject, pairs }) => [
					skillLabel(skill),
					subjectLabel(subject),
					formatCount(pairs),
				]),
			],
			[2],
		);
	}
	return document.toString();
}

export function whyDocument(name: string, why: WhyResult): string {
	const document = new DocumentText()
		.heading(1, t('Why row {0} of {1}', why.row.index, name))
		.fact(t('Kind'), why.row.kind)
		.fact(t('Flags'), why.row.flags.join(', '));
	document.heading(2, t('The row: question')).text(why.row.question);
	document.heading(2, t('The row: solution')).text(why.row.solution).fact(t('Reference answer'), why.row.gold);
	document.heading(2, t('The skill it is for'));
	const now = why.skill_now ? ` · ${t('called {0} now', skillLabel(why.skill_now.name))}` : '';
	document.text(
		why.skill
			? `${skillLabel(why.skill.name)} (${subjectLabel(why.skill.subject)})${now}`
			: t('none in particular: a baseline'),
	);
	if (why.question) {
		document
			.heading(
				2,
				why.skill ? t('which this difficult question needs') : t('It is similar to this difficult question'),
			)
			.fact(t('Subject'), why.question.subject)
			.fact(t('Level'), why.question.level)
			.text(why.question.text)
			.fact(t('Reference answer'), why.question.gold);
	}
	if (why.student_answer) {
		const { student, round, sample, text, extracted, verdict } = why.student_answer;
		document
			.heading(
				2,
				why.skill ? t('and which the answer of {0} fails to use', student) : t('which {0} answered', student),
			)
			.fact(t('Round'), round)
			.fact(t('Sample'), sample + 1)
			.fact(t('Verdict'), verdictMark(verdict))
			.fact(t('Final answer'), extracted)
			.text(text);
	}
	if (why.diagnosis) {
		document
			.heading(2, why.diagnosis.from === 'person' ? t('according to a person') : t('according to the teacher'))
			.fact(t('Judged'), why.diagnosis.judge)
			.fact(
				t('First wrong step'),
				why.diagnosis.firstWrongStep === null ? null : why.diagnosis.firstWrongStep + 1,
			)
			.fact(t('Missing skills'), why.diagnosis.skills.map((skill) => skillLabel(skill.name)).join(', '))
			.fact(t('Model'), why.diagnosis.model)
			.fact(t('Reason'), why.diagnosis.reason);
	}
	for (const { author, skills, quote, note } of why.annotations) {
		document
			.heading(2, t('Words that {0} annotated', author))
			.fact(t('Missing skills'), skills.map((skill) => skillLabel(skill.name)).join(', '))
			.fact(t('Note'), note)
			.text(quote);
	}
	if (why.references.length > 0) {
		document.heading(2, t('written after these questions'));
		why.references.forEach(({ text }, at) => document.heading(3, t('Reference {0}', at + 1)).text(text));
	}
	if (why.agreement) {
		document
			.heading(2, t('Agreement'))
			.text(t('{0} of {1} solutions agree on the final answer', why.agreement.agree, why.agreement.of));
	}
	if (why.teacher) {
		document
			.heading(2, t('The teacher that wrote it'))
			.fact(t('Model'), why.teacher.model)
			.fact(t('Prompt'), why.teacher.promptVersion)
			.fact(t('Reply'), why.teacher.replyKey)
			.fact(t('At'), why.teacher.at);
	}
	return document.toString();
}

export function setAsideDocument(operation: string | null, total: number, rows: readonly SetAsideRow[]): string {
	const document = new DocumentText().heading(
		1,
		operation === null ? t('Set aside') : t('Set aside: {0}', operation),
	);
	document.text(
		total === 0
			? t('Nothing: every row was imported.')
			: t(
					'{0} rows could not be used. Each is listed with its reason until the operation is run again.',
					formatCount(total),
				),
	);
	if (rows.length < total) {
		document.text(t('The first {0} are shown.', formatCount(rows.length)));
	}
	let last: string | undefined;
	for (const row of rows) {
		if (operation === null && row.operation !== last) {
			document.heading(2, row.operation);
			last = row.operation;
		}
		const place = [
			row.file === null ? '' : baseName(row.file),
			row.line === null || row.line === 0 ? '' : t('line {0}', row.line),
			row.field ?? '',
		]
			.filter(Boolean)
			.join(' · ');
		document.heading(3, place || row.key).text(row.message);
		if (row.text !== null && row.text !== '') {
			document.fact(t('It reads'), '…').text(row.text);
		}
	}
	return document.toString();
}

/** Returns a document that states why the requested one cannot be shown. */
export function problemDocument(message: string): string {
	return new DocumentText().heading(1, t('This document cannot be shown')).text(message).toString();
}

function facts(document: DocumentText, { subject, level, split, benchmark, id }: Question): void {
	document
		.fact(t('Subject'), subject)
		.fact(t('Level'), level)
		.fact(t('Split'), split)
		.fact(t('Benchmark'), benchmark)
		.fact(t('Id'), id);
}

function diagnosisPart(
	document: DocumentText,
	diagnosis: Diagnosis | null,
	correction: Correction | null,
	annotations: readonly Annotation[],
): void {
	const { skills, disputed } = effectiveMissing(diagnosis, correction, annotations);
	document
		.heading(2, t('Diagnosis'))
		.fact(
			t('Counted as missing'),
			disputed ? t('nothing: disputed') : skills.map(({ name }) => skillLabel(name)).join(', '),
		);
	if (diagnosis) {
		document
			.fact(t('Judged'), diagnosis.judge === 'correct' ? t('correct') : t('incorrect'))
			.fact(t('First wrong step'), diagnosis.firstWrongStep === null ? null : diagnosis.firstWrongStep + 1)
			.fact(t('Missing skills'), diagnosis.skills.map(({ name }) => skillLabel(name)).join(', '))
			.fact(t('Names not on the list'), diagnosis.offList.join(', '))
			.fact(t('Teacher'), `${diagnosis.model} · ${diagnosis.promptVersion}`)
			.fact(t('Reason'), diagnosis.reason);
	}
	if (correction && correction.verdict !== 'withdrawn') {
		document
			.heading(3, correctionTitle(correction))
			.fact(t('Missing skills'), correction.skills?.map(({ name }) => skillLabel(name)).join(', '))
			.fact(t('At'), correction.at);
		if (correction.note !== null) {
			document.text(correction.note);
		}
	}
	for (const { author, at, skills: named, quote, note, sample, counts } of annotations) {
		document
			.heading(3, t('{0} annotated sample {1}', author, sample + 1))
			.fact(t('Missing skills'), named.map(({ name }) => skillLabel(name)).join(', '))
			.fact(t('Counts'), counts ? null : t('no: the answer was disputed later'))
			.fact(t('At'), at)
			.text(quote);
		if (note !== null) {
			document.text(note);
		}
	}
}

function correctionTitle({ author, verdict }: Correction): string {
	switch (verdict) {
		case 'agreed':
			return t('{0} agrees', author);
		case 'disputed':
			return t('{0} disputes it: nothing is missing', author);
		default:
			return t('{0} changed it', author);
	}
}

function verdictMark(verdict: Verdict): string {
	if (verdict === true) {
		return `✓ ${t('right')}`;
	}
	return verdict === false ? `✗ ${t('wrong')}` : `? ${t('unsure')}`;
}

/** Converts `missingSkills` to `missing skills`. */
function spacedName(name: string): string {
	return name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

/** Returns the last segment of a path, for any operating system. */
function baseName(file: string): string {
	return file.split(/[\\/]/).at(-1) ?? file;
}
