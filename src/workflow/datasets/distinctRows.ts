import type { ChainRow, DatasetCard, DatasetRow } from '../../core/datasets/dataset.ts';
import { skillKey } from '../../core/skills/skill.ts';

export function distinctOf(rows: readonly (readonly [DatasetRow, ChainRow])[]): {
	distinct: number;
	questions: number;
} {
	return {
		distinct: new Set(rows.map(([{ questionId, solution }]) => `${questionId}\n${solution}`)).size,
		questions: new Set(rows.map(([{ questionId }]) => questionId)).size,
	};
}

export function skillsOf(rows: readonly (readonly [DatasetRow, ChainRow])[]): DatasetCard['skills'] {
	const skills = new Map<string, { subject: string; skill: string; pairs: number }>();
	for (const [{ skill }] of rows) {
		if (skill) {
			const known = skills.get(skillKey(skill)) ?? { subject: skill.subject, skill: skill.name, pairs: 0 };
			known.pairs += 1;
			skills.set(skillKey(skill), known);
		}
	}
	return [...skills]
		.sort(([leftKey, left], [rightKey, right]) => right.pairs - left.pairs || (leftKey < rightKey ? -1 : 1))
		.map(([, skill]) => skill);
}
