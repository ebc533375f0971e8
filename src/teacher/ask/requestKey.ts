import { createHash } from 'node:crypto';
import type { TeacherCall } from '../../core/ports/teacher.ts';

/**
 * The key that a reply is filed under: model, messages, requested sampling, sample index and attempt. Not the endpoint
 * (a reply outlives it), not the prompt's version (the messages are complete), not the parser (a better one never
 * repeats a call).
 */
export function requestKey(model: string, call: TeacherCall, attempt: number): string {
	const { temperature = null, topP = null, maxTokens = null } = call.sampling;
	const messages = call.messages.map((message) => [message.role, message.content]);
	return createHash('sha256')
		.update(JSON.stringify([1, model, messages, temperature, topP, maxTokens, call.sample, attempt]))
		.digest('hex')
		.slice(0, 40);
}
