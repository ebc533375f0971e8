import { budgetOf } from './budgetOptions.ts';
import { usageError } from './usageError.ts';
import { defaultJurySample } from '../core/diagnosis/teacherQuality.ts';
import { formatCost, formatPercent } from '../core/text/formatNumber.ts';
import type { SkillRef } from '../core/skills/skill.ts';
import { skillLabel } from '../core/skills/skill.ts';
import { disagreements, jury, planJury } from '../workflow/diagnosis/jury.ts';
import type { TeacherQuality } from '../workflow/diagnosis/teacherQuality.ts';
import { teacherQuality } from '../workflow/diagnosis/teacherQuality.ts';
import type { Rate } from '../core/stats/agreement.ts';
import { formatKappa, formatRate } from './agreementText.ts';
import { command } from './command.ts';
import { juryOptions, openJury } from './openParts.ts';
import { scopeOf, scopeOptions } from './scopeOptions.ts';
import { oneLine, table } from './wording.ts';

export const juryCommand = command({
	about:
		'Has a second teacher read a sample of the diagnosed answers, stratified by subject and missing skill, ' +
		'without the first one\'s diagnosis. Its diagnoses do not count until you settle the disagreements ("jury ' +
		'list", then "correct"); "quality" shows how far the two agree.',
	options: {
		...juryOptions,
		questions: {
			type: 'string',
			value: 'N',
			help: `size of the sample, including answers it has read before (default ${defaultJurySample})`,
		},
		seed: { type: 'string', value: 'N', help: 'seed of the sample (default 0)' },
		...scopeOptions,
	},
	teacher: true,
	async run({ parts, values, run, consent, dist }) {
		const opened = await parts();
		const scope = await scopeOf(opened.store, values);
		const juror = await openJury(values, opened, dist, run);
		if (!juror) {
			throw usageError('no jury is set: give --jury-url and --jury-model, or --jury scripted:FILE');
		}
		try {
			const asking = { ...opened, teacher: juror };
			const options = {
				...scope,
				questions: values.whole('questions', 1),
				seed: values.whole('seed'),
				budget: budgetOf(values),
			};
			await consent(await planJury(asking, options), [juror]);
			const result = await jury(asking, options, run);
			const quality = await teacherQuality(opened, scope);
			const own = quality.juries.filter((known) => known.juror === result.juror);
			return {
				json: { ...result, agreement: own[0] ?? null },
				text: [
					`${result.asked} of ${result.sample} answers read by ${result.juror}; ${result.calls} ` +
						`calls, ${formatCost(result.cost)}${result.failed > 0 ? `; ${result.failed} set aside` : ''}`,
					...juryLines({ ...quality, juries: own }),
				].join('\n'),
			};
		} finally {
			await juror.dispose();
		}
	},
});

export const listDisagreements = command({
	about:
		'Lists answers that the jury diagnosed differently, those without a common skill first. Settle one with ' +
		'"correct QUESTION --agree | --dispute | --skills NAME,…".',
	options: { all: { type: 'boolean', help: 'include those that somebody has settled' }, ...scopeOptions },
	async run({ parts, values }) {
		const opened = await parts();
		const all = await disagreements(opened, await scopeOf(opened.store, values));
		const shown = values.flag('all') ? all : all.filter(({ settled }) => !settled);
		const names = (skills: readonly SkillRef[]): string =>
			skills.length === 0 ? 'correct' : skills.map(({ name }) => skillLabel(name)).join(', ');
		const lines = shown.map(({ questionId, concord, teacher, jury: others, settled, title }) => {
			const common = concord === 'apart' ? 'nothing in common' : 'some in common';
			return [
				`${questionId}  ${settled ? 'settled' : common}`,
				`  ${oneLine(title, 100)}`,
				`  teacher: ${names(teacher)}`,
				others.map(({ juror, skills }) => `  ${juror}: ${names(skills)}`).join('\n'),
			].join('\n');
		});
		return {
			json: { disagreements: shown, settled: all.filter(({ settled }) => settled).length },
			text: [...lines, `${shown.length} to settle, ${all.filter(({ settled }) => settled).length} settled`].join(
				'\n',
			),
		};
	},
});

export const qualityCommand = command({
	about:
		"Reports how reliable the teacher's diagnoses are: precision and recall against people's corrections, " +
		'agreement with a second teacher (jury), overall and by skill with 95 % intervals, and pairs of skills that ' +
		'the teachers confuse.',
	options: scopeOptions,
	async run({ parts, values }) {
		const opened = await parts();
		const quality = await teacherQuality(opened, await scopeOf(opened.store, values));
		return {
			json: quality,
			text: [
				...peopleLines(quality),
				...juryLines(quality),
				...pairLines(quality),
				...quality.caveats.map((caveat) => `note: ${caveat}`),
			].join('\n'),
		};
	},
});

function peopleLines({ people, diagnosed }: TeacherQuality): string[] {
	return people === null
		? []
		: [
				`people looked at ${people.looked} of ${diagnosed} diagnoses: ${people.agreed} agreed, ` +
					`${people.changed} changed, ${people.disputed} disputed`,
				`precision ${formatRate(people.precision)}, recall ${formatRate(people.recall)}, all skills ` +
					`right ${formatRate(people.identical)}`,
				table([
					['precision', '', 'recall', '', 'skill'],
					...people.skills.map(({ subject, name, precision, recall }) => [
						...rateCells(precision),
						...rateCells(recall),
						subject === '' ? name : `${subject}: ${name}`,
					]),
				]),
			];
}

function juryLines({ juries }: Pick<TeacherQuality, 'juries'>): string[] {
	return juries.flatMap(({ juror, read, identical, overlapping, overall, judges, skills }) => [
		`${juror} read ${read} of the same answers: the same skills in ${formatRate(identical)}, at least ` +
			`one in common in ${formatRate(overlapping)}; of all skills either named, both named ` +
			`${formatPercent(overall.overlap)}`,
		`kappa over answers × skills ${formatKappa(overall)}; on correct or not ` +
			`${formatPercent(judges.observed)} alike, kappa ${formatKappa(judges)}`,
		table([
			['answers', 'alike', 'both of either', 'kappa', 'skill'],
			...skills.map((skill) => [
				skill.n,
				formatPercent(skill.observed),
				formatPercent(skill.overlap),
				formatKappa(skill),
				skill.subject === '' ? skill.name : `${skill.subject}: ${skill.name}`,
			]),
		]),
	]);
}

function pairLines({ pairs }: TeacherQuality): string[] {
	return pairs.map(
		({ subject, left, right, questions, swapped }) =>
			`perhaps one skill: ${skillLabel(left)} and ${skillLabel(right)}, exchanged in ${swapped} of ` +
			`${questions} readings ("skills merge ${subject === '' ? '' : `${subject}/`}${left} --into ` +
			`${right}")`,
	);
}

const rateCells = ({ hits, of, rate, ci95: [low, high] }: Rate): string[] =>
	rate === null ? ['–', ''] : [`${hits}/${of}`, `${formatPercent(low)}–${formatPercent(high)}`];
