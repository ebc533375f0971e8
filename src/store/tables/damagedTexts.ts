import type { SqlValue } from 'sql.js';
import { StatError } from '../../core/errors/statError.ts';
import type { DamagedTexts, TextOwner } from '../../core/ports/store/project.ts';
import type { Pointer } from '../engine/packed.ts';
import { pointerOf, unpack, unpackString } from '../engine/packed.ts';
import type { Context } from './verb.ts';

/**
 * Queries for texts whose location has its own columns. They return the segment, offset, length and sum, then what the
 * text belongs to, and then the row of its question, if there is one.
 */
const inColumns: readonly (readonly [owner: TextOwner, sql: string])[] = [
	[
		'answer',
		"SELECT a.segment, a.offset, a.length, a.sum, s.student || ', round ' || s.round || ', question ' || q.qid || " +
			"', sample ' || a.sample, q.id FROM answer a JOIN scope s ON s.id = a.scope JOIN question q ON q.id = a.question",
	],
	['reply', "SELECT segment, offset, length, sum, 'reply ' || key, NULL FROM reply"],
];

const ofQuestion = (table: string): string =>
	`SELECT t.body, 'question ' || q.qid, q.id FROM ${table} t JOIN question q ON q.id = t.question`;

/**
 * Queries for texts that are in the segments only if they are long. They return the text, then what it belongs to, and
 * then the row of its question, if there is one.
 */
const packed: readonly (readonly [owner: TextOwner, sql: string])[] = [
	['solution', "SELECT solution, 'question ' || qid, id FROM question"],
	['diagnosis', ofQuestion('diagnosis')],
	['verdict', ofQuestion('verdict')],
	['correction', ofQuestion('correction')],
	['annotation', ofQuestion('annotation')],
	['problem', "SELECT body, 'dataset ' || dataset || ', problem ' || qid, NULL FROM item"],
	['decision', "SELECT body, 'dataset ' || dataset || ', problem ' || qid, NULL FROM item_decision"],
	['skillEdit', "SELECT body, 'edit ' || id, NULL FROM skill_edit"],
	['setAside', "SELECT text, 'row ' || id, NULL FROM set_aside"],
];

export function damagedTexts(context: Context): readonly DamagedTexts[] {
	const found = new Map<string, Omit<DamagedTexts, 'sources'> & { readonly sources: Set<string> }>();
	const check = (owner: TextOwner, pointer: Pointer, about: SqlValue, question: SqlValue): void => {
		const file = damagedFile(context, pointer);
		if (file === undefined) {
			return;
		}
		const key = `${owner} ${file}`;
		const first = { owner, file, count: 0, offset: pointer[1], about: String(about), sources: new Set<string>() };
		const entry = found.get(key) ?? first;
		found.set(key, { ...entry, count: entry.count + 1 });
		for (const source of question === null ? [] : sourcesOf(context, question)) {
			entry.sources.add(source);
		}
	};
	for (const [owner, sql] of inColumns) {
		context.db.each(sql, [], (row) => check(owner, pointerOf(row), row[4] ?? null, row[5] ?? null));
	}
	for (const [owner, sql] of packed) {
		context.db.each(sql, [], ([body, about = null, question = null]) => {
			const ref = unpack(body);
			if (ref !== null && typeof ref !== 'string') {
				check(owner, ref, about, question);
			}
		});
	}
	return [...found.values()].map((entry) => ({ ...entry, sources: [...entry.sources].sort() }));
}

/** Returns the segment that should contain the text, or `undefined` if the text can be read. */
function damagedFile({ texts }: Context, pointer: Pointer): string | undefined {
	try {
		texts.read(pointer);
		return undefined;
	} catch (error) {
		if (error instanceof StatError) {
			return String(error.data['file']);
		}
		throw error;
	}
}

function sourcesOf({ db }: Context, question: SqlValue): string[] {
	return db
		.all('SELECT s.name FROM question_source qs JOIN source s ON s.id = qs.source WHERE qs.question = ?', question)
		.map(([name]) => unpackString(name) ?? '');
}
