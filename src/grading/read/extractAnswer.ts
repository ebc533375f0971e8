import type { Extracted } from '../../core/ports/grader.ts';
import { lastBoxes } from './lastBoxes.ts';

/** Where another turn of a chat, or the next question of a few-shot prompt, begins. */
const nextTurn =
	/<\|(?:im_end|im_start|eot_id|endoftext|end_of_text|start_header_id|end|user)\|>|<\/s>|<end_of_turn>|<｜end▁of▁sentence｜>|\n\s*(?:#{2,3} ?(?:Instruction|Question|Problem|Input)\b|(?:User|Human|Question|Problem|Q|Instruction) ?:)/i;
/** Phrases, numbers and displays are looked for in this many characters at the end. */
const tailLength = 20_000;
const longestPhrase = 600;

/**
 * The final answer a response meant, in linear time: the last \boxed or \fbox (several in a row are a list), else
 * what follows "the answer is", "####" or "Answer:", else the last display, choice letter or number. A short text
 * without any of these is an answer by itself.
 */
export function extractAnswer(response: string): Extracted {
	const thought = response.lastIndexOf('</think>');
	const after = thought >= 0 && response.slice(thought + 8).trim() !== '' ? response.slice(thought + 8) : response;
	const turn = nextTurn.exec(after);
	if (turn !== null && turn.index > 0) {
		const first = fromText(after.slice(0, turn.index));
		if (first.answer !== null) {
			return first;
		}
	}
	return fromText(after);
}

function fromText(text: string): Extracted {
	const boxed = lastBoxes(text);
	const tail = text.slice(-tailLength);
	const hashes = afterHashes(tail);
	if (boxed !== undefined && !(hashes !== undefined && text.length - tail.length + hashes.at > boxed.end)) {
		return { answer: boxed.answer, how: 'boxed' };
	}
	if (hashes !== undefined) {
		return { answer: hashes.answer, how: 'hashes' };
	}
	const phrase = afterPhrase(tail);
	if (phrase !== undefined) {
		return { answer: phrase, how: 'phrase' };
	}
	const whole = text.trim();
	if (whole === '') {
		return { answer: null, how: 'none' };
	}
	if (isAnswerByItself(whole)) {
		return { answer: /^\s*\*\*[^*]+\*\*\s*$/.test(whole) ? whole.replaceAll('*', '').trim() : whole, how: 'whole' };
	}
	return (
		lastDisplay(tail) ??
		lastChoice(tail) ??
		lastNumber(tail) ??
		(isShort(whole) ? { answer: whole, how: 'whole' } : { answer: null, how: 'none' })
	);
}

/** GSM8K's mark. Markdown headings of the same depth are sentences or come with a number and a full stop. */
function afterHashes(text: string): { answer: string; at: number } | undefined {
	const at = text.lastIndexOf('####');
	if (at < 0) {
		return undefined;
	}
	const line = (text.slice(at + 4).split('\n', 1)[0] ?? '')
		.replace(/[*#:]+/g, ' ')
		.trim()
		.replace(/^(?:the )?(?:final )?answer(?: is)?\s*/i, '');
	if (
		line === '' ||
		line.length > 200 ||
		(line.match(/[A-Za-z]{3,}/g) ?? []).length > 4 ||
		/^(?:step|solution|conclusion|part|case|\d+[.)] +[A-Z])/i.test(line)
	) {
		return undefined;
	}
	return { answer: clean(line), at };
}

const announcing =
	/(?:final\s+answer|correct\s+answer|correct\s+(?:option|choice)|answer)\**\s*(?:(?:is|was|would\s+be|should\s+be|equals|to\s+the\s+(?:question|problem)\s+is)\b|:|=)\s*(?:therefore|thus|simply|just)?\s*:?\**/gi;

function afterPhrase(text: string): string | undefined {
	let last: RegExpExecArray | undefined;
	for (const match of text.matchAll(announcing)) {
		if (text.slice(match.index + match[0].length, match.index + match[0].length + longestPhrase).trim() !== '') {
			last = match;
		}
	}
	if (last === undefined) {
		return undefined;
	}
	const rest = text
		.slice(last.index + last[0].length, last.index + last[0].length + longestPhrase)
		.replace(/^[\s*:]+/, '');
	const formula = leadingFormula(rest);
	const answer = formula ?? sentence(rest);
	return answer === '' ? undefined : answer;
}

/** $…$, $$…$$, \(…\), \[…\] at the beginning; a list of such is taken whole. */
function leadingFormula(text: string): string | undefined {
	const pattern =
		/^(?:\$\$([^$]+)\$\$|\$((?:[^$\\]|\\[^])+)\$|\\\(((?:[^\\]|\\(?!\)))+)\\\)|\\\[((?:[^\\]|\\(?!\]))+)\\\])/;
	const parts: string[] = [];
	let rest = text;
	for (;;) {
		const match = pattern.exec(rest);
		if (match === null) {
			break;
		}
		parts.push((match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').trim());
		rest = rest.slice(match[0].length);
		const joined = /^(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)(?=\$|\\\(|\\\[)/.exec(rest);
		if (joined === null) {
			break;
		}
		rest = rest.slice(joined[0].length);
	}
	if (parts.length === 0) {
		return undefined;
	}
	const unit =
		parts.length === 1
			? /^\s*((?:square |cubic |sq\.? )?(?:degrees?|dollars?|cents?|inches|feet|cm|km|m|meters?|miles?|hours?|minutes?|units?|percent|%|[ap]\.m\.))(?=[\s.,]|$)/i.exec(
					rest,
				)?.[1]
			: undefined;
	return clean(parts.join(', ')) + (unit === undefined ? '' : unit === '%' ? '\\%' : ` \\text{ ${unit}}`);
}

/** Up to the end of the sentence: a full stop that is no decimal point, a line break, or a clause that explains. */
function sentence(text: string): string {
	const line = text.split('\n', 1)[0] ?? '';
	const end = /[.!?](?=\s+(?:[A-Z]|$)|$|\s*\*\*)|\s+(?:because|since|which|where|as|so|I hope)\b|\s*<\|/.exec(line);
	const cut = clean(
		end === null ? line : line.slice(0, end.index + (/[ap]\.m$/i.test(line.slice(0, end.index)) ? 1 : 0)),
	);
	const words = cut.replace(/\\[a-zA-Z]+/g, ' ').match(/[A-Za-z]{2,}/g) ?? [];
	if (words.length <= 8) {
		return cut;
	}
	return (
		[...cut.matchAll(/\$([^$]+)\$|\\\(((?:[^\\]|\\(?!\)))+)\\\)/g)]
			.at(-1)
			?.slice(1)
			.find((part) => part !== undefined) ??
		lastNumber(cut)?.answer ??
		cut
	);
}

/** Without Markdown bold, quotes, mathematics delimiters and a closing full stop. */
function clean(text: string): string {
	let out = text
		.trim()
		.replace(/\*\*|^`+|`+$|^["“]|["”]$/g, '')
		.trim();
	out = out
		.replace(/^\$\$?([^$]*)\$\$?$/, '$1')
		.replace(/^\\[([]\s*([^]*?)\s*\\[)\]]$/, '$1')
		.trim();
	return out
		.replace(/(?<![ap]\.m)(?<!\.)\.$/i, '')
		.replace(/[,;:]$/, '')
		.trim();
}

function isAnswerByItself(text: string): boolean {
	return isShort(text) && !sentenceWords.test(text.replace(/\\text\s*\{[^{}]*\}/g, ' '));
}

/** Words of sentences, which answers do not have. */
const sentenceWords =
	/\b(?:is|are|was|were|has|have|gives?|makes?|gets?|there|therefore|thus|hence|so|we|it|that|every|total|follows|because|then|must|will|equals?)\b/i;

function isShort(text: string): boolean {
	if (text.length > 300 || text.includes('\n\n') || (text.includes('\n') && !text.includes('\\begin'))) {
		return false;
	}
	const words =
		text
			.replace(/\\(?:text|mbox|textbf|mathrm)\s*\{[^{}]*\}/g, ' ')
			.replace(/\\[a-zA-Z]+/g, ' ')
			.match(/[A-Za-z]{3,}/g) ?? [];
	return words.length <= 4 && !/[.!?]\s+[A-Z]/.test(text);
}

function lastDisplay(text: string): Extracted | undefined {
	const displays = [
		...text.matchAll(
			/\$\$((?:[^$]|\\\$)+)\$\$|\\\[((?:[^\\]|\\(?!\]))+)\\\]|\$((?:[^$\\\n]|\\[^])+)\$|\\\(((?:[^\\\n]|\\(?!\)))+)\\\)/g,
		),
	];
	const last = displays.at(-1);
	if (last === undefined) {
		return undefined;
	}
	const rest = text.slice(last.index + last[0].length);
	if (/\d/.test(rest)) {
		return undefined;
	}
	const content = (last[1] ?? last[2] ?? last[3] ?? last[4] ?? '').trim();
	const sides = content.split('=');
	const answer = clean((sides.length > 1 && !/[<>]|\\[lg]eq?\b/.test(content) ? sides.at(-1) : content) ?? '');
	return answer === '' ? undefined : { answer, how: 'display' };
}

function lastChoice(text: string): Extracted | undefined {
	const lines = text.trimEnd().split('\n');
	const match =
		/^\s*\**(?:(?:option|choice)\s+)?\(?([A-J])\)?[.)]?\**\.?\s*$/.exec(lines.at(-1) ?? '') ??
		[...text.slice(-300).matchAll(/\(([A-J])\)|\b(?:option|choice) ([A-J])\b/g)].at(-1);
	const letter = match?.[1] ?? match?.[2];
	return letter === undefined || /\d[^\n]*$/.test(text.slice(text.lastIndexOf(letter)).slice(0, 300))
		? undefined
		: { answer: letter, how: 'choice' };
}

function lastNumber(text: string): Extracted | undefined {
	const last = [
		...text
			.slice(-2000)
			.matchAll(/[-−]?\$?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|[-−]?\$?(?:\d+(?:\.\d+)?|\.\d+)(?:\/\d+)?%?/g),
	].at(-1);
	return last === undefined ? undefined : { answer: last[0].replace('$', '').replace('−', '-'), how: 'number' };
}
