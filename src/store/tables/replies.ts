import type { TeacherReply } from '../../core/ports/teacher.ts';
import { tiers } from '../../core/ports/tier.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import * as z from 'zod';
import type { Pointer } from '../engine/packed.ts';
import { isPlain, pointerOf } from '../engine/packed.ts';
import { pointer } from './shapes.ts';

/** Returns the stored reply's text and metadata, or `undefined` if there is none or it cannot be read. */
function storedReply({ db, texts }: Context, key: string) {
	const row = db.get('SELECT segment, offset, length, sum FROM reply WHERE key = ?', key);
	return row && texts.readIfSound(pointerOf(row));
}

export function reply(context: Context, { key }: { key: string }): TeacherReply | undefined {
	const stored = storedReply(context, key);
	return stored && (replyShape.parse({ ...(stored.extra as object), text: stored.text }) as TeacherReply);
}

/** Returns the keys of replies that can be read: a damaged or missing one will be paid for again, and counts as such. */
export function knownReplies(context: Context, { keys }: { keys: readonly string[] }): readonly string[] {
	return keys.filter((key) => storedReply(context, key) !== undefined);
}

const key = z.string().min(1).max(500).refine(isPlain, 'expected a plain reply key');
const number = z.number().nullable();
export const replyShape = z.object({
	key,
	task: z.enum([
		'label',
		'judge',
		'grade',
		'diagnose',
		'rewrite',
		'catalogName',
		'catalogCluster',
		'propose',
		'proposeNear',
		'solve',
		'check',
		'embed',
		'answer',
	]),
	about: z.string(),
	model: z.string(),
	endpoint: z.string().optional(),
	promptVersion: z.string(),
	sampling: z.looseObject({}),
	sample: z.int().min(0),
	attempt: z.int().min(0),
	text: z.string(),
	truncated: z.boolean().optional(),
	usage: z.object({ input: z.number(), output: z.number(), reasoning: z.number() }).nullable(),
	cost: number,
	tier: z.enum(tiers).optional(),
	at: z.string(),
});

const indexed = z.object({ rows: z.array(z.tuple([key, pointer])) });

/**
 * Stores a reply's text and metadata together in the segments, so that the index can be rebuilt from them. The first
 * reply stored under a key remains as long as it can be read.
 */
export const putReply = defineVerb<TeacherReply, z.infer<typeof indexed>, Record<never, never>>(
	'putReply',
	['replies'],
	{
		params: replyShape as unknown as z.ZodType<TeacherReply>,
		record: indexed,
		isRepeatable: true,
		write(context, params) {
			if (reply(context, { key: params.key })) {
				return { result: {}, record: null };
			}
			const { text, ...beside } = params;
			const rows: z.infer<typeof indexed>['rows'] = [[params.key, context.texts.put('reply', text, beside)]];
			index(context, rows);
			return { result: {}, record: { rows } };
		},
		replay(context, { rows }) {
			index(context, rows);
			for (const [, place] of rows) {
				context.texts.noteReplayed(place, context.seq);
			}
		},
	},
);

/**
 * Indexes the paid replies again, in memory. They survive even if the records that name them are lost, because the reply
 * segments themselves contain the names. Returns how many it found.
 */
export function findReplies(context: Context): number {
	context.db.exec('BEGIN');
	try {
		return (reindexReplies.write(context, {}).result as { found: number }).found;
	} finally {
		context.db.exec('COMMIT');
	}
}

/** Removes the index entries of replies whose texts never reached the disk. */
export function forgetReplies({ db }: Context, pointers: readonly Pointer[]): void {
	for (const [segment, offset] of pointers) {
		db.run('DELETE FROM reply WHERE segment = ? AND offset = ?', segment, offset);
	}
}

/** Indexes the replies in the segments that no record names. */
export const reindexReplies = defineVerb<Record<never, never>, z.infer<typeof indexed>, { found: number }>(
	'reindexReplies',
	['replies'],
	{
		params: z.object({}),
		record: indexed,
		write(context) {
			const rows: z.infer<typeof indexed>['rows'] = [];
			for (const { pointer: place, stored } of context.texts.scan('reply')) {
				const reply = replyShape.safeParse({ ...(stored.extra as object), text: stored.text });
				if (reply.success && !context.db.get('SELECT 1 FROM reply WHERE key = ?', reply.data.key)) {
					const row: (typeof rows)[number] = [reply.data.key, place];
					index(context, [row]);
					rows.push(row);
				}
			}
			return { result: { found: rows.length }, record: rows.length > 0 ? { rows } : null };
		},
		replay(context, { rows }) {
			index(context, rows);
		},
	},
);

function index({ db }: Context, rows: z.infer<typeof indexed>['rows']): void {
	for (const [replyKey, [segment, offset, length, sum]] of rows) {
		db.run(
			'INSERT OR REPLACE INTO reply (key, segment, offset, length, sum) VALUES (?, ?, ?, ?, ?)',
			replyKey,
			segment,
			offset,
			length,
			sum ?? null,
		);
	}
}
