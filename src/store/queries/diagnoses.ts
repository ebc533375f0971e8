import * as z from 'zod';
import type { MissingSkills } from '../../core/diagnosis/diagnosis.ts';
import type { Reads } from '../../core/ports/store.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { knownScope, questionRow } from '../tables/identities.ts';
import { unpackString } from '../engine/packed.ts';
import { bool } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';
import {
	correctionInForce,
	correctionWithPresentNames,
	readCorrections,
	readDiagnosis,
	withPresentNames,
} from '../verbs/diagnoses.ts';

const settingsShape = z.record(z.string(), z.union([z.number(), z.string(), z.null()]));

export function classification(
	{ db }: Context,
	params: Reads['classification']['params'],
): Reads['classification']['result'] {
	const scope = knownScope(db, params);
	const head =
		scope === undefined
			? undefined
			: db.get('SELECT method, settings, at FROM classification WHERE scope = ?', scope);
	if (scope === undefined || !head) {
		return null;
	}
	const difficult: string[] = [];
	const unclassified: string[] = [];
	let easy = 0;
	db.each(
		'SELECT q.qid, d.difficult FROM difficulty d JOIN question q ON q.id = d.question WHERE d.scope = ' +
			'? ORDER BY q.qid',
		[scope],
		([id, value]) => {
			const isDifficult = bool(value);
			if (isDifficult === false) {
				easy++;
			} else {
				(isDifficult ? difficult : unclassified).push(String(id));
			}
		},
	);
	return {
		method: String(head[0]),
		settings: settingsShape.parse(JSON.parse(String(head[1]))),
		at: String(JSON.parse(String(head[2]))),
		difficult,
		unclassified,
		easy,
	};
}

export function diagnosis(context: Context, params: Reads['diagnosis']['params']): Reads['diagnosis']['result'] {
	const scope = knownScope(context.db, params);
	const question = questionRow(context.db, params.questionId);
	if (scope === undefined || question === undefined) {
		return { diagnosis: null, correction: null, history: [] };
	}
	const history = readCorrections(context, scope, question).map((correction) =>
		correctionWithPresentNames(context, correction),
	);
	const read = readDiagnosis(context, scope, question);
	return { diagnosis: read && withPresentNames(context, read), correction: correctionInForce(history), history };
}

export function diagnosedIds({ db }: Context, params: Reads['diagnosedIds']['params']): readonly string[] {
	const scope = knownScope(db, params);
	return scope === undefined
		? []
		: db
				.all(
					'SELECT q.qid FROM diagnosis d JOIN question q ON q.id = d.question WHERE d.scope = ? ' +
						'ORDER BY q.qid',
					scope,
				)
				.map(([id]) => String(id));
}

export function missingSkills({ db }: Context, params: Reads['missingSkills']['params']): readonly MissingSkills[] {
	const scope = knownScope(db, params);
	if (scope === undefined) {
		return [];
	}
	const skills = new Map<number, SkillRef[]>();
	db.each(
		'SELECT m.question, s.subject, s.name FROM missing m JOIN skill s ON s.id = m.skill WHERE m.scope ' +
			'= ? ORDER BY m.question, m.place',
		[scope],
		([question, subject, name]) => {
			const list = skills.get(Number(question)) ?? [];
			skills.set(Number(question), list);
			list.push({ subject: String(subject), name: String(name) });
		},
	);
	return db
		.all(
			params.everyDiagnosed
				? 'SELECT q.id, q.qid, q.subject, f.corrected, f.disputed FROM finding f JOIN question q ON ' +
						'q.id = f.question WHERE f.scope = ? AND q.split = 1 AND (f.diagnosed = 1 OR f.corrected = ' +
						'1) ORDER BY q.qid'
				: `SELECT q.id, q.qid, q.subject, f.corrected, f.disputed FROM difficulty d JOIN question q ON q.id = d.question JOIN finding f ON f.scope = d.scope AND f.question = d.question
					WHERE d.scope = ? AND d.difficult = 1 AND q.split = 1 AND (f.diagnosed = 1 OR f.corrected = 1) ORDER BY q.qid`,
			scope,
		)
		.map(([id, qid, subject, corrected, disputed]) => ({
			questionId: String(qid),
			subject: unpackString(subject),
			skills: skills.get(Number(id)) ?? [],
			from: bool(corrected) ? 'person' : 'teacher',
			disputed: bool(disputed) === true,
		}));
}
