import type { Reads } from '../../core/ports/store.ts';
import { readEdits, skillNames } from '../tables/resolveNames.ts';
import type { Context } from '../tables/verb.ts';

export function skillEdits(context: Context): Reads['skillEdits']['result'] {
	const moved = new Map(
		context.db
			.all('SELECT id, labels, findings FROM skill_edit')
			.map(([id, labels, findings]) => [Number(id), { labels: Number(labels), findings: Number(findings) }]),
	);
	return readEdits(context).map((entry) => ({ ...entry, ...(moved.get(entry.id) ?? { labels: 0, findings: 0 }) }));
}

export function presentSkills(
	context: Context,
	{ rows }: Reads['presentSkills']['params'],
): Reads['presentSkills']['result'] {
	const names = skillNames(context);
	return rows.map(({ skill, questionId }) => names.present(skill, questionId));
}
