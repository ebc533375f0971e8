import type MarkdownItClass from 'markdown-it';

type MarkdownIt = InstanceType<typeof MarkdownItClass>;

/** A formula found in a text; `raw` is its source, including the delimiters. */
export type Formula = {
	readonly tex: string;
	readonly display: boolean;
	readonly raw: string;
};

const closings: Readonly<Record<string, string>> = { $$: '$$', '\\[': '\\]', '\\(': '\\)' };
/** Environments that KaTeX renders on their own, without delimiters. */
const environment =
	/^\\begin\{((?:align|gather|equation|multline|alignat|eqnarray|cases|array|split|aligned|gathered|(?:p|b|v|B|V|small)?matrix)\*?)\}/;
const longest = 10_000;

/**
 * Number of characters of a text that may still be searched for closing delimiters: thousands of unclosed opening ones
 * must not block the page.
 */
export interface ScanBudget {
	left: number;
}

/**
 * Finds the formula that starts at `at`: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, `\begin{align}…\end{align}`. A dollar sign
 * opens a formula only if another one could close it: "costs $5 and $10" stays text.
 */
function formulaAt(text: string, at: number, budget: ScanBudget = { left: 1_000_000 }): Formula | null {
	const two = text.slice(at, at + 2);
	const closing = closings[two];
	if (closing !== undefined) {
		const end = indexOfUnescaped(text, closing, at + 2, budget);
		return end < 0 || end === at + 2 ? null : formula(text, at, at + 2, end, end + 2, two !== '\\(');
	}
	if (text[at] === '$') {
		return dollarFormula(text, at, budget);
	}
	const name = text.startsWith('\\begin{', at) ? environment.exec(text.slice(at, at + 40))?.[1] : undefined;
	if (name === undefined) {
		return null;
	}
	const end = endOfEnvironment(text, name, at, budget);
	return end < 0 ? null : formula(text, at, at, end, end, true);
}

function formula(text: string, start: number, from: number, to: number, end: number, display: boolean): Formula | null {
	const tex = text.slice(from, to);
	return tex.trim() === '' || tex.length > longest ? null : { tex, display, raw: text.slice(start, end) };
}

function dollarFormula(text: string, at: number, budget: ScanBudget): Formula | null {
	const spaced = /\s/.test(text[at + 1] ?? ' ');
	for (let end = at + 1; end < text.length && budget.left > 0; end++, budget.left--) {
		if (text[end] === '\\') {
			end += 1;
		} else if (text[end] === '\n' && (spaced || /^\s*\n/.test(text.slice(end + 1, end + 200)))) {
			return null;
		} else if (text[end] === '$') {
			const before = /\s/.test(text[end - 1] ?? '');
			// With spaces inside, as in `$ x^2 $`, it is a formula only if it looks like one.
			const closes = spaced ? before && /[\\^_={}]/.test(text.slice(at + 1, end)) : !before && end > at + 1;
			return closes && !/\d/.test(text[end + 1] ?? '') ? formula(text, at, at + 1, end, end + 1, false) : null;
		}
	}
	return null;
}

function indexOfUnescaped(text: string, target: string, from: number, budget: ScanBudget): number {
	for (let at = from; at < text.length && budget.left > 0; at++, budget.left--) {
		if (text.startsWith(target, at)) {
			return at;
		}
		if (text[at] === '\\') {
			at += 1;
		}
	}
	return -1;
}

function endOfEnvironment(text: string, name: string, at: number, budget: ScanBudget): number {
	const [begin, close] = [`\\begin{${name}}`, `\\end{${name}}`];
	let depth = 0;
	for (let index = at; index < text.length && budget.left > 0; index++, budget.left--) {
		if (text.startsWith(begin, index)) {
			depth += 1;
		} else if (text.startsWith(close, index)) {
			depth -= 1;
			if (depth === 0) {
				return index + close.length;
			}
		}
	}
	return -1;
}

/**
 * Adds rules to markdown-it: for formulas, within lines and as separate blocks (which may contain blank lines and lines
 * that look like list items), and for MATH's `[asy]` figures.
 */
export function mathsRule(md: MarkdownIt): void {
	md.inline.ruler.before('escape', 'formula', (state, silent) => {
		const found = formulaAt(state.src, state.pos, budgetOf(state.env));
		if (!found) {
			return false;
		}
		if (!silent) {
			state.push('formula', '', 0).meta = found;
		}
		state.pos += found.raw.length;
		return true;
	});
	md.block.ruler.before(
		'fence',
		'formulaBlock',
		(state, startLine, endLine, silent) => {
			const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
			const limit = state.eMarks[endLine - 1] ?? state.src.length;
			const source = state.src.slice(0, limit);
			const figure = /^\[asy\][\s\S]*?\[\/asy\]/.exec(source.slice(start, start + 2 * longest))?.[0];
			const found =
				figure === undefined &&
				(source.startsWith('$$', start) ||
					source.startsWith('\\[', start) ||
					source.startsWith('\\begin{', start))
					? formulaAt(source, start, budgetOf(state.env))
					: null;
			const raw = figure ?? found?.raw;
			if (raw === undefined) {
				return false;
			}
			const end = start + raw.length;
			const line = state.eMarks.findIndex((mark, index) => index >= startLine && mark >= end);
			// Text follows the formula on its line, so it is left to the paragraph rule.
			if (line < 0 || line >= endLine || source.slice(end, state.eMarks[line]).trim() !== '') {
				return false;
			}
			if (!silent) {
				const token = state.push(figure === undefined ? 'formula' : 'figure', '', 0);
				token.meta = found;
				token.content = raw;
				token.block = true;
				state.line = line + 1;
			}
			return true;
		},
		{ alt: ['paragraph', 'blockquote', 'list'] },
	);
}

/** Returns the budget of a text: markdown-it passes the same environment to every rule. */
function budgetOf(env: object): ScanBudget {
	return ((env as { scans?: ScanBudget }).scans ??= { left: 500_000 });
}
