import type { Annotation, AnnotationEntry } from '../../core/diagnosis/annotation.ts';
import { effectiveMissing, isInForce } from '../../core/diagnosis/annotation.ts';
import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { knownScope, questionRow, scopeRow } from './identities.ts';
import { presentRow, skillNames } from './resolveNames.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import * as z from 'zod';
import type { Correction, Diagnosis, MissingSkills } from '../../core/diagnosis/diagnosis.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { TextRef } from '../engine/packed.ts';
import { pack, pointerOf, unpack, unpackString } from '../engine/packed.ts';
import { at, bool, qid, sample, scope, shortText, skills, textRef } from './shapes.ts';
import { StatError } from '../../core/errors/statError.ts';
import { requiredText, stored, textOf } from './joining.ts';

export function annotations(context: Context, params: Reads['annotations']['params']): readonly Annotation[] {
	const scope = knownScope(context.db, params);
	if (scope === undefined) {
		return [];
	}
	const names = skillNames(context);
	return params.ids.slice(0, 2000).flatMap((id) => {
		const question = questionRow(context.db, id);
		return question === undefined
			? []
			: readAnnotations(context, scope, question, latestCorrection(context, scope, question).disputedAt).map(
					(annotation) => ({ ...annotation, skills: names.presentAll(annotation.skills, id) }),
				);
	});
}

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
	const { correction } = latestCorrection(context, scope, question);
	return {
		diagnosis: read && withPresentNames(context, read),
		correction: correction && correctionWithPresentNames(context, correction),
		history,
	};
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

const annotationId = z.string().regex(/^[\w-]{8,64}$/, 'expected 8 to 64 letters, digits, _ or -');

const annotationShape: z.ZodType<AnnotationEntry> = z
	.object({
		...scope,
		id: annotationId,
		questionId: qid,
		sample,
		start: z.int().min(0),
		end: z.int().min(1),
		quote: shortText.min(1, 'expected the annotated text'),
		skills: skills.min(1, 'expected at least one skill'),
		note: shortText.nullable(),
		action: z.enum(['made', 'edited', 'accepted', 'dismissed', 'withdrawn']),
		author: shortText,
		at,
	})
	.refine(({ start, end, quote }) => end - start === quote.length, {
		path: ['end'],
		message: 'expected start plus the length of the quote',
	});

const annotationRecord = z.object({ ...scope, id: annotationId, questionId: qid, body: textRef });
type AnnotationRecord = z.infer<typeof annotationRecord>;

export const annotate = defineVerb<AnnotationEntry, AnnotationRecord, Writes['annotate']['result']>(
	'annotate',
	['diagnoses'],
	{
		params: annotationShape,
		record: annotationRecord,
		write(context, entry) {
			check(context, entry);
			const record = {
				student: entry.student,
				round: entry.round,
				id: entry.id,
				questionId: entry.questionId,
				body: stored(context, JSON.stringify(entry)),
			};
			apply(context, record);
			return { result: {}, record };
		},
		replay: apply,
	},
);

/** Checks that an annotation quotes its answer and that a known annotation stays with its answer. */
function check(context: Context, entry: AnnotationEntry): void {
	const { db, texts } = context;
	const question = questionRow(db, entry.questionId);
	if (question === undefined) {
		throw new StatError('store.noQuestion', { question: entry.questionId });
	}
	const scopeId = scopeRow(db, entry);
	const answer = db.get(
		'SELECT segment, offset, length, sum FROM answer WHERE scope = ? AND question = ? AND sample = ?',
		scopeId,
		question,
		entry.sample,
	);
	if (!answer) {
		throw new StatError('store.noSample', {
			student: entry.student,
			sample: entry.sample,
			question: entry.questionId,
			round: entry.round,
		});
	}
	const { text } = texts.read(pointerOf(answer));
	if (text.slice(entry.start, entry.end) !== entry.quote) {
		throw new StatError('store.quoteMismatch', { start: entry.start, end: entry.end });
	}
	const known = db.get('SELECT scope, question FROM annotation WHERE aid = ? LIMIT 1', entry.id);
	if ((known === undefined) !== (entry.action === 'made')) {
		throw new StatError(known ? 'store.annotationExists' : 'store.noAnnotation', { annotation: entry.id });
	}
	if (known && (Number(known[0]) !== scopeId || Number(known[1]) !== question)) {
		throw new StatError('store.otherAnnotation', { annotation: entry.id });
	}
}

function apply(context: Context, record: AnnotationRecord): void {
	const { db } = context;
	const question = questionRow(db, record.questionId);
	if (question === undefined) {
		return;
	}
	const scopeId = scopeRow(db, record);
	// `corrections` is the number of corrections made before. Their order, not a clock, determines whether a dispute
	// came later.
	const corrections = db.number(
		'SELECT count(*) FROM correction WHERE scope = ? AND question = ?',
		scopeId,
		question,
	);
	db.run(
		'INSERT INTO annotation (aid, scope, question, corrections, body) VALUES (?, ?, ?, ?, ?)',
		record.id,
		scopeId,
		question,
		corrections,
		pack(record.body),
	);
	settle(context, scopeId, question);
}

/**
 * Returns a question's annotations in the order in which they were made, without those whose latest version is damaged.
 * `disputedAt`: the number of corrections at the time of the dispute in force, or 0.
 */
function readAnnotations(context: Context, scopeId: number, question: number, disputedAt: number): Annotation[] {
	const found = new Map<string, { entries: AnnotationEntry[]; corrections: number; latest: TextRef }>();
	for (const [aid, body, corrections] of context.db.all(
		'SELECT aid, body, corrections FROM annotation WHERE scope = ? AND question = ? ORDER BY id',
		scopeId,
		question,
	)) {
		const latest = unpack(body) ?? '';
		const entry = parseBody(context, annotationShape, latest);
		const entries = [...(found.get(String(aid))?.entries ?? []), ...(entry ? [entry] : [])];
		found.set(String(aid), { entries, corrections: Number(corrections), latest });
	}
	return [...found.values()].flatMap(({ entries, corrections, latest: ref }) => {
		const latest = parseBody(context, annotationShape, ref);
		return latest
			? [{ ...latest, counts: isInForce(latest.action) && corrections >= disputedAt, history: entries }]
			: [];
	});
}

/** Throws if an annotation that may count is damaged. `disputedAt` is as in {@link readAnnotations}. */
function checkAnnotations(context: Context, scopeId: number, question: number, disputedAt: number): void {
	for (const [body] of context.db.all(
		'SELECT body FROM annotation WHERE id IN (SELECT max(id) FROM annotation WHERE scope = ? AND question = ? ' +
			'GROUP BY aid) AND corrections >= ?',
		scopeId,
		question,
		disputedAt,
	)) {
		requiredText(context, unpack(body) ?? '');
	}
}

export const diagnosisShape: z.ZodType<Diagnosis> = z.object({
	...scope,
	questionId: qid,
	sample,
	judge: z.enum(['correct', 'incorrect']),
	reason: z.string().max(1_000_000),
	skills,
	offList: z.array(shortText).max(1000),
	firstWrongStep: z.int().min(0).nullable(),
	replyKey: shortText,
	model: shortText,
	promptVersion: shortText,
	at,
});

const correctionShape: z.ZodType<Correction> = z.object({
	...scope,
	questionId: qid,
	verdict: z.enum(['agreed', 'changed', 'disputed', 'withdrawn']),
	skills: skills.nullable(),
	note: shortText.nullable(),
	author: shortText,
	at,
	original: diagnosisShape.nullable(),
});

/**
 * The journal record of a diagnosis or correction: what it is about, and its body as JSON, which is in the segments if
 * it is long.
 */
const bodyRecord = z.object({ ...scope, questionId: qid, body: textRef });
type BodyRecord = z.infer<typeof bodyRecord>;

export const addDiagnoses = defineVerb<
	Writes['addDiagnoses']['params'],
	{ rows: BodyRecord[] },
	Writes['addDiagnoses']['result']
>('addDiagnoses', ['diagnoses'], {
	params: z.object({ rows: z.array(diagnosisShape) }),
	record: z.object({ rows: z.array(bodyRecord) }),
	write(context, { rows }) {
		const records: BodyRecord[] = [];
		let replaced = 0;
		for (const diagnosis of rows) {
			const record = bodyOf(context, diagnosis);
			const outcome = applyDiagnosis(context, record);
			if (outcome !== undefined) {
				records.push(record);
				replaced += outcome === 'replaced' ? 1 : 0;
			}
		}
		return {
			result: { added: records.length - replaced, replaced },
			record: records.length > 0 ? { rows: records } : null,
		};
	},
	replay(context, { rows }) {
		for (const record of rows) {
			applyDiagnosis(context, record);
		}
	},
});

export const addCorrection = defineVerb<Correction, BodyRecord, Writes['addCorrection']['result']>(
	'addCorrection',
	['diagnoses'],
	{
		params: correctionShape,
		record: bodyRecord,
		write(context, correction) {
			const record = bodyOf(context, correction);
			const id = applyCorrection(context, record);
			if (id === undefined) {
				throw new StatError('store.noQuestion', { question: correction.questionId });
			}
			return { result: { id }, record };
		},
		replay(context, record) {
			applyCorrection(context, record);
		},
	},
);

function bodyOf(context: Context, value: Diagnosis | Correction): BodyRecord {
	return {
		student: value.student,
		round: value.round,
		questionId: value.questionId,
		body: stored(context, JSON.stringify(value)),
	};
}

function applyDiagnosis(context: Context, record: BodyRecord): 'added' | 'replaced' | undefined {
	const { db } = context;
	const question = questionRow(db, record.questionId);
	if (question === undefined) {
		return undefined;
	}
	const scopeId = scopeRow(db, record);
	const known = db.get('SELECT 1 FROM diagnosis WHERE scope = ? AND question = ?', scopeId, question);
	db.run(
		'INSERT OR REPLACE INTO diagnosis (scope, question, body) VALUES (?, ?, ?)',
		scopeId,
		question,
		pack(record.body),
	);
	settle(context, scopeId, question);
	return known ? 'replaced' : 'added';
}

function applyCorrection(context: Context, record: BodyRecord): number | undefined {
	const { db } = context;
	const question = questionRow(db, record.questionId);
	if (question === undefined) {
		return undefined;
	}
	const scopeId = scopeRow(db, record);
	db.run('INSERT INTO correction (scope, question, body) VALUES (?, ?, ?)', scopeId, question, pack(record.body));
	const id = db.number('SELECT last_insert_rowid()');
	settle(context, scopeId, question);
	return id;
}

export function readDiagnosis(context: Context, scopeId: number, question: number): Diagnosis | null {
	return parseBody(
		context,
		diagnosisShape,
		unpack(context.db.get('SELECT body FROM diagnosis WHERE scope = ? AND question = ?', scopeId, question)?.[0]),
	);
}

/** Returns a question's corrections, oldest first, without damaged ones. */
function readCorrections(context: Context, scopeId: number, question: number): Correction[] {
	return context.db
		.all('SELECT body FROM correction WHERE scope = ? AND question = ? ORDER BY id', scopeId, question)
		.map(([body]) => parseBody(context, correctionShape, unpack(body)))
		.filter((correction) => correction !== null);
}

/** Returns a diagnosis with the current names of its skills. */
export function withPresentNames(context: Context, diagnosis: Diagnosis): Diagnosis {
	return { ...diagnosis, skills: skillNames(context).presentAll(diagnosis.skills, diagnosis.questionId) };
}

export function correctionWithPresentNames(context: Context, correction: Correction): Correction {
	const { skills: named, original, questionId } = correction;
	return {
		...correction,
		skills: named && skillNames(context).presentAll(named, questionId),
		original: original && withPresentNames(context, original),
	};
}

export function parseBody<T>(context: Context, shape: z.ZodType<T>, ref: TextRef | null): T | null {
	const text = textOf(context, ref);
	return text === null ? null : shape.parse(JSON.parse(text));
}

interface LatestCorrection {
	/** The correction in force, which is the latest one unless that is a withdrawal. */
	readonly correction: Correction | null;
	/** The number of corrections up to and including the dispute in force, or 0 if none is in force. */
	readonly disputedAt: number;
	/** The latest correction if it is damaged, so that what is in force is unknown. */
	readonly damaged: TextRef | null;
}

export function latestCorrection(context: Context, scopeId: number, question: number): LatestCorrection {
	const bodies = context.db.all(
		'SELECT body FROM correction WHERE scope = ? AND question = ? ORDER BY id',
		scopeId,
		question,
	);
	const ref = unpack(bodies.at(-1)?.[0]);
	const latest = parseBody(context, correctionShape, ref);
	return {
		correction: latest?.verdict === 'withdrawn' ? null : latest,
		disputedAt: latest?.verdict === 'disputed' ? bodies.length : 0,
		damaged: latest === null ? ref : null,
	};
}

/** Computes what counts for a question; throws if that depends on a person's verdict or annotation that is damaged. */
function whatCounts(context: Context, scopeId: number, question: number) {
	const diagnosis = readDiagnosis(context, scopeId, question);
	const { correction, disputedAt, damaged } = latestCorrection(context, scopeId, question);
	if (damaged !== null) {
		requiredText(context, damaged);
	}
	checkAnnotations(context, scopeId, question, disputedAt);
	const annotations = readAnnotations(context, scopeId, question, disputedAt);
	return {
		...effectiveMissing(diagnosis, correction, annotations),
		isDiagnosed: diagnosis !== null,
		isCorrected: correction !== null || annotations.some(({ counts }) => counts),
	};
}

/** Used in a replay if a person's verdict is damaged: the question counts as not diagnosed, rather than without it. */
const nothingCounts: ReturnType<typeof whatCounts> = {
	skills: [],
	disputed: false,
	isDiagnosed: false,
	isCorrected: false,
};

function whatCountsInReplay(context: Context, scopeId: number, question: number): ReturnType<typeof whatCounts> {
	try {
		return whatCounts(context, scopeId, question);
	} catch (error) {
		if (error instanceof StatError) {
			return nothingCounts;
		}
		throw error;
	}
}

/** Computes what counts for a question, and stores it for lists. */
export function settle(context: Context, scopeId: number, question: number): void {
	const { db } = context;
	const compute = context.isReplay ? whatCountsInReplay : whatCounts;
	const { skills: missing, disputed, isDiagnosed, isCorrected } = compute(context, scopeId, question);
	db.run('DELETE FROM missing WHERE scope = ? AND question = ?', scopeId, question);
	const questionId = String(db.get('SELECT qid FROM question WHERE id = ?', question)?.[0]);
	const ids = [...new Set(missing.map((skill) => presentRow(context, skill, questionId).id))];
	for (const [place, id] of ids.entries()) {
		db.run('INSERT INTO missing (scope, skill, question, place) VALUES (?, ?, ?, ?)', scopeId, id, question, place);
	}
	db.run(
		'INSERT OR REPLACE INTO finding (scope, question, diagnosed, corrected, disputed, missing) VALUES ' +
			'(?, ?, ?, ?, ?, ?)',
		scopeId,
		question,
		isDiagnosed ? 1 : 0,
		isCorrected ? 1 : 0,
		disputed ? 1 : 0,
		ids.length,
	);
}
