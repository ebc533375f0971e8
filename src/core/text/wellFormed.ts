const loneSurrogates = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Replaces lone surrogates by U+FFFD: UTF-8 cannot encode them, and some servers answer them with a 500 every time. */
export function wellFormed(text: string, instead: string | ((unit: string) => string) = '\uFFFD'): string {
	return typeof instead === 'string' ? text.replace(loneSurrogates, instead) : text.replace(loneSurrogates, instead);
}
