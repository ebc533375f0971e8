import type { DifficultyRule } from '../../core/difficulty/difficulty.ts';
import { answerRule } from '../../core/difficulty/difficulty.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { Reads } from '../../core/ports/store/store.ts';
import type { WhatIfQuestion, WhatIfTable } from '../../core/datasets/whatIf.ts';
import type { Scope } from '../../core/scope.ts';
import { allDigests, labelsOf } from '../reading/chunks.ts';
import { profiledOn } from '../questions/profiledOn.ts';

/** Reads the data that a round's what-if dials work on. */
export async function whatIfTable(
	parts: Pick<Parts, 'store' | 'grader'>,
	scope: Scope,
	run: Pick<Run, 'signal'>,
): Promise<WhatIfTable> {
	const { store, grader } = parts;
	const at = { student: scope.student, round: scope.round };
	const [classification, found, map, digests, { questions: totals }] = await Promise.all([
		store.read('classification', at),
		store.read('missingSkills', { ...at, everyDiagnosed: true }),
		store.read('skillMap', {}),
		allDigests(store, at),
		store.read('status', {}),
	]);
	const on = await profiledOn(store, at, undefined);
	throwIfCancelled(run);
	const validation = digests.filter(({ split, questionId }) => split === 'validation' && on.has(questionId));
	const labels = new Map(
		(
			await labelsOf(
				store,
				validation.map(({ questionId }) => questionId),
			)
		).map(({ questionId, skills }) => [questionId, skills]),
	);
	const missing = new Map(found.map((row) => [row.questionId, row]));
	const [difficult, unclassified] = [new Set(classification?.difficult), new Set(classification?.unclassified)];

	const skills: SkillRef[] = [];
	const indexes = new Map<string, number>();
	const indexOf = (skill: SkillRef): number => {
		const key = skillKey(skill);
		const known = indexes.get(key) ?? skills.push({ subject: skill.subject, name: skill.name }) - 1;
		indexes.set(key, known);
		return known;
	};
	map.forEach(indexOf);
	const numbers = new Map<string, number>();
	const numberOf = (id: string): number => {
		const known = numbers.get(id) ?? numbers.size;
		numbers.set(id, known);
		return known;
	};
	const questions: WhatIfQuestion[] = [];
	for (const { questionId, extracted, samples, verdicts, words, reward } of validation) {
		const row = missing.get(questionId);
		throwIfCancelled(run);
		questions.push({
			id: questionId,
			subject: row?.subject ?? null,
			digest: { questionId, samples, verdicts, extracted: [], words, reward },
			groups: extracted.length > 1 ? await grader.groups(extracted) : extracted.map((_, index) => index),
			difficult: classification === null || unclassified.has(questionId) ? null : difficult.has(questionId),
			labels: (labels.get(questionId) ?? []).map(indexOf),
			missing: row ? row.skills.map(indexOf) : null,
			disputed: row?.disputed ?? false,
		});
	}
	const skillMap = map.map(({ questions: ids }) => ids.map(numberOf));
	return {
		skills,
		questions,
		skillMap: skills.map((_, index) => skillMap[index] ?? []),
		train: totals.train,
		rule: ruleInForce(classification),
	};
}

function ruleInForce(classification: Reads['classification']['result']): DifficultyRule | null {
	const number = (name: string): number | null => {
		const value = classification?.settings[name];
		return typeof value === 'number' ? value : null;
	};
	const [samples, tau1, tau2, words] = [number('samples'), number('tau1'), number('tau2'), number('words')];
	const rightBelow = number('rightBelow');
	switch (classification?.method) {
		case 'answer':
			return samples === null ? null : answerRule(samples, rightBelow);
		case 'reward':
			return tau1 === null || tau2 === null ? null : { method: 'reward', tau1, tau2 };
		case 'consistency':
			return samples === null ? null : { method: 'consistency', samples };
		case 'length':
			return words === null ? null : { method: 'length', words };
		default:
			return null;
	}
}
