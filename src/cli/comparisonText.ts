import { formatCost, formatPercent } from '../core/text/formatNumber.ts';
import { skillLabel } from '../core/skills/skill.ts';
import type { ComparedQuestion, TeacherComparison, TeacherReading } from '../workflow/datasets/compareTeachers.ts';
import { formatKappa, formatRate } from './agreementText.ts';
import { oneLine, table } from './wording.ts';

/** Number of differing questions in the text; the JSON has all questions. */
const shownQuestions = 20;

/** Formats what another teacher's diagnoses would change. */
export function formatComparison(comparison: TeacherComparison): string {
	const { first, second, diagnosed, compared, failed, remaining, calls, cost, agreement } = comparison;
	const models = first.join(', ');
	return [
		`${compared} of ${diagnosed} answers read by ${second} as well (${calls} calls, ${formatCost(cost)}` +
			`${failed > 0 ? `; ${failed} set aside` : ''}${remaining > 0 ? `; ${remaining} over the budget` : ''}); ` +
			`the diagnoses of ${models} stay as they are`,
		`the same skills in ${formatRate(agreement.identical)}, at least one in common in ` +
			`${formatRate(agreement.overlapping)}; of all skills either named, both named ` +
			formatPercent(agreement.overall.overlap),
		`kappa over answers × skills ${formatKappa(agreement.overall)}; on correct or not ` +
			`${formatPercent(agreement.judges.observed)} alike, kappa ${formatKappa(agreement.judges)}`,
		...peopleLines(comparison),
		...consequenceLines(comparison),
		...questionLines(comparison.questions),
		'agreement shows where two teachers say the same, not who is right',
	].join('\n');
}

function peopleLines({ people, first, second }: TeacherComparison): string[] {
	if (people === null) {
		return ['nobody has decided on one of these answers, so nothing shows which teacher is right'];
	}
	const line = (model: string, { precision, recall }: typeof people.first): string =>
		`against people's decisions, ${model}: precision ${formatRate(precision)}, recall ${formatRate(recall)}`;
	return [line(first.join(', '), people.first), line(second, people.second)];
}

function consequenceLines({ profile, selection, agreement }: TeacherComparison): string[] {
	const kappas = new Map(agreement.skills.map((skill) => [`${skill.subject}/${skill.name}`, skill]));
	const rows = Math.max(selection.first.pairs, selection.second.pairs);
	const share = rows === 0 ? null : selection.shared / rows;
	return [
		`profile of ${profile.questions} difficult questions (${profile.corrected} as people decided): ` +
			`${profile.common} of the ${profile.top} most missed skills are the same`,
		`STAT-Sel: ${selection.first.pairs} pairs, with the other teacher ${selection.second.pairs}; ` +
			`${selection.shared} in both (${formatPercent(share)})`,
		table([
			['missed', 'other', 'pairs', 'other', 'alike', 'kappa', 'skill'],
			...profile.skills.map(({ subject, name, first, second, firstPairs, secondPairs }) => {
				const skill = kappas.get(`${subject}/${name}`);
				return [
					first,
					second,
					firstPairs,
					secondPairs,
					formatPercent(skill?.observed ?? null),
					skill ? formatKappa(skill) : '–',
					subject === '' ? name : `${subject}: ${name}`,
				];
			}),
		]),
	];
}

function questionLines(questions: readonly ComparedQuestion[]): string[] {
	const differing = questions
		.filter(({ concord }) => concord !== 'same')
		.sort((left, right) => Number(right.concord === 'apart') - Number(left.concord === 'apart'));
	const names = ({ judge, skills }: TeacherReading): string =>
		judge === 'correct'
			? 'correct'
			: skills.map(({ name }) => skillLabel(name)).join(', ') || 'no skill of the list';
	return [
		`${differing.length} of ${questions.length} read differently` +
			(differing.length > shownQuestions ? `; ${shownQuestions} of them, all with --json:` : ':'),
		...differing
			.slice(0, shownQuestions)
			.flatMap(({ questionId, concord, title, first, second }) => [
				`${questionId}  ${concord === 'apart' ? 'nothing in common' : 'some in common'}`,
				`  ${oneLine(title, 100)}`,
				`  ${first.model}: ${names(first)}`,
				`  ${second.model}: ${names(second)}`,
			]),
	];
}
