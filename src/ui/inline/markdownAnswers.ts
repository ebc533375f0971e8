import type { Answer } from '../../core/questions/answer.ts';
import type { Question } from '../../core/questions/question.ts';
import type { Scope } from '../../core/scope.ts';
import type { Finding, InlineReader, ShownAnswer, ShownRecord } from './inlineReader.ts';
import { alike, longestQuestion, shortestEdited } from './inlineReader.ts';
import type { MarkdownText, Stretch } from './scanMarkdown.ts';
import { readings } from './scanMarkdown.ts';

/** Maximum number of paragraphs in a question. */
const mostParagraphs = 3;

/** Returns the texts that may be the question that begins at a stretch, longest first. */
function questionReadings(
	text: MarkdownText,
	stretches: readonly Stretch[],
	at: number,
): { readonly texts: readonly string[]; readonly to: number }[] {
	const first = stretches[at];
	if (!first) {
		return [];
	}
	const found: { texts: readonly string[]; to: number }[] = [];
	for (let count = 1; count <= mostParagraphs; count++) {
		const last = stretches[at + count - 1];
		if (!last || (count > 1 && (first.kind !== 'paragraph' || last.kind !== 'paragraph' || !last.joined))) {
			break;
		}
		const passage = text.view(first.from, last.to).text;
		if (passage.length <= longestQuestion) {
			found.unshift({ texts: readings(passage), to: last.to });
		}
	}
	return found;
}

/**
 * Finds the questions in lines [from, to), and those within `around` lines of them whose records, which extend to the
 * next question, touch these lines.
 */
export async function markdownRecords(
	reader: InlineReader,
	scope: Scope,
	text: MarkdownText,
	from: number,
	to: number,
	around: number,
): Promise<ShownRecord[]> {
	const [first, last] = [Math.max(0, from - around), to + around];
	const stretches = text.within(first, last);
	const candidates = stretches.flatMap((stretch, at) =>
		questionReadings(text, stretches, at).map(({ texts, to: end }) => ({ from: stretch.from, texts, end })),
	);
	const questions = await reader.questions(candidates.map(({ texts }) => texts));
	// A match inside a question that was already found is part of that question. If a question is repeated before a
	// different question begins, the repetition is part of its answers.
	const found: { readonly from: number; readonly end: number; readonly question: Question }[] = [];
	for (const [index, { from: begins, end }] of candidates.entries()) {
		const question = questions[index];
		if (question && begins >= (found.at(-1)?.end ?? 0) && question.id !== found.at(-1)?.question.id) {
			found.push({ from: begins, end, question });
		}
	}
	const inSight = found
		.map((one, at) => ({ ...one, next: found[at + 1]?.from ?? last }))
		.filter((one) => one.from < to && one.next > from);
	return Promise.all(
		inSight.map(async ({ from: begins, end, next, question }) => {
			const finding = await reader.finding(scope, question);
			return { base: 0, at: text.offset(begins), finding, answers: answersInMarkdown(text, end, next, finding) };
		}),
	);
}

/**
 * Finds a question's answers in the lines that follow it. An exact match, as written or as rendered by Markdown, may be
 * anywhere in them; an edited answer is recognised by its beginning and end.
 */
function answersInMarkdown(
	text: MarkdownText,
	from: number,
	to: number,
	{ answers, question }: Finding,
): ShownAnswer[] {
	const shown: ShownAnswer[] = [];
	const free = new Set(answers);
	const taken: (readonly [number, number])[] = [];
	const isTaken = ([start, end]: readonly [number, number]): boolean =>
		taken.some(([left, right]) => start < right && end > left);
	for (const unescaped of [false, true]) {
		for (const answer of answers.filter((one) => free.has(one))) {
			const answerText = answer.text.trim();
			const view = text.view(from, to, { unescaped, eol: answerText.includes('\r\n') ? '\r\n' : '\n' });
			for (
				let at = answerText === '' ? -1 : view.text.indexOf(answerText);
				at >= 0;
				at = view.text.indexOf(answerText, at + 1)
			) {
				const map = view.part(at, at + answerText.length, answer.text, answer.text.indexOf(answerText));
				if (isWhole(view.text, at, at + answerText.length) && !isTaken(map.span)) {
					free.delete(answer);
					taken.push(map.span);
					shown.push({ answer, map, edited: false });
					break;
				}
			}
		}
	}
	for (const [first, last] of runs(
		text.within(from, to).filter((stretch) => stretch.from >= from && stretch.kind !== 'heading'),
	)) {
		const map = text.view(first, last);
		if (
			free.size === 0 ||
			map.text.trim().length < shortestEdited ||
			isTaken(map.span) ||
			readings(map.text).some(
				(reading) => reading === question.text.trim() || reading === question.solution?.trim(),
			)
		) {
			continue;
		}
		const [best] = [...free]
			.map((answer: Answer) => ({ answer, alike: alike(answer.text.trim(), map.text.trim()) }))
			.filter((one) => one.alike >= 0.5)
			.sort((a, b) => b.alike - a.alike);
		if (best) {
			free.delete(best.answer);
			taken.push(map.span);
			shown.push({ answer: best.answer, map, edited: true });
		}
	}
	return shown;
}

/**
 * Whether a match is not part of a longer text: it ends at the end of a line, and begins at the start of one, apart
 * from a label.
 */
function isWhole(text: string, start: number, end: number): boolean {
	const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
	const after = /^[^\n]*/.exec(text.slice(end, end + 200))?.[0] ?? '';
	return /^(?:\s*|.{1,40}[:.)](?:\*\*|__)?\s+)$/.test(before) && after.trim() === '';
}

/** Returns the groups of lines that may form one answer: a fence, or adjacent paragraphs. */
function runs(stretches: readonly Stretch[]): (readonly [number, number])[] {
	const found: [number, number][] = [];
	for (const { from, to, kind, joined } of stretches) {
		const open = found.at(-1);
		if (open && joined && kind === 'paragraph') {
			open[1] = to;
		} else {
			found.push([from, to]);
		}
	}
	return found;
}
