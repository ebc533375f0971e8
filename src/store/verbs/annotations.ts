import * as z from 'zod';
import type { Annotation, AnnotationEntry } from '../../core/diagnosis/annotation.ts';
import { isInForce } from '../../core/diagnosis/annotation.ts';
import { StatError } from '../../core/run.ts';
import type { Writes } from '../../core/ports/store.ts';
import { questionRow, scopeRow } from '../tables/identities.ts';
import { stored, textOf } from '../tables/joining.ts';
import { pack, unpack } from '../engine/packed.ts';
import { at, qid, sample, scope, shortText, skills, textRef } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';
import { defineVerb } from '../tables/verb.ts';
import { settle } from './diagnoses.ts';

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

/** An annotation belongs to words that are there; one that is known stays with its answer. */
function check(context: Context, entry: AnnotationEntry): void {
	const { db, texts } = context;
	const question = questionRow(db, entry.questionId);
	if (question === undefined) {
		throw new StatError(`annotate: question ${entry.questionId} is not in the project`);
	}
	const scopeId = scopeRow(db, entry);
	const answer = db.get(
		'SELECT segment, offset, length FROM answer WHERE scope = ? AND question = ? AND sample = ?',
		scopeId,
		question,
		entry.sample,
	);
	if (!answer) {
		throw new StatError(
			`annotate: ${entry.student} has no sample ${entry.sample} of question ${entry.questionId} in ` +
				`round ${entry.round}`,
		);
	}
	const { text } = texts.read([Number(answer[0]), Number(answer[1]), Number(answer[2])]);
	if (text.slice(entry.start, entry.end) !== entry.quote) {
		throw new StatError(
			`annotate: the answer does not hold the quoted text from ${entry.start} to ${entry.end}; select it again`,
		);
	}
	const known = db.get('SELECT scope, question FROM annotation WHERE aid = ? LIMIT 1', entry.id);
	if ((known === undefined) !== (entry.action === 'made')) {
		throw new StatError(
			known
				? `annotate: there is an annotation ${entry.id} already`
				: `annotate: there is no annotation ${entry.id}`,
		);
	}
	if (known && (Number(known[0]) !== scopeId || Number(known[1]) !== question)) {
		throw new StatError(`annotate: annotation ${entry.id} belongs to another answer`);
	}
}

function apply(context: Context, record: AnnotationRecord): void {
	const { db } = context;
	const question = questionRow(db, record.questionId);
	if (question === undefined) {
		return;
	}
	const scopeId = scopeRow(db, record);
	// `corrections`: how many had been made by then. Order, not clocks, says whether a dispute came later.
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
 * A question's annotations in the order they were made. `disputedAt`: how many corrections there were when the dispute
 * in force was made; 0: none is.
 */
export function readAnnotations(context: Context, scopeId: number, question: number, disputedAt: number): Annotation[] {
	const found = new Map<string, { entries: AnnotationEntry[]; corrections: number }>();
	for (const [body, corrections] of context.db.all(
		'SELECT body, corrections FROM annotation WHERE scope = ? AND question = ? ORDER BY id',
		scopeId,
		question,
	)) {
		const text = textOf(context, unpack(body));
		if (text !== null) {
			const entry = annotationShape.parse(JSON.parse(text));
			const known = found.get(entry.id) ?? { entries: [], corrections: 0 };
			known.entries.push(entry);
			known.corrections = Number(corrections);
			found.set(entry.id, known);
		}
	}
	return [...found.values()].flatMap(({ entries, corrections }) => {
		const latest = entries.at(-1);
		return latest
			? [{ ...latest, counts: isInForce(latest.action) && corrections >= disputedAt, history: entries }]
			: [];
	});
}
