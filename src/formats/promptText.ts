import type { StudentTemplate } from '../core/questions/studentTemplate.ts';

/** The marks around a user's turn in prompts that were written out with a chat template. */
const userMarks: readonly (readonly [open: string, close: string])[] = [
	['<|im_start|>user\n', '<|im_end|>'],
	['<|start_header_id|>user<|end_header_id|>', '<|eot_id|>'],
	['<start_of_turn>user\n', '<end_of_turn>'],
	['<|start|>user<|message|>', '<|end|>'],
	['<｜User｜>', '<｜Assistant｜>'],
	['<|user|>', '<|'],
	['[INST]', '[/INST]'],
];

/**
 * Returns the last user turn of a prompt that was written out with a chat template, with its special tokens or, as some
 * tools decode it, without them; otherwise the whole text.
 */
export function lastUserTurn(prompt: string): string {
	for (const [open, close] of userMarks) {
		const at = prompt.lastIndexOf(open);
		if (at >= 0) {
			const from = at + open.length;
			const end = prompt.indexOf(close, from);
			return prompt.slice(from, end < 0 ? prompt.length : end).trim();
		}
	}
	const end = prompt.lastIndexOf('\nassistant');
	if (
		end >= 0 &&
		/^\nassistant\s{0,8}(?:<think>)?\s{0,8}$/.test(prompt.slice(end, end + 40)) &&
		prompt.length - end < 40
	) {
		const before = prompt.slice(0, end);
		const at = before.startsWith('user\n') ? 0 : before.lastIndexOf('\nuser\n') + 1;
		if (before.startsWith('user\n', at)) {
			return before
				.slice(before.lastIndexOf('\nuser\n') < 0 ? at + 5 : before.lastIndexOf('\nuser\n') + 6)
				.trim();
		}
	}
	return prompt;
}

/** Returns a question without the system text and the instruction of a student's own prompt. */
export function withoutTemplate(prompt: string, { system, instruction }: StudentTemplate): string {
	let text = prompt;
	if (system !== null && system.trim() !== '' && text.startsWith(`${system}\n\n`)) {
		text = text.slice(system.length + 2);
	}
	const own = instruction?.trim() ?? '';
	if (own === '') {
		return text;
	}
	// A part of it may have been taken for one of the instructions that are known.
	const rest = withoutInstructions(`x\n${own}`).slice(1).trim();
	const end = [own, rest].find((part) => part !== '' && text.trimEnd().endsWith(`\n${part}`));
	return end === undefined ? text : text.trimEnd().slice(0, -end.length).trimEnd();
}

/** How instructions on the form of an answer begin. They are no part of the question. */
const instructionStarts: readonly string[] = [
	'please reason step by step',
	'please think step by step',
	'please solve',
	'please put your',
	'please provide your final answer',
	'please present the answer',
	"let's think step by step",
	'let’s think step by step',
	'think step by step',
	'reason step by step',
	'solve step by step',
	'put your final answer',
	'put your answer',
	'put the final answer',
	'write your final answer',
	'give your final answer',
	'return your final response',
	'remember to put your',
	'make sure to put',
	'show your work',
	'your final answer should',
	'end your response with',
	'the last line of your response',
];
const instructionLimit = 500;
/** What an instruction is about. */
const aboutForm = /boxed|step by step|final answer|####|on its own line|last line/i;
const introduction =
	/^(?:solve the following|answer the following|please solve the following|please answer|below is|you are|you will be given|given the following)/i;

/**
 * Returns a prompt without the instructions on the form of the answer that evaluators put before or after a question:
 * "Please reason step by step, and put your final answer within \boxed{}."
 */
export function withoutInstructions(prompt: string): string {
	let text = prompt.trim();
	const paragraph = text.indexOf('\n\n');
	if (paragraph > 0 && paragraph <= instructionLimit && paragraph + 2 < text.length) {
		const first = text.slice(0, paragraph);
		if (introduction.test(first) && aboutForm.test(first)) {
			text = text.slice(paragraph).trim();
		}
	}
	// Two instructions may follow one another.
	for (let time = 0; time < 2; time++) {
		const at = instructionAt(text);
		if (at <= 0) {
			break;
		}
		text = text.slice(0, at).trim();
	}
	const label = /^(?:Question|Problem|Q):\s{0,4}/.exec(text);
	const close = /\n\s{0,4}(?:Answer|Solution|A):\s{0,8}$/.exec(text.slice(-40));
	if (label !== null && close !== null) {
		text = text.slice(label[0].length, text.length - close[0].length).trim();
	}
	return text === '' ? prompt : text;
}

/** Returns where the instructions at the end begin, or -1. */
function instructionAt(text: string): number {
	const from = Math.max(0, text.length - instructionLimit);
	const tail = text.slice(from).toLowerCase();
	let first = -1;
	for (const start of instructionStarts) {
		for (let at = tail.indexOf(start); at >= 0; at = tail.indexOf(start, at + 1)) {
			// An instruction is a sentence of its own.
			const before = tail.slice(0, at).trimEnd().slice(-1);
			const isOwn =
				at > 0 && (/\n\s{0,8}$/.test(tail.slice(Math.max(0, at - 10), at)) || '.?!:)$'.includes(before));
			if (isOwn && aboutForm.test(tail.slice(at)) && !tail.slice(at).includes('?')) {
				first = first < 0 ? at : Math.min(first, at);
				break;
			}
		}
	}
	return first < 0 ? -1 : from + first;
}
