/** Names of numbers: replacing one with another leaves the template unchanged. */
const numberWords =
	'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
	'seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand ' +
	'million half third quarter first second fourth fifth sixth seventh eighth ninth tenth eleventh ' +
	'twelfth thirteenth twentieth fiftieth hundredth';
/** Words that phrase a question without changing what it asks. */
const plainWords =
	'the are was were been for from with and its that this these those there then than when where which ' +
	'who what how many much let given suppose such you your she his her him they their them has have had ' +
	'does did can will would find compute determine evaluate calculate simplify solve value values answer ' +
	'express enter write give round common fraction simplest form exact terms decimal nearest degrees ' +
	'units not also only just each after into per some any';
const passedOver = new Set(`${numberWords} ${plainWords}`.split(' '));
/** TeX function names count as words of a question; other TeX commands are only layout. */
const functions = new Set([
	'sin',
	'cos',
	'tan',
	'cot',
	'sec',
	'csc',
	'arcsin',
	'arccos',
	'arctan',
	'log',
	'gcd',
	'lcm',
]);

/**
 * Returns the content words of a question: its words without numbers, names (capitalised wherever they occur), layout,
 * phrasing, and the sentence that says how to write the answer. Two questions with different content words may share a
 * template but ask different things, such as the radius and the centre of a circle. English only; in other languages
 * every word counts.
 */
export function contentWords(text: string): ReadonlySet<string> {
	const words =
		text
			.replace(/\[asy\][\s\S]*?(?:\[\/asy\]|$)/g, ' ')
			.replace(/(?<=^|[.?!$\]])\s*(?:Express|Enter|Write|Give|Round)\b[^.?!]*[.?!]/g, ' ')
			.replace(/\\(?:begin|end)\{[^{}]{0,20}\}/g, ' ')
			.replace(/\\([a-zA-Z]+)/g, (_, name: string) => (functions.has(name) ? ` ${name} ` : ' '))
			.match(/\p{L}+/gu) ?? [];
	const uncapitalised = new Set(words.filter((word) => word.charAt(0) === word.charAt(0).toLowerCase()));
	const content = words.flatMap((word) => {
		const lower = word.toLowerCase();
		const isName = word.charAt(0) !== lower.charAt(0) && word !== word.toUpperCase() && !uncapitalised.has(lower);
		return lower.length < 3 || isName || passedOver.has(lower) ? [] : [lower.replace(/(?:ies|es|s)$/, '')];
	});
	return new Set(content);
}

/** Returns the number of content words in which two questions differ. */
export function contentDifference(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
	let shared = 0;
	for (const word of left) {
		shared += right.has(word) ? 1 : 0;
	}
	return left.size + right.size - 2 * shared;
}
