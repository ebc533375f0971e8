/** Shorter pieces of a key are common words rather than secrets. */
const shortestPiece = 12;
/** A key shorter than this is a placeholder such as "none". */
const shortestKey = 6;

/**
 * Returns a function that replaces a key with `[key]` in text from an endpoint, which may send back what it received:
 * the key as it is, percent-encoded or in base64, whole or its beginning of at least 12 characters.
 */
export function redactKey(apiKey: string | null): (text: string) => string {
	if (apiKey === null || apiKey.length < shortestKey) {
		return (text) => text;
	}
	const patterns = [plain(apiKey), ...[0, 1, 2].map((offset) => base64(apiKey, offset))].flatMap((letters) =>
		letters.length === 0 ? [] : [beginning(letters, Math.min(letters.length, shortestPiece))],
	);
	return (text) => patterns.reduce((rest, pattern) => rest.replace(pattern, '[key]'), text);
}

/** Returns a pattern for each character of a key, percent-encoded or not. */
function plain(apiKey: string): string[] {
	return [...apiKey].map((letter) => {
		const encoded = [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
		const either = encoded.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
		return `(?:${literal(letter)}|${either})`;
	});
}

/**
 * Returns a pattern for each base64 character that depends on the key alone, if the key begins `offset` bytes into a
 * group of three.
 */
function base64(apiKey: string, offset: number): string[] {
	const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(apiKey)]);
	const whole = Math.floor((bytes.length * 8) / 6);
	return [...bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole)].map((letter) => {
		if (letter === '+' || letter === '/') {
			return letter === '+' ? '[+-]' : '[/_]';
		}
		return letter;
	});
}

/** Returns a pattern for the first `least` letters and as many of the following ones as there are. */
function beginning(letters: readonly string[], least: number): RegExp {
	const rest = letters.slice(least);
	const source = `${letters.slice(0, least).join('')}${rest.map((letter) => `(?:${letter}`).join('')}${')?'.repeat(rest.length)}`;
	return new RegExp(source, 'g');
}

function literal(letter: string): string {
	return letter.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
