import { eitherOf } from './patterns.ts';

/**
 * One table of the marks with which models delimit thoughts, answers and turns, and the functions that read them.
 * Grading, step splitting and the parsing of teacher replies share them, so that output in the style of R1, Qwen3,
 * gpt-oss, Claude, Magistral, Kimi and Seed is read the same way everywhere. All functions take linear time.
 */

/** The opening and closing marks of a thought. */
const thoughts: readonly (readonly [open: string, close: string])[] = [
	['<think>', '</think>'],
	['<thinking>', '</thinking>'],
	['<thought>', '</thought>'],
	['<thoughts>', '</thoughts>'],
	['<reasoning>', '</reasoning>'],
	['<scratchpad>', '</scratchpad>'],
	['<antthinking>', '</antthinking>'],
	['<inner_monologue>', '</inner_monologue>'],
	['<seed:think>', '</seed:think>'],
	['[think]', '[/think]'],
	['◁think▷', '◁/think▷'],
	['<|begin_of_thought|>', '<|end_of_thought|>'],
	['<|thinking_start|>', '<|thinking_end|>'],
	['<unused94>', '<unused95>'],
];

/** The opening and closing marks of a final answer. */
const answers: readonly (readonly [open: string, close: string])[] = [
	['<answer>', '</answer>'],
	['<final_answer>', '</final_answer>'],
	['<finalanswer>', '</finalanswer>'],
	['<final answer>', '</final answer>'],
	['<boxed>', '</boxed>'],
	['<|begin_of_box|>', '<|end_of_box|>'],
	['<|begin_of_solution|>', '<|end_of_solution|>'],
];

/** Chat template tokens that end a turn or begin another one. */
const turnTokens = eitherOf(
	[
		/<\|(?:im_end|im_start|eot_id|eom_id|eot|endoftext|end_of_text|start_header_id|end|start|return|call)\|>/,
		/<\|(?:user|assistant|system|observation|START_OF_TURN_TOKEN|END_OF_TURN_TOKEN)\|>/,
		/<\/s>|<(?:end|start)_of_turn>|<｜(?:end▁of▁sentence|User|Assistant)｜>|\[\/?INST\]/,
	],
	'i',
);
/** Lines with which a model goes on to the next turn or few-shot question when special tokens were removed. */
const turnLines =
	/\n[ \t]{0,8}(?:#{2,3} ?(?:Instruction|Question|Problem|Input)\b|(?:User|Human|Question|Problem|Q|Instruction) ?:|(?:user|human|assistant|model|system)[ \t]{0,8}(?=\n))/i;
/** A header before the first word of a turn. */
const turnHeader =
	/^\s{0,20}(?:<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|<｜Assistant｜>|<\|assistant\|>|<\|start\|>)(?:assistant|model)?(?:<\|end_header_id\|>)?/i;

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const anyOf = (marks: readonly string[]): RegExp => new RegExp(marks.map(literal).join('|'), 'gi');
const thoughtMarks = anyOf(thoughts.flat());
const answerOpenings = anyOf(answers.map(([open]) => open));
const opening = new Set(thoughts.map(([open]) => open));
const closingOf = new Map(answers);

/** gpt-oss: <|channel|>final<|message|>, possibly with a constraint in between. */
const finalChannel = /<\|channel\|>\s{0,4}final[^<\n]{0,40}(?:<\|constrain\|>[^<\n]{0,40})?<\|message\|>/gi;
const channelEnd = /<\|(?:end|return|call|start|im_end)\|>/i;

/** Part of a text, [start, end) in UTF-16 units. */
export interface Spoken {
	readonly start: number;
	readonly end: number;
	/** Whether the text ends inside a thought or before the final channel, so that it has no answer. */
	readonly cutOff: boolean;
}

/** Returns the part after all thoughts: from the end of the last closed thought to the start of an unclosed one. */
export function spokenPart(text: string): Spoken {
	const channel = finalChannelOf(text);
	if (channel !== undefined) {
		return channel;
	}
	let start = 0;
	let end = text.length;
	if (mayHaveThoughts(text)) {
		let opened: number | undefined;
		for (const match of text.matchAll(thoughtMarks)) {
			if (opening.has(match[0].toLowerCase())) {
				opened ??= match.index;
			} else {
				start = match.index + match[0].length;
				opened = undefined;
			}
		}
		end = opened ?? end;
	}
	const silent = start > 0 && end === text.length && text.slice(start).trim() === '';
	return { start, end, cutOff: end < text.length || silent };
}

/** A cheap test without false negatives: most texts contain no thoughts. */
const mayHaveThoughts = (text: string): boolean => text.includes('<') || text.includes('◁') || text.includes('THINK]');

function finalChannelOf(text: string): Spoken | undefined {
	let start: number | undefined;
	if (text.includes('<|channel|>')) {
		for (const match of text.matchAll(finalChannel)) {
			start = match.index + match[0].length;
		}
		if (start === undefined) {
			return { start: text.length, end: text.length, cutOff: true };
		}
		const rest = channelEnd.exec(text.slice(start));
		return { start, end: rest === null ? text.length : start + rest.index, cutOff: false };
	}
	// The same format without its special tokens: "analysisWe need … assistantfinalThe answer is 2."
	if (!/^\s{0,20}analysis/.test(text)) {
		return undefined;
	}
	const final = text.lastIndexOf('assistantfinal');
	if (final >= 0) {
		return { start: final + 'assistantfinal'.length, end: text.length, cutOff: false };
	}
	return /^\s{0,20}analysis[A-Z]/.test(text) ? { start: text.length, end: text.length, cutOff: true } : undefined;
}

/**
 * Returns the range of the first turn: after its header, up to the next turn. `end` is undefined if there is no other
 * turn.
 */
export function firstTurn(text: string): { start: number; end?: number } {
	const start = turnHeader.exec(text)?.[0].length ?? 0;
	// A mark at the very beginning does not end a turn.
	const rest = text.slice(start + 1);
	const at = (match: RegExpExecArray | null): number | undefined =>
		match === null ? undefined : start + 1 + match.index;
	const token = rest.includes('<') || rest.includes('INST]') ? at(turnTokens.exec(rest)) : undefined;
	const line = rest.includes('\n') ? at(turnLines.exec(rest)) : undefined;
	const end = token === undefined || line === undefined ? (token ?? line) : Math.min(token, line);
	return end === undefined ? { start } : { start, end };
}

/**
 * Returns the text in the last pair of answer marks; an unclosed answer extends to the end. `undefined` if there are no
 * such marks.
 */
export function markedAnswer(text: string): string | undefined {
	if (!text.includes('<')) {
		return undefined;
	}
	let last: RegExpExecArray | undefined;
	for (const match of text.matchAll(answerOpenings)) {
		if (text.slice(match.index + match[0].length, match.index + match[0].length + 200).trim() !== '') {
			last = match;
		}
	}
	if (last === undefined) {
		return undefined;
	}
	const close = closingOf.get(last[0].toLowerCase()) ?? '';
	const rest = text.slice(last.index + last[0].length);
	const end = rest.search(new RegExp(literal(close), 'i'));
	const content = (end < 0 ? rest : rest.slice(0, end)).trim();
	return content === '' || content === '...' || content === '…' ? undefined : content;
}
