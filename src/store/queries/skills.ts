import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSubject } from '../../core/skills/skill.ts';
import type { Reads, SkillRow } from '../../core/ports/store.ts';
import { knownScope } from '../tables/identities.ts';
import { searchable, unpackString } from '../engine/packed.ts';
import { sourceCode } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';

export function skills({ db }: Context, { scope }: Reads['skills']['params']): readonly SkillRow[] {
	const scopeId = scope ? (knownScope(db, scope) ?? -1) : -1;
	return db
		.all(
			`SELECT s.subject, s.name, coalesce(l.train, 0), coalesce(l.evaluation, 0), coalesce(m.missed, 0), a.text FROM skill s
			LEFT JOIN (SELECT l.skill AS skill, sum(q.split = 0) AS train, sum(q.split <> 0) AS evaluation FROM label l JOIN question q ON q.id = l.question WHERE l.effective = 1 GROUP BY l.skill) l ON l.skill = s.id
			LEFT JOIN (SELECT m.skill AS skill, count(*) AS missed FROM missing m JOIN difficulty d ON d.scope = m.scope AND d.question = m.question AND d.difficult = 1 JOIN question q ON q.id = m.question AND q.split = 1 WHERE m.scope = ? GROUP BY m.skill) m ON m.skill = s.id
			LEFT JOIN skill_about a ON a.skill = s.id
			WHERE s.id NOT IN (SELECT skill FROM skill_gone) OR l.train IS NOT NULL OR m.missed IS NOT NULL
			ORDER BY s.subject, s.name`,
			scopeId,
		)
		.map(([subject, name, train, evaluation, missed, about]) => ({
			subject: String(subject),
			name: String(name),
			train: Number(train),
			evaluation: Number(evaluation),
			missed: Number(missed),
			description: unpackString(about),
		}));
}

export function skillMap({ db }: Context): Reads['skillMap']['result'] {
	const map: (SkillRef & { questions: string[] })[] = [];
	let current = -1;
	db.each(
		'SELECT s.id, s.subject, s.name, q.qid FROM label l JOIN skill s ON s.id = l.skill JOIN question q ' +
			'ON q.id = l.question WHERE l.effective = 1 AND q.split = 0 ORDER BY s.subject, s.name, q.qid',
		[],
		([id, subject, name, qid]) => {
			if (id !== current) {
				current = Number(id);
				map.push({ subject: String(subject), name: String(name), questions: [] });
			}
			map.at(-1)?.questions.push(String(qid));
		},
	);
	return map;
}

export function skillList({ db }: Context, { subject }: Reads['skillList']['params']): readonly SkillRef[] {
	const wanted = subject === null ? '' : searchable(normaliseSubject(subject));
	const rows =
		wanted === ''
			? db.all(
					'SELECT subject, name FROM skill WHERE id NOT IN (SELECT skill FROM skill_gone) ORDER ' +
						'BY subject, name',
				)
			: db.all(
					'SELECT subject, name FROM skill WHERE subject = ? AND id NOT IN (SELECT skill FROM ' +
						'skill_gone) ORDER BY subject, name',
					wanted,
				);
	return rows.map(([of, name]) => ({ subject: String(of), name: String(name) }));
}

export function labels({ db }: Context, { ids, source }: Reads['labels']['params']): Reads['labels']['result'] {
	const select =
		'SELECT s.subject, s.name FROM question q JOIN label l ON l.question = q.id JOIN skill s ON s.id = ' +
		`l.skill WHERE q.qid = ? AND ${source ? 'l.source = ?' : 'l.effective = 1'} ORDER BY s.subject, s.name`;
	return ids
		.map((questionId) => ({
			questionId,
			skills: db
				.all(select, ...(source ? [questionId, sourceCode(source)] : [questionId]))
				.map(([subject, name]) => ({ subject: String(subject), name: String(name) })),
		}))
		.filter(({ skills: found }) => found.length > 0);
}

export function subjects({ db }: Context): Reads['subjects']['result'] {
	return db
		.all("SELECT coalesce(subject, ''), sum(split = 0), sum(split <> 0) FROM question GROUP BY 1 ORDER BY 1")
		.map(([subject, train, evaluation]) => ({
			subject: String(subject),
			train: Number(train),
			evaluation: Number(evaluation),
		}));
}
