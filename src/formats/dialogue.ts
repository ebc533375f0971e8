import type { Row } from './rowReader.ts';
import { isRow } from './rowReader.ts';

/** The last question of a conversation and what was answered to it. */
export interface Dialogue {
	/** The last user turn before the answer; `undefined` if there is none with text. */
	readonly question: string | undefined;
	/** The last turn of the model after that question; `undefined` if the conversation ends with the question. */
	readonly answer: string | undefined;
	/** Number of turns of tools, or that call one. */
	readonly tools: number;
	/** Number of user turns before the question. */
	readonly earlier: number;
	/** Whether the question has an image or another part that is no text. */
	readonly otherParts: boolean;
}

type Speaker = 'user' | 'model' | 'system' | 'tool';

const speakers = new Map<string, Speaker>([
	...['user', 'human', 'prompter', 'student_user'].map((role) => [role, 'user'] as const),
	...['assistant', 'gpt', 'model', 'bot', 'chatgpt', 'ai', 'bard'].map((role) => [role, 'model'] as const),
	...['system', 'developer'].map((role) => [role, 'system'] as const),
	...[
		'tool',
		'function',
		'function_call',
		'function_response',
		'observation',
		'tool_call',
		'tool_response',
		'ipython',
	].map((role) => [role, 'tool'] as const),
]);

interface Turn {
	readonly speaker: Speaker;
	readonly text: string;
	readonly usesTool: boolean;
	readonly otherParts: boolean;
}

/** Returns the value under the first of these names that is not null. */
function under(row: Row, names: readonly string[]): unknown {
	for (const name of names) {
		if (Object.hasOwn(row, name) && row[name] !== undefined && row[name] !== null) {
			return row[name];
		}
	}
	return undefined;
}

function speakerOf(turn: unknown): Speaker | undefined {
	const role = isRow(turn) ? under(turn, ['role', 'from', 'speaker']) : undefined;
	return typeof role === 'string' ? speakers.get(role.toLowerCase()) : undefined;
}

/** Whether this is a list of turns, each with a role and a text. */
export function isDialogue(value: unknown): value is readonly Row[] {
	return Array.isArray(value) && value.length > 0 && value.every((turn) => speakerOf(turn) !== undefined);
}

/**
 * Reads a list of turns as OpenAI (`role`, `content`), ShareGPT (`from`, `value`) and OpenCompass (`role`, `prompt`)
 * write them; content may be a list of parts. Reasoning that a server has separated is no part of the answer, unless it
 * is all there is: then it is a thought that was not closed. `undefined` if this is no such list.
 */
export function dialogueOf(value: unknown): Dialogue | undefined {
	if (!isDialogue(value)) {
		return undefined;
	}
	const turns = value.map(turnOf);
	const answer = turns.findLastIndex(({ speaker, text }) => speaker === 'model' && text.trim() !== '');
	const lastQuestion = turns.findLastIndex(({ speaker }) => speaker === 'user');
	const answered = answer > lastQuestion ? lastQuestion : -1;
	const place = answered >= 0 ? answered : lastQuestion;
	const question = turns[place];
	return {
		question: question?.text,
		answer: answered >= 0 ? turns[answer]?.text : undefined,
		tools: turns.slice(Math.max(0, place)).filter(({ usesTool }) => usesTool).length,
		earlier: turns.slice(0, Math.max(0, place)).filter(({ speaker }) => speaker === 'user').length,
		otherParts: question?.otherParts === true,
	};
}

function turnOf(turn: Row): Turn {
	const speaker = speakerOf(turn) ?? 'user';
	const calls = under(turn, ['tool_calls', 'function_call']);
	return {
		speaker,
		text: textOfMessage(turn),
		usesTool: speaker === 'tool' || (Array.isArray(calls) ? calls.length > 0 : calls !== undefined),
		otherParts: hasOtherParts(under(turn, ['content', 'value', 'text', 'prompt', 'parts'])),
	};
}

/** Returns a message's text; what a server took for a thought altogether is an open thought. */
export function textOfMessage(message: Row): string {
	const content = under(message, ['content', 'value', 'text', 'prompt', 'parts']);
	const text = textOfContent(content) ?? '';
	const thought = under(message, ['reasoning_content', 'reasoning', 'thinking']);
	const reasoning = typeof thought === 'string' ? thought : thoughtsIn(content);
	return text.trim() !== '' || reasoning.trim() === '' ? text : `<think>\n${reasoning}`;
}

/** Returns a string, or the text parts of a list one below the other; `undefined` if there is no text. */
export function textOfContent(content: unknown): string | undefined {
	if (!Array.isArray(content)) {
		return typeof content === 'string' ? content : undefined;
	}
	const parts = (content as readonly unknown[]).flatMap((part) => {
		if (typeof part === 'string') {
			return [part];
		}
		const isText = isRow(part) && !isThought(part) && typeof part['text'] === 'string';
		return isText ? [part['text'] as string] : [];
	});
	return parts.length === 0 ? undefined : parts.join('\n');
}

function isThought(part: Row): boolean {
	return part['type'] === 'thinking' || part['type'] === 'reasoning';
}

function thoughtsIn(content: unknown): string {
	const parts = Array.isArray(content) ? (content as readonly unknown[]).filter(isRow).filter(isThought) : [];
	return parts
		.map((part) => under(part, ['thinking', 'reasoning', 'text']))
		.filter((text) => typeof text === 'string')
		.join('\n');
}

function hasOtherParts(content: unknown): boolean {
	return (
		Array.isArray(content) &&
		(content as readonly unknown[]).some(
			(part) => isRow(part) && typeof part['type'] === 'string' && !/text|thinking|reasoning/.test(part['type']),
		)
	);
}
