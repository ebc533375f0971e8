import type { StudentTemplate } from './studentTemplate.ts';
import type { Message } from '../text/message.ts';

/** Returns the user message: the question, then the template's instruction on its own line. */
export function userText(template: StudentTemplate, question: string): string {
	return template.instruction === null || template.instruction === ''
		? question
		: `${question}\n${template.instruction}`;
}

/** Returns the messages for a chat student, ready for its chat template. */
export function studentMessages(template: StudentTemplate, question: string): Message[] {
	const user: Message = { role: 'user', content: userText(template, question) };
	return template.system === null || template.system === ''
		? [user]
		: [{ role: 'system', content: template.system }, user];
}

/** Returns the prompt for a student without a chat template; the answer follows the blank line at its end. */
export function studentPrompt(template: StudentTemplate, question: string): string {
	const system = template.system === null || template.system === '' ? '' : `${template.system}\n\n`;
	return `${system}${userText(template, question)}\n\n`;
}
