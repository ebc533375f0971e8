import { createHash } from 'node:crypto';
import type { TeacherCall } from '../../core/ports/teacher.ts';

/**
 * Returns the key under which a reply is stored: model, messages, requested sampling, sample index and attempt. It
 * excludes the endpoint (replies remain valid when it changes), the prompt's version (the messages are complete) and
 * the parser (an improved parser must not repeat calls).
 */
export function requestKey(model: string, call: TeacherCall, attempt: number): string {
	const { temperature = null, topP = null, maxTokens = null } = call.sampling;
	const messages = call.messages.map((message) => [message.role, message.content]);
	return createHash('sha256')
		.update(JSON.stringify([1, model, messages, temperature, topP, maxTokens, call.sample, attempt]))
		.digest('hex')
		.slice(0, 40);
}
