/** Numbers in words: in another number's place they change nothing of a template. */
const numberWords =
	'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
	'seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand ' +
	'million half third quarter first second fourth fifth sixth seventh eighth ninth tenth eleventh ' +
	'twelfth thirteenth twentieth fiftieth hundredth';
/** Words that put a question one way or another without changing what it asks. */
const plainWords =
	'the are was were been for from with and its that this these those there then than when where which ' +
	'who what how many much let given suppose such you your she his her him they their them has have had ' +
	'does did can will would find compute determine evaluate calculate simplify solve value values answer ' +
	'express enter write give round common fraction simplest form exact terms decimal nearest degrees ' +
	'units not also only just each after into per some any';
const passedOver = new Set(`${numberWords} ${plainWords}`.split(' '));
/** Names of functions are words of a question; other commands of TeX are its layout. */
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
 * What a question is about: its words without numbers, names (a capital wherever they stand), layout, ways of asking,
 * and the sentence that says how the answer is to be written. Two that differ here share a template and ask different
 * things: the radius and the centre of a circle. English; of other languages all words count.
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

/** In how many content words two questions differ. */
export function contentDifference(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
	let shared = 0;
	for (const word of left) {
		shared += right.has(word) ? 1 : 0;
	}
	return left.size + right.size - 2 * shared;
}
