const replacements: Record<string, string> = {
	'−': '-',
	'–': '-',
	'—': '-',
	'‐': '-',
	'‑': '-',
	'×': '\\times ',
	'·': '\\cdot ',
	'⋅': '\\cdot ',
	'∙': '\\cdot ',
	'∗': '*',
	'÷': '\\div ',
	'±': '\\pm ',
	'∓': '\\mp ',
	'≤': '\\le ',
	'≥': '\\ge ',
	'⩽': '\\le ',
	'⩾': '\\ge ',
	'≠': '\\ne ',
	'≈': '\\approx ',
	'∈': '\\in ',
	'∨': '\\lor ',
	'∧': '\\land ',
	'∀': '\\forall ',
	'∃': '\\exists ',
	'∠': '\\angle ',
	'→': '\\to ',
	'⇒': '\\Rightarrow ',
	'∪': '\\cup ',
	'∩': '\\cap ',
	'∅': '\\emptyset ',
	Ø: '\\emptyset ',
	'∞': '\\infty ',
	'∖': '\\setminus ',
	π: '\\pi ',
	θ: '\\theta ',
	α: '\\alpha ',
	β: '\\beta ',
	γ: '\\gamma ',
	λ: '\\lambda ',
	φ: '\\phi ',
	ω: '\\omega ',
	μ: '\\mu ',
	σ: '\\sigma ',
	Δ: '\\Delta ',
	ℝ: '\\mathbb{R}',
	'°': '^\\circ ',
	º: '^\\circ ',
	'⟨': '\\langle ',
	'⟩': '\\rangle ',
	'⌊': '\\lfloor ',
	'⌋': '\\rfloor ',
	'⌈': '\\lceil ',
	'⌉': '\\rceil ',
	'√': '\\sqrt ',
	'∛': '\\cbrt ',
	'…': '\\ldots ',
	'½': '\\frac{1}{2}',
	'⅓': '\\frac{1}{3}',
	'⅔': '\\frac{2}{3}',
	'¼': '\\frac{1}{4}',
	'¾': '\\frac{3}{4}',
	'⅕': '\\frac{1}{5}',
	'⅖': '\\frac{2}{5}',
	'⅗': '\\frac{3}{5}',
	'⅘': '\\frac{4}{5}',
	'⅙': '\\frac{1}{6}',
	'⅚': '\\frac{5}{6}',
	'⅛': '\\frac{1}{8}',
	'⅜': '\\frac{3}{8}',
	'⅝': '\\frac{5}{8}',
	'⅞': '\\frac{7}{8}',
	'✓': ' ',
	'✔': ' ',
	'✅': ' ',
	'☑': ' ',
	'■': ' ',
	'□': ' ',
	'∎': ' ',
	'。': '. ',
	'、': ', ',
	'「': '"',
	'」': '"',
	'“': '"',
	'”': '"',
	'‘': "'",
	'’': "'",
	'′': "'",
	'⁄': '/',
	'∕': '/',
	'¢': '\\text{ cents}',
	'€': '\\text{ euros}',
	'£': '\\text{ pounds sterling}',
};
const superscripts: Record<string, string> = {
	'⁰': '0',
	'¹': '1',
	'²': '2',
	'³': '3',
	'⁴': '4',
	'⁵': '5',
	'⁶': '6',
	'⁷': '7',
	'⁸': '8',
	'⁹': '9',
	'⁻': '-',
	ⁿ: 'n',
	'⁺': '+',
};
const subscripts: Record<string, string> = {
	'₀': '0',
	'₁': '1',
	'₂': '2',
	'₃': '3',
	'₄': '4',
	'₅': '5',
	'₆': '6',
	'₇': '7',
	'₈': '8',
	'₉': '9',
};

const foreign = /[^\x20-\x7e]/;
const scripts = (table: Record<string, string>, mark: string, run: string): string =>
	`${mark}{${[...run].map((c) => table[c] ?? '').join('')}}`;

/**
 * Returns one line of ASCII LaTeX: Unicode mathematics is spelled out, invisible and control characters are removed,
 * and backslashes broken by JSON are repaired.
 */
export function plainText(answer: string): string {
	const text = answer.includes('\\\\') ? withoutDoubling(answer) : answer;
	if (!foreign.test(text)) {
		return text.trim();
	}
	return withoutEscapes(text)
		.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]+/g, (run) => scripts(superscripts, '^', run))
		.replace(/[₀-₉]+/g, (run) => scripts(subscripts, '_', run))
		.replace(/[^\x20-\x7e]/g, (c) => replacements[c] ?? c)
		.normalize('NFKC')
		.replace(/\p{Cf}/gu, '')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.replace(/\p{Nd}/gu, asciiDigit)
		.replace(/[^\x20-\x7e]/g, (c) => replacements[c] ?? c)
		.trim();
}

/** Translates a decimal digit of any script to ASCII. */
function asciiDigit(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	const row = code & ~0xf;
	// Each script's ten digits are at the beginning or the end of a row of sixteen code points.
	return String(code - (/\p{Nd}/u.test(String.fromCodePoint(row)) ? row : row + 6));
}

const doubledCommand =
	/\\\\(?:boxed|d?frac|sqrt|text|begin|left|right|pi|cdot|times|infty|le|ge|sin|cos|tan|log|ln|mathrm|pm|circ)\b/;

/** Undoes doubled backslashes in text that was JSON-escaped twice. */
export function withoutDoubling(text: string): string {
	if (!doubledCommand.test(text) || /(?<!\\)(?:\\\\)*\\[A-Za-z]/.test(text)) {
		return text;
	}
	return text.replaceAll('\\\\', '\\');
}

/** Restores \boxed, \frac and \text where \b, \f and \t were read as JSON escapes. */
export function withoutEscapes(text: string): string {
	return /[\b\f\t]/.test(text)
		? text
				.replace(/[\b](?=oxed|inom|egin|ar\b|eta)/g, '\\b')
				.replace(/\f(?=rac|box)/g, '\\f')
				.replace(/\t(?=ext\{|imes\b|frac|heta)/g, '\\t')
		: text;
}
