const loneSurrogates = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Lone surrogates, which no UTF-8 can hold and some servers answer with a 500 for ever, replaced (U+FFFD). */
export function wellFormed(text: string, instead: string | ((unit: string) => string) = '\uFFFD'): string {
	return typeof instead === 'string' ? text.replace(loneSurrogates, instead) : text.replace(loneSurrogates, instead);
}
