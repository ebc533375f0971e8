import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReplyLog, Teacher } from '../../core/ports/teacher.ts';
import { messageOf, StatError } from '../../core/errors/statError.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { readScript, ScriptIndex } from './script.ts';
import { createTeacherOver } from '../ask/teacherOver.ts';

/**
 * Creates a teacher that answers from a file (docs/scripted-teacher.md), with no key, network or cost. Everything else
 * works as with a paid teacher.
 * @throws StatError naming file, line and field if the file is invalid.
 */
export function createScriptedTeacher({
	file,
	replies,
	log,
}: {
	readonly file: string;
	readonly replies: ReplyLog;
	readonly log?: (level: 'debug' | 'info' | 'warn', message: string) => void;
}): Teacher {
	let bytes: Buffer;
	try {
		bytes = readFileSync(file);
	} catch (error) {
		throw new StatError('teacher.scriptUnreadable', { file, reason: messageOf(error) }, { cause: error });
	}
	const script = readScript(bytes.toString('utf8'), file);
	const index = new ScriptIndex(script.lines, file);
	const model = script.model ?? 'scripted';
	const name = path.basename(file);
	return createTeacherOver({
		model,
		endpoint: `scripted:${name}`,
		// An edited file counts as another teacher.
		keyModel: `scripted:${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`,
		replies,
		facts: { input: 0, output: 0 },
		concurrency: 32,
		log,
		transport: {
			async send({ call, attempt, messages }) {
				const line = index.find(call, attempt, messages);
				if (!line) {
					throw new TransportError(
						'missing',
						`${name} has no reply to ${call.task} about ${call.about}, sample ` +
							`${call.sample}${attempt > 0 ? `, attempt ${attempt}` : ''}`,
					);
				}
				return { text: line.text, usage: null, truncated: false };
			},
			models: async () => [model],
		},
	});
}
