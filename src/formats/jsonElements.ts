import { isUtf8 } from 'node:buffer';
import { throwIfCancelled } from '../core/errors/statError.ts';
import { maxLineBytes } from './jsonLines.ts';
import { openText } from './openText.ts';

export type JsonPath = readonly (string | number)[];
/** What to do with the value at a path: enter it, take it whole, or skip it. */
export type Choice = 'enter' | 'take' | 'skip';

export interface JsonElement {
	readonly path: JsonPath;
	/** The value's JSON text, or the start of it if `problem` is set. */
	readonly text: string;
	readonly problem: string | null;
}

export interface ElementBlock {
	readonly elements: readonly JsonElement[];
	readonly bytes: number;
	readonly bytesTotal: number;
	/** Set on the last block of a file that stops being valid JSON: what is wrong, and where. */
	readonly broken: string | null;
}

interface Container {
	readonly object: boolean;
	/** The value's key or index in its parent. */
	readonly key: string | number | null;
	index: number;
}

const deepest = 64;
const chunkBytes = 1024 * 1024;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Streams values from one JSON document that is too large to parse at once. `choose` is called with each value's path,
 * which is `[]` for the document itself. A value that is neither an array nor an object is taken instead of entered. A
 * value longer than `maxElement` bytes comes with a `problem` and without its full text, so memory use is bounded.
 * Inside a taken value only strings and brackets are tracked; JSON.parse validates it later.
 */
export async function* jsonElements(
	file: string,
	choose: (path: JsonPath) => Choice,
	{ signal, maxElement = maxLineBytes }: { signal: AbortSignal; maxElement?: number },
): AsyncGenerator<ElementBlock> {
	const source = await openText(file);
	const { size } = source;
	try {
		const scanner = new Scanner(choose, maxElement);
		const buffer = Buffer.allocUnsafe(chunkBytes);
		for (;;) {
			throwIfCancelled({ signal });
			const bytesRead = await source.read(buffer, 0, chunkBytes);
			const broken =
				bytesRead === 0 ? (source.broken ?? scanner.finish()) : scanner.scan(buffer.subarray(0, bytesRead));
			const elements = scanner.drain();
			if (elements.length > 0 || broken !== null) {
				const bytes = source.done(0);
				yield { elements, bytes, bytesTotal: Math.max(size, bytes), broken };
			}
			if (bytesRead === 0 || broken !== null) {
				return;
			}
		}
	} finally {
		await source.close();
	}
}

/** A JSON tokenizer that can stop and resume at any byte. */
class Scanner {
	private readonly stack: Container[] = [];
	private elements: JsonElement[] = [];
	/** What may come next. */
	private expected: 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or the end' | 'nothing' = 'value';
	private key: string | number | null = null;
	/** Whether the scanner is inside a key, or inside a value that is taken or skipped. */
	private inside: 'key' | 'take' | 'skip' | null = null;
	private parts: Buffer[] = [];
	private length = 0;
	private depth = 0;
	private scalar = false;
	private inString = false;
	private escaped = false;

	constructor(
		private readonly choose: (path: JsonPath) => Choice,
		private readonly maxElement: number,
	) {}

	/** Returns the syntax error, or null if there is none. */
	scan(bytes: Buffer): string | null {
		let at = 0;
		while (at < bytes.length) {
			if (this.inside !== null) {
				at = this.capture(bytes, at);
				continue;
			}
			const byte = bytes[at] ?? 0;
			if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
				at++;
				continue;
			}
			const next = this.step(byte);
			if (typeof next === 'string') {
				return next;
			}
			at += next;
		}
		return null;
	}

	finish(): string | null {
		if (this.inside === 'take' && this.scalar && !this.inString && this.stack.length === 0) {
			this.endCapture();
		}
		return this.expected === 'nothing' && this.inside === null
			? null
			: this.wrong('the file ends in the middle of it');
	}

	drain(): JsonElement[] {
		const drained = this.elements;
		this.elements = [];
		return drained;
	}

	/**
	 * Processes one structural byte outside captured text. Returns how many bytes it consumed; a captured value begins
	 * at its own first byte.
	 */
	private step(byte: number): 0 | 1 | string {
		const top = this.stack.at(-1);
		switch (this.expected) {
			case 'value or ]':
				if (byte === 0x5d) {
					return this.close();
				}
				return this.value(byte);
			case 'value':
				return this.value(byte);
			case 'key or }':
			case 'key':
				if (byte === 0x7d && this.expected === 'key or }') {
					return this.close();
				}
				if (byte !== quote) {
					return this.wrong(`a name in quotes is expected, not ${shown(byte)}`);
				}
				this.begin('key', byte);
				return 0;
			case ':':
				if (byte !== 0x3a) {
					return this.wrong(`":" is expected, not ${shown(byte)}`);
				}
				this.expected = 'value';
				return 1;
			case ', or the end':
				if (byte === 0x2c && top) {
					this.expected = top.object ? 'key' : 'value';
					return 1;
				}
				if (top && byte === (top.object ? 0x7d : 0x5d)) {
					return this.close();
				}
				return this.wrong(`"," or ${top?.object ? '"}"' : '"]"'} is expected, not ${shown(byte)}`);
			case 'nothing':
				return this.wrong(
					`${shown(byte)} follows the end of the document (for one object a line, name the file .jsonl)`,
				);
		}
	}

	private value(byte: number): 0 | 1 | string {
		if (byte === 0x5d || byte === 0x7d || byte === 0x2c || byte === 0x3a) {
			return this.wrong(`a value is expected, not ${shown(byte)}`);
		}
		const top = this.stack.at(-1);
		if (top && !top.object) {
			this.key = top.index++;
		}
		const choice = this.choose(this.path());
		if (choice === 'enter' && (byte === 0x7b || byte === 0x5b)) {
			if (this.stack.length >= deepest) {
				return this.wrong(`nested more than ${deepest} deep`);
			}
			this.stack.push({ object: byte === 0x7b, key: this.key, index: 0 });
			this.key = null;
			this.expected = byte === 0x7b ? 'key or }' : 'value or ]';
			return 1;
		}
		this.begin(choice === 'skip' ? 'skip' : 'take', byte);
		return 0;
	}

	private close(): 1 {
		this.key = this.stack.pop()?.key ?? null;
		this.expected = this.stack.length === 0 ? 'nothing' : ', or the end';
		return 1;
	}

	private begin(inside: 'key' | 'take' | 'skip', first: number): void {
		this.inside = inside;
		this.scalar = first !== 0x7b && first !== 0x5b;
		this.depth = 0;
		this.length = 0;
	}

	/** Follows a key or value to its end or to the end of the chunk; returns where it stopped. */
	private capture(bytes: Buffer, from: number): number {
		let at = from;
		let ended = false;
		while (at < bytes.length && !ended) {
			const byte = bytes[at] ?? 0;
			if (this.inString) {
				if (this.escaped) {
					this.escaped = false;
				} else if (byte === backslash) {
					this.escaped = true;
				} else if (byte === quote) {
					this.inString = false;
					ended = this.depth === 0;
				}
				at++;
			} else if (byte === quote) {
				this.inString = true;
				at++;
			} else if (byte === 0x7b || byte === 0x5b) {
				this.depth++;
				at++;
			} else if (byte === 0x7d || byte === 0x5d) {
				if (this.depth === 0) {
					ended = true; // A bare number or word ended where its container ends.
				} else {
					this.depth--;
					at++;
					ended = this.depth === 0;
				}
			} else if (this.depth === 0 && this.scalar && (byte === 0x2c || byte <= 0x20)) {
				ended = true;
			} else {
				at++;
			}
		}
		this.length += at - from;
		if (this.inside !== 'skip') {
			// Text is stored only up to the limit; its start is enough for display.
			if (this.length <= this.maxElement || this.parts.length === 0) {
				this.parts.push(Buffer.from(bytes.subarray(from, at)));
			} else if (this.parts.length > 1) {
				this.parts.length = 1;
			}
		}
		if (ended) {
			this.endCapture();
		}
		return at;
	}

	private endCapture(): void {
		const whole = this.parts.length === 1 && this.parts[0] ? this.parts[0] : Buffer.concat(this.parts);
		const inside = this.inside;
		this.parts = [];
		this.inside = null;
		if (inside === 'key') {
			this.key = keyOf(whole.toString('utf8'));
			this.expected = ':';
			return;
		}
		if (inside === 'take') {
			const problem = this.problemOf(whole);
			this.elements.push({
				path: this.path(),
				text: problem === null ? whole.toString('utf8') : whole.toString('utf8', 0, 2000),
				problem,
			});
		}
		this.expected = this.stack.length === 0 ? 'nothing' : ', or the end';
	}

	private problemOf(value: Buffer): string | null {
		if (this.length > this.maxElement) {
			return `a value of more than ${Math.round(this.maxElement / 1e6)} MB; split the file`;
		}
		return isUtf8(value) ? null : 'not UTF-8 text; save the file as UTF-8';
	}

	private path(): JsonPath {
		return this.stack.length === 0 ? [] : [...this.stack.slice(1).map(({ key }) => key ?? ''), this.key ?? ''];
	}

	private wrong(what: string): string {
		const path = this.path().map((part) => String(part).slice(0, 60));
		const place = path.length > 0 ? ` at ${path.join(' › ')}` : '';
		return `not JSON${place}: ${what}`;
	}
}

function keyOf(text: string): string {
	try {
		return String(JSON.parse(text));
	} catch {
		return text.slice(1, -1);
	}
}

function shown(byte: number): string {
	return byte > 0x20 && byte < 0x7f
		? `"${String.fromCharCode(byte)}"`
		: `byte 0x${byte.toString(16).padStart(2, '0')}`;
}
