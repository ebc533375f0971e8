import type { TeacherReply } from '../../core/ports/teacher.ts';
import type { Context } from '../tables/verb.ts';
import { replyShape } from '../verbs/replies.ts';

export function reply({ db, texts }: Context, { key }: { key: string }): TeacherReply | undefined {
	const row = db.get('SELECT segment, offset, length FROM reply WHERE key = ?', key);
	if (!row) {
		return undefined;
	}
	const stored = texts.read([Number(row[0]), Number(row[1]), Number(row[2])]);
	return replyShape.parse({ ...(stored.extra as object), text: stored.text }) as TeacherReply;
}

export function knownReplies({ db }: Context, { keys }: { keys: readonly string[] }): readonly string[] {
	return keys.filter((key) => db.get('SELECT 1 FROM reply WHERE key = ?', key) !== undefined);
}
