const loneSurrogates = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * Replaces lone surrogates with U+FFFD: UTF-8 cannot encode them, and some servers always respond to them with a 500.
 */
export function wellFormed(text: string, instead: string | ((unit: string) => string) = '\uFFFD'): string {
	return typeof instead === 'string' ? text.replace(loneSurrogates, instead) : text.replace(loneSurrogates, instead);
}
