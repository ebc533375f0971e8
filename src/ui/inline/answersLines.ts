import type { Answer } from '../../core/questions/answer.ts';
import { TextMap } from './textMap.ts';

/** Line ends as the document builder recognises them (documents/documentText.ts). */
const lineEnds = /\r\n|[\n\r\u2028\u2029\u0085]/g;

/**
 * Locates the answers in their `stat:` document (documents/projectDocuments.ts). Answers are indented and headings are
 * at the margin, so no answer can pass for a heading. If the lines do not match an answer, because the document is
 * older or newer, that answer is omitted.
 */
export function answersLines(
	lines: readonly string[],
	starts: readonly number[],
	answers: readonly Answer[],
): { readonly sample: number; readonly map: TextMap; readonly line: number }[] {
	const found: { sample: number; map: TextMap; line: number }[] = [];
	let answer: Answer | undefined;
	let map: TextMap | undefined;
	let step = -1;
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] ?? '';
		if (/^# |^## /.test(line)) {
			const number = /^## \D*(\d+) \D*\d+ · /u.exec(line);
			answer = number ? answers[Number(number[1]) - 1] : undefined;
			map = answer && new TextMap(answer.text);
			step = -1;
			if (answer && map) {
				found.push({ sample: answer.sample, map, line: at });
				if (answer.steps.length === 0) {
					const verdictLines = answer.logVerdict !== null && answer.logVerdict !== answer.verdict ? 1 : 0;
					addBlock(map, lines, starts, at + 1 + verdictLines, 0, answer.text);
				}
			}
		} else if (answer && map && line.startsWith('### ')) {
			step += 1;
			const range = answer.steps[step];
			if (range) {
				const text = answer.text.slice(range[0], range[1]);
				addBlock(map, lines, starts, at + 1, range[0] + text.length - text.trimStart().length, text.trim());
			}
		}
	}
	return found;
}

function addBlock(
	map: TextMap,
	lines: readonly string[],
	starts: readonly number[],
	first: number,
	offset: number,
	text: string,
): void {
	let from = 0;
	for (let at = first; at < lines.length; at++) {
		lineEnds.lastIndex = from;
		const end = lineEnds.exec(text);
		const to = end ? end.index : text.length;
		const part = text.slice(from, to);
		if ((lines[at] ?? '') !== (part === '' ? '' : `    ${part}`)) {
			return;
		}
		if (part !== '') {
			const there = (starts[at] ?? 0) + 4;
			map.add(there, there + part.length, offset + from, offset + to);
		}
		if (!end) {
			return;
		}
		from = end.index + end[0].length;
	}
}
