import type { Reads } from '../../core/ports/store/store.ts';
import { textOf } from './joining.ts';
import { isPlain, pack, unpack, unpackString } from '../engine/packed.ts';
import { splitName } from './shapes.ts';
import type { Context } from './verb.ts';

export function status({ db, seq }: Context): Reads['status']['result'] {
	const questions = { train: 0, validation: 0, test: 0 };
	for (const [split, count] of db.all('SELECT split, count(*) FROM question GROUP BY split')) {
		questions[splitName(split)] = Number(count);
	}
	return {
		questions,
		skills: db.number('SELECT count(*) FROM skill WHERE id NOT IN (SELECT skill FROM skill_gone)'),
		links: db.number('SELECT count(*) FROM label WHERE effective = 1'),
		answers: db.number('SELECT coalesce(sum(samples), 0) FROM tally'),
		difficult: db.number('SELECT count(*) FROM difficulty WHERE difficult = 1'),
		diagnosed: db.number('SELECT count(*) FROM diagnosis'),
		corrected: db.number('SELECT count(*) FROM finding WHERE corrected = 1'),
		replies: db.number('SELECT count(*) FROM reply'),
		setAside: db.number('SELECT count(*) FROM set_aside'),
		seq,
	};
}

export function benchmarks({ db }: Context): Reads['benchmarks']['result'] {
	return db
		.all('SELECT benchmark, count(*) FROM question WHERE benchmark IS NOT NULL GROUP BY 1 ORDER BY 1')
		.map(([benchmark, questions]) => ({ benchmark: unpackString(benchmark) ?? '', questions: Number(questions) }));
}

export function setting({ db }: Context, { key }: Reads['setting']['params']): unknown {
	const row = isPlain(key) ? db.get('SELECT value FROM setting WHERE key = ?', key) : undefined;
	return row ? JSON.parse(String(row[0])) : undefined;
}

export function setAsideOperations({ db }: Context): Reads['setAsideOperations']['result'] {
	return db
		.all('SELECT operation, count(*) FROM set_aside GROUP BY 1')
		.map(([operation, count]) => ({ operation: unpackString(operation) ?? '', count: Number(count) }))
		.sort((a, b) => (a.operation < b.operation ? -1 : 1));
}

export function setAside(
	context: Context,
	{ operation, offset, limit }: Reads['setAside']['params'],
): Reads['setAside']['result'] {
	const where = operation === null ? '' : 'WHERE operation = ?';
	const params = operation === null ? [] : [pack(operation)];
	return {
		total: context.db.number(`SELECT count(*) FROM set_aside ${where}`, ...params),
		rows: context.db
			.all(
				`SELECT operation, key, file, line, field, message, text, at FROM set_aside ${where} ORDER ` +
					'BY id LIMIT ? OFFSET ?',
				...params,
				limit,
				offset,
			)
			.map((row) => ({
				operation: unpackString(row[0]) ?? '',
				key: unpackString(row[1]) ?? '',
				file: unpackString(row[2]),
				line: row[3] === null ? null : Number(row[3]),
				field: unpackString(row[4]),
				message: unpackString(row[5]) ?? '',
				text: textOf(context, unpack(row[6])),
				at: unpackString(row[7]) ?? '',
			})),
	};
}
