import type { Extracted } from '../../core/ports/grader.ts';
import { firstTurn, markedAnswer, spokenPart } from '../../core/text/answerMarks.ts';
import { announcementsIn } from '../../core/text/answerPhrases.ts';
import { trimCharacters } from '../../core/text/trimCharacters.ts';
import { formulasInProse } from './formulasInProse.ts';
import { lastBoxes } from './lastBoxes.ts';
import { lastDisplay } from './lastDisplay.ts';
import { withoutEscapes } from './plainText.ts';

/** Phrases, numbers and displayed formulas are searched for in this many characters at the end. */
const tailLength = 20_000;
const longestPhrase = 600;

const nothing: Extracted = { answer: null, how: 'none' };
const cutOff: Extracted = { answer: null, how: 'none', cutOff: true };

/**
 * Extracts a response's final answer in linear time. In the text after all thoughts and before another turn, it takes
 * the last \boxed or \fbox (several in a row are a list). If there is none, it takes what follows "the answer is",
 * "####" or "Answer:" in many languages, or else the last displayed formula, choice letter or number. A short text
 * without any of these is itself the answer. A response that ends inside a thought or an unclosed box was cut off; an
 * empty box is not an answer.
 */
export function extractAnswer(response: string): Extracted {
	const spoken = spokenPart(response);
	if (spoken.cutOff) {
		return cutOff;
	}
	const text =
		spoken.start === 0 && spoken.end === response.length ? response : response.slice(spoken.start, spoken.end);
	const turn = firstTurn(text);
	if (turn.end !== undefined && turn.end > 0) {
		const first = fromTurn(text.slice(turn.start, turn.end));
		if (first.answer !== null || first.cutOff === true) {
			return first;
		}
	}
	return fromTurn(turn.start > 0 ? text.slice(turn.start) : text);
}

function fromTurn(turn: string): Extracted {
	const marked = markedAnswer(turn);
	if (marked !== undefined) {
		const inside = fromText(marked.length > tailLength ? marked.slice(-tailLength) : marked);
		return inside.how === 'boxed' || inside.cutOff === true || inside.answer === null
			? inside
			: { answer: inside.how === 'whole' || !isAnswerByItself(marked) ? inside.answer : marked, how: 'tagged' };
	}
	return fromText(turn);
}

function fromText(written: string): Extracted {
	const text = withoutEscapes(written);
	const boxed = lastBoxes(text);
	const tail = text.slice(-tailLength);
	const hashes = afterHashes(tail);
	if (boxed !== undefined && !(hashes !== undefined && text.length - tail.length + hashes.at > boxed.end)) {
		if (boxed.state === 'closed') {
			return { answer: boxed.answer, how: 'boxed' };
		}
		return boxed.state === 'open' ? cutOff : nothing;
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
		return nothing;
	}
	if (isAnswerByItself(whole) || (whole.length <= 300 && formulasInProse(whole)?.plain === true)) {
		return { answer: /^\*\*[^*]+\*\*$/.test(whole) ? whole.replaceAll('*', '').trim() : whole, how: 'whole' };
	}
	const display = lastDisplay(tail);
	return (
		(display === undefined ? undefined : ({ answer: clean(display), how: 'display' } as const)) ??
		lastChoice(tail) ??
		lastNumber(tail) ??
		(isShort(whole) ? { answer: whole, how: 'whole' } : nothing)
	);
}

/**
 * Finds GSM8K's `####` mark. Markdown headings of the same depth are recognised because they are sentences or have a
 * number with a full stop.
 */
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

/** An instruction about where to put the answer: "within \boxed{}", "in the form …". */
const echo =
	/^(?:(?:given |put |placed |written |enclosed |to be )?(?:within|inside|in|as)\b[^.\n]{0,40}\\boxed|in the (?:form|format)\b)/i;

function afterPhrase(text: string): string | undefined {
	let last: { end: number; decimalComma: boolean } | undefined;
	for (const found of announcementsIn(text)) {
		const rest = text.slice(found.end, found.end + longestPhrase).trim();
		if (rest !== '' && !echo.test(rest)) {
			last = found;
		}
	}
	if (last === undefined) {
		return undefined;
	}
	const rest = text.slice(last.end, last.end + longestPhrase).replace(/^[\s*:：_`"]+/, '');
	const formula = leadingFormula(rest);
	const answer = formula ?? leadingNumber(rest) ?? sentence(rest);
	if (answer === '') {
		return undefined;
	}
	return last.decimalComma && /^[-−]?\d+,(?:\d{1,2}|\d{4,})(?!\d)/.test(answer) ? answer.replace(',', '.') : answer;
}

/** A number followed by letters of another script: 25 个苹果, 25입니다. */
function leadingNumber(text: string): string | undefined {
	const match = /^([-−]?[$€£¥]?\d[\d.,/]{0,40})([%％°]?)\s?(?=\p{L})(?![A-Za-zµ])/u.exec(text);
	return match?.[1] === undefined ? undefined : clean(match[1].replace(/[.,/]$/, '') + (match[2] ?? ''));
}

/** Reads $…$, $$…$$, \(…\) or \[…\] at the beginning; a list of them is taken as a whole. */
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
		const joined =
			/^(?:\s{0,9}[,;]\s{0,9}(?:and\s{1,9}|or\s{1,9})?|\s{1,9}(?:and|or)\s{1,9}|\s{0,9}(?:for|in) part \([a-z0-9]{1,3}\),?\s{0,9}(?:and\s{1,9})?)(?=\$|\\\(|\\\[)/.exec(
				rest,
			);
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
			? /^\s{0,9}((?:square |cubic |sq\.? )?(?:degrees?|dollars?|cents?|inches|feet|cm|km|m|meters?|miles?|hours?|minutes?|units?|percent|%|[ap]\.m\.))(?=[\s.,]|$)/i.exec(
					rest,
				)?.[1]
			: undefined;
	const answer = clean(parts.join(', '));
	if (unit === undefined) {
		return answer;
	}
	return unit === '%' ? `${answer}\\%` : `${answer} \\text{ ${unit}}`;
}

/**
 * The end of an answer within a sentence: a full stop that is not a decimal point, or a clause that explains or denies.
 */
const sentenceEnd = new RegExp(
	[
		'[.!?。！？](?=\\s{1,9}(?:[A-Z]|$)|$|\\s{0,9}\\*\\*)',
		'[。！？]',
		"[\\s,(]{1,9}(?:because|since|which|where|as|so|I hope|it can(?:not|'t)|it is not|and not|but not|rather than|instead of)\\b",
		',\\s{0,9}not\\b',
		'\\s{1,9}not\\s{1,9}(?=[\\d$\\\\(]|[A-J]\\b)',
		'\\s{0,9}<\\|',
	].join('|'),
);

/** Returns the text up to the end of the sentence; for a long sentence, its last formula or number. */
function sentence(text: string): string {
	const line = text.split('\n', 1)[0] ?? '';
	const end = sentenceEnd.exec(line);
	const isWhole = end === null || end.index === 0;
	const cut = clean(isWhole ? line : line.slice(0, end.index + (/[ap]\.m$/i.test(line.slice(0, end.index)) ? 1 : 0)));
	const predicate = /^(?:the|that|there)\b[^=]{0,200}?\s(?:is|are|equals)\s{1,3}(.+)$/i.exec(cut)?.[1];
	const words = cut.replace(/\\[a-zA-Z]+/g, ' ').match(/[A-Za-z]{2,}/g) ?? [];
	if (predicate !== undefined && isAnswerByItself(predicate)) {
		return leadingFormula(predicate) ?? clean(predicate);
	}
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

/** Removes Markdown bold, quotes, mathematics delimiters and a closing full stop. */
function clean(text: string): string {
	let out = trimCharacters(text.trim(), '`').replace(boldMark, '').trim();
	if (/^["“]/.test(out) || /["”]$/.test(out)) {
		out = trimCharacters(out, '"“”').trim();
	}
	if (/^__.+__$/.test(out)) {
		out = trimCharacters(out, '_');
	}
	out = out
		.replace(/^\$\$?([^$]*)\$\$?$/, '$1')
		.replace(/^\\[([]([^]*)\\[)\]]$/, '$1')
		.trim();
	return out
		.replace(/(?<![ap]\.m)(?<!\.)[.。]$/i, '')
		.replace(/[,;:，；：]$/, '')
		.trim();
}

/** Matches the ** of Markdown but not the power operator in code: 10**10, x**2, (a)**b. */
const boldMark = /(?<![\w)\]])\*\*|\*\*(?![\w(])/g;

function isAnswerByItself(text: string): boolean {
	return (
		isShort(text) &&
		!sentenceWords.test(text.replace(/\\text\s{0,9}\{[^{}]*\}/g, ' ')) &&
		!/\bI\s/.test(text) &&
		!(/\d/.test(text) && foreignWords.test(text))
	);
}

/** Words that occur in sentences but not in answers. */
const sentenceWords =
	/\b(?:is|are|was|were|has|have|gives?|makes?|gets?|there|therefore|thus|hence|so|we|it|you|he|she|they|pays?|costs?|that|every|total|follows|because|then|must|will|equals?)\b/i;
/** Two consecutive letters of a script in which mathematics is not written. */
const foreignWords =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Thai}]{2}/u;

function isShort(text: string): boolean {
	if (text.length > 300 || text.includes('\n\n') || (text.includes('\n') && !text.includes('\\begin'))) {
		return false;
	}
	const words =
		text
			.replace(/\\(?:text|mbox|textbf|mathrm)\s{0,9}\{[^{}]*\}/g, ' ')
			.replace(/\\[a-zA-Z]+/g, ' ')
			.match(/[A-Za-z]{3,}/g) ?? [];
	return words.length <= 4 && !/[.!?]\s{1,9}[A-Z]/.test(text);
}

function lastChoice(text: string): Extracted | undefined {
	const line = text.slice(-400).trimEnd().split('\n').at(-1) ?? '';
	const match =
		/^\s{0,20}\*{0,4}(?:(?:option|choice)\s{1,9})?\(?([A-J])\)?[.)]?\*{0,4}\.?\s{0,20}$/.exec(line) ??
		/\b(?:pick|choose|select|go with)\s{1,9}(?:option |choice )?\(?([A-J])\)?[.!]?$/.exec(line) ??
		/选择?\s{0,3}[：:]?\s{0,3}\(?([A-J])\)?[。.]?$/.exec(line) ??
		[...text.slice(-300).matchAll(/\(([A-J])\)|\b(?:option|choice)(?: is)? ([A-J])\b/g)].at(-1);
	const letter = match?.[1] ?? match?.[2];
	return letter === undefined || /\d[^\n]*$/.test(text.slice(text.lastIndexOf(letter)).slice(0, 300))
		? undefined
		: { answer: letter, how: 'choice' };
}

const numberPattern = /[-−]?[$€£]?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|[-−]?[$€£]?(?:\d+(?:\.\d+)?|\.\d+)(?:\/\d+)?%?/g;

const statement =
	/(?:=|\b(?:is|are|equals|costs?)\b)\s{0,3}(?:about |exactly |only )?([-−]?[$€£]?\d[\d,.]*%?(?:\/\d+)?)/g;
/**
 * Matches text between a stated number and a later one if it shows that the sentence goes on with more than "how" or
 * "where".
 */
const goesOn = /[,;:=+*/×^]|\b(?:and|so|then|thus|total|makes|gives|left|which|plus|times)\b/;

/**
 * Returns the last number. In the last sentence that has one, a number after "=" or "is" takes precedence over any
 * other.
 */
function lastNumber(text: string): Extracted | undefined {
	const tail = text.slice(-2000);
	const last = [...tail.matchAll(numberPattern)].at(-1);
	if (last === undefined) {
		return undefined;
	}
	const before = tail.slice(Math.max(0, last.index - 300), last.index);
	const sentenceStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('. '), before.lastIndexOf('? ')) + 1;
	const clause = before.slice(sentenceStart) + last[0];
	const stated = [...clause.matchAll(statement)]
		.filter((match) => !goesOn.test(clause.slice(match.index + match[0].length, clause.length - last[0].length)))
		.at(-1);
	const money = /(?<!\d)(\d+) dollars? and (\d{1,2}) cents?\b/.exec(tail.slice(Math.max(0, last.index - 40)));
	if (money?.[1] !== undefined && money[2] !== undefined) {
		return { answer: `${money[1]}.${money[2].padStart(2, '0')}`, how: 'number' };
	}
	const number = stated?.[1] === undefined ? last[0] : stated[1].replace(/[.,]$/, '');
	return { answer: number.replace(/[$€£]/, '').replace('−', '-'), how: 'number' };
}
