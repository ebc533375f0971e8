export type PythonValue = string | number | boolean | null;

const simpleEscapes: Readonly<Record<string, string>> = {
	'\\': '\\',
	"'": "'",
	'"': '"',
	a: '\x07',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
	'\n': '',
};
const literals: readonly (readonly [string, PythonValue])[] = [
	['None', null],
	['True', true],
	['False', false],
	['nan', Number.NaN],
	['inf', Number.POSITIVE_INFINITY],
	['-inf', Number.NEGATIVE_INFINITY],
];

/**
 * Parses a flat list as printed by Python, e.g. `['\\frac{1}{2}', 0.5]` or `["it's", None]`; `null` for anything else.
 */
export function pythonList(text: string): PythonValue[] | null {
	const trimmed = text.trim();
	if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) {
		return null;
	}
	const values: PythonValue[] = [];
	const end = trimmed.length - 1;
	let at = skipSpace(trimmed, 1);
	while (at < end) {
		const read = readValue(trimmed, at, end);
		if (read === null) {
			return null;
		}
		values.push(read.value);
		at = skipSpace(trimmed, read.next);
		if (at < end) {
			if (trimmed[at] !== ',') {
				return null;
			}
			at = skipSpace(trimmed, at + 1);
		}
	}
	return at === end ? values : null;
}

function skipSpace(text: string, from: number): number {
	let at = from;
	while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t') {
		at++;
	}
	return at;
}

function readValue(text: string, at: number, end: number): { value: PythonValue; next: number } | null {
	const quote = text[at];
	if (quote === "'" || quote === '"') {
		return readString(text, at + 1, end, quote);
	}
	const literal = literals.find(([name]) => text.startsWith(name, at));
	if (literal) {
		return { value: literal[1], next: at + literal[0].length };
	}
	const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/i.exec(text.slice(at, Math.min(end, at + 400)))?.[0];
	return number === undefined ? null : { value: Number(number), next: at + number.length };
}

function readString(text: string, from: number, end: number, quote: string): { value: string; next: number } | null {
	let value = '';
	let at = from;
	while (at < end) {
		const char = text[at] ?? '';
		if (char === quote) {
			return { value, next: at + 1 };
		}
		if (char !== '\\') {
			value += char;
			at++;
			continue;
		}
		const letter = text[at + 1] ?? '';
		const numeric = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3}))/.exec(
			text.slice(at + 1, at + 10),
		);
		if (numeric) {
			const code =
				numeric[4] === undefined
					? Number.parseInt(numeric[1] ?? numeric[2] ?? numeric[3] ?? '', 16)
					: Number.parseInt(numeric[4], 8);
			if (code > 0x10ffff) {
				return null;
			}
			value += String.fromCodePoint(code);
			at += 1 + numeric[0].length;
		} else if ('xuUN'.includes(letter)) {
			return null;
		} else if (Object.hasOwn(simpleEscapes, letter)) {
			value += simpleEscapes[letter];
			at += 2;
		} else {
			value += '\\'; // Python leaves an unknown escape unchanged.
			at++;
		}
	}
	return null;
}
