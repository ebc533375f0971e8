import type { ItemContent } from './curation.ts';
import { StatError } from '../errors/statError.ts';

// Format of an item in a text editor: the question, then each solution, under separator lines that a model is unlikely
// to write. If a model's text does contain such a line, that line is indented by one space.
const heading = /^={5} (question|solution (\d+)) ={5}$/;

/** Renders the content: `===== question =====`, then `===== solution 1 =====` and so on. */
export function itemText({ question, solutions }: ItemContent): string {
	const apart = (text: string): string =>
		text
			.split('\n')
			.map((line) => (heading.test(line.trimEnd()) ? ` ${line}` : line))
			.join('\n');
	return [
		`===== question =====\n${apart(question)}\n`,
		...solutions.map((solution, index) => `===== solution ${index + 1} =====\n${apart(solution)}\n`),
	].join('\n');
}

/**
 * Parses the text that {@link itemText} renders. Solutions may have been removed or added; each begins with its
 * separator. White space at either end of a part is ignored. Throws a StatError that names the line.
 */
export function readItemText(text: string): Pick<ItemContent, 'question' | 'solutions'> {
	const parts: { readonly kind: 'question' | 'solution'; readonly line: number; readonly lines: string[] }[] = [];
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		const found = heading.exec(line.trimEnd());
		if (found) {
			parts.push({ kind: found[1] === 'question' ? 'question' : 'solution', line: index + 1, lines: [] });
		} else if (parts.length > 0) {
			parts.at(-1)?.lines.push(line);
		} else if (line.trim() !== '') {
			throw new StatError('curation.textBeforeHeading', { line: index + 1 });
		}
	}
	const questions = parts.filter(({ kind }) => kind === 'question');
	const [first] = parts;
	if (!first || first.kind !== 'question' || questions.length !== 1) {
		const line = questions[1]?.line ?? first?.line ?? 1;
		throw new StatError('curation.questionHeading', { line });
	}
	const texts = parts.map(({ lines }) => lines.join('\n').trim());
	const empty = texts.findIndex((part) => part === '');
	if (empty >= 0) {
		throw new StatError('curation.emptyText', { line: parts[empty]?.line ?? 1 });
	}
	if (texts.length < 2) {
		throw new StatError('curation.noSolution', {});
	}
	return { question: texts[0] ?? '', solutions: texts.slice(1) };
}
