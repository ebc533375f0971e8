import { createHash } from 'node:crypto';
import type { QuestionId } from '../../core/questions/question.ts';
import { normaliseQuestion, questionId } from '../../core/questions/question.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSkillName, normaliseSubject } from '../../core/skills/skill.ts';
import { isPlain, isWellFormed, pack, searchable } from '../engine/packed.ts';
import type { Sql } from '../engine/sql.ts';

/** Computes core's questionId with Node's own hash, which gives the same result several times faster. */
export function quickQuestionId(text: string): QuestionId {
	const normal = normaliseQuestion(text);
	return isWellFormed(normal)
		? createHash('sha256').update(normal, 'utf8').digest('hex').slice(0, 32)
		: questionId(text);
}

/** Returns the row number of a known question. */
export function questionRow(db: Sql, id: QuestionId): number | undefined {
	const row = db.get('SELECT id FROM question WHERE qid = ?', id);
	return row && Number(row[0]);
}

/**
 * Returns the row number of a skill; adds the skill if it is new. Names are stored normalised: `Solving Equations`
 * becomes `solving_equations`.
 */
export function skillRow(db: Sql, skill: SkillRef): { id: number; isNew: boolean } {
	const subject = searchable(normaliseSubject(skill.subject));
	const name = searchable(normaliseSkillName(skill.name));
	const known = db.get('SELECT id FROM skill WHERE subject = ? AND name = ?', subject, name);
	if (known) {
		return { id: Number(known[0]), isNew: false };
	}
	db.run('INSERT INTO skill (subject, name) VALUES (?, ?)', subject, name);
	return { id: db.number('SELECT last_insert_rowid()'), isNew: true };
}

/** Returns the row number of a known skill. */
export function knownSkill(db: Sql, skill: SkillRef): number | undefined {
	const row = db.get(
		'SELECT id FROM skill WHERE subject = ? AND name = ?',
		searchable(normaliseSubject(skill.subject)),
		searchable(normaliseSkillName(skill.name)),
	);
	return row && Number(row[0]);
}

/** Returns the row number of a (student, round); adds it if it is new. */
export function scopeRow(db: Sql, scope: { student: string; round: number }): number {
	const known = knownScope(db, scope);
	if (known !== undefined) {
		return known;
	}
	db.run('INSERT INTO scope (student, round) VALUES (?, ?)', scope.student, scope.round);
	return db.number('SELECT last_insert_rowid()');
}

export function knownScope(db: Sql, scope: { student: string; round: number }): number | undefined {
	const row = isPlain(scope.student)
		? db.get('SELECT id FROM scope WHERE student = ? AND round = ?', scope.student, scope.round)
		: undefined;
	return row && Number(row[0]);
}

/** Records a source of a question. */
export function addSource(db: Sql, question: number, source: number): void {
	db.run('INSERT OR IGNORE INTO question_source (question, source) VALUES (?, ?)', question, source);
}

/** Returns the row number of a source (a file's name, a dataset); adds it if it is new. */
export function sourceRow(db: Sql, name: string): number {
	const packed = pack(name);
	const known = db.get('SELECT id FROM source WHERE name = ?', packed);
	if (known) {
		return Number(known[0]);
	}
	db.run('INSERT INTO source (name) VALUES (?)', packed);
	return db.number('SELECT last_insert_rowid()');
}
