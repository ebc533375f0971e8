/**
 * Returns the formulas of "$a$ for part (a) and $b$": two or more formulas with words between them; undefined for
 * anything else. `plain` means that the words only say which part is which.
 */
export function formulasInProse(text: string): { formulas: string[]; plain: boolean } | undefined {
	const parts = text.replaceAll('$$', '$').split('$');
	if (parts.length < 5 || parts.length % 2 === 0 || parts.length > 41) {
		return undefined;
	}
	const between = parts.filter((_, index) => index % 2 === 0).join(' ');
	const formulas = parts.filter((part, index) => index % 2 === 1 && part.trim() !== '');
	const rest = between.replace(/\b(?:and|or|for|part|parts|respectively|i+)\b|\([a-z]{1,3}\)|[,;.: ]/gi, '');
	return /[\d+\-*/=<>^\\(){}[\]]/.test(rest) || !/[a-z]/i.test(between)
		? undefined
		: { formulas, plain: rest === '' };
}
