import { GaveUp } from '../number/budget.ts';
import type { Token } from './tokens.ts';

/** Thrown if the tokens are not an expression in this grammar. */
export class NotAnExpression extends Error {}

const maxDepth = 60;

/** A position in a list of tokens, with methods that look at the next tokens and take them. */
export class TokenCursor {
	protected readonly tokens: Token[];
	protected at = 0;
	private depth = 0;

	constructor(tokens: Token[]) {
		this.tokens = tokens;
	}

	done(): void {
		if (this.at < this.tokens.length) {
			throw new NotAnExpression('unread tokens');
		}
	}

	protected peek(ahead = 0): Token | undefined {
		return this.tokens[this.at + ahead];
	}

	protected isMark(mark: string, ahead = 0): boolean {
		const token = this.peek(ahead);
		return token?.kind === 'mark' && token.mark === mark;
	}

	protected isCommand(name: string, ahead = 0): boolean {
		const token = this.peek(ahead);
		return token?.kind === 'command' && token.name === name;
	}

	protected take(mark: string): boolean {
		if (this.isMark(mark)) {
			this.at++;
			return true;
		}
		return false;
	}

	protected expect(mark: string): void {
		if (!this.take(mark)) {
			throw new NotAnExpression(`expected ${mark}`);
		}
	}

	protected deeper<T>(read: () => T): T {
		if (++this.depth > maxDepth) {
			throw new GaveUp('large', 'nested too deeply');
		}
		const result = read();
		this.depth--;
		return result;
	}

	/** Reads what follows _: one token, or the tokens of a group as one name. */
	protected subscript(): string {
		const text = (token: Token): string => {
			switch (token.kind) {
				case 'number':
					return token.digits;
				case 'letter':
				case 'command':
					return token.name;
				case 'text':
					return token.text;
				case 'mark':
					return token.mark;
				default:
					throw new NotAnExpression('odd subscript');
			}
		};
		const first = this.tokens[this.at++];
		if (first === undefined) {
			throw new NotAnExpression('ends early');
		}
		if (!(first.kind === 'mark' && first.mark === '{')) {
			return text(first);
		}
		let name = '';
		while (!this.isMark('}')) {
			const token = this.tokens[this.at++];
			if (token === undefined) {
				throw new NotAnExpression('ends early');
			}
			name += text(token);
		}
		this.at++;
		return name;
	}

	/** Reads the letter or word under an accent: \vec{v}, \overline{AB}. */
	protected decorated(): string {
		if (this.isMark('{')) {
			return this.subscript();
		}
		const token = this.tokens[this.at++];
		if (token?.kind === 'letter') {
			return token.name;
		}
		return token?.kind === 'text' ? token.text : 'x';
	}

	/**
	 * Reads \frac{dy}{dx} and \frac{d^2y}{dx^2}, after the \frac, as the names y' and y''; undefined for any other
	 * fraction.
	 */
	protected derivative(): string | undefined {
		let text = '';
		let length = 0;
		for (let groups = 0; groups < 2; length++) {
			const token = this.peek(length);
			if (token === undefined || length > 16) {
				return undefined;
			}
			text += characterOf(token);
			groups += token.kind === 'mark' && token.mark === '}' ? 1 : 0;
		}
		const match = /^\{d(?:\^([23]))?([a-zA-Z])\}\{d[a-zA-Z](?:\^([23]))?\}$/.exec(text.replaceAll('{2}', '2'));
		if (match === null || match[1] !== match[3]) {
			return undefined;
		}
		this.at += length;
		return `${match[2]}${"'".repeat(Number(match[1] ?? 1))}`;
	}
}

/**
 * Returns a token as the character that the pattern of a derivative matches; `?` stands for anything that it does not
 * allow.
 */
function characterOf(token: Token): string {
	switch (token.kind) {
		case 'letter':
			return token.name.length === 1 ? token.name : '?';
		case 'mark':
			return token.mark;
		case 'number':
			return token.digits;
		default:
			return '?';
	}
}
