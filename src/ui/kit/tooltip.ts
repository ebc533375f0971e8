import * as vscode from 'vscode';
import { withoutLinks } from './untrustedText.ts';

/**
 * Builds a Markdown tooltip whose words cannot become markup: everything is added with appendText or as a code block,
 * and commands, HTML and links are off. Long texts are cut.
 */
export class Tooltip {
	readonly markdown = new vscode.MarkdownString('', false);

	constructor() {
		this.markdown.isTrusted = false;
		this.markdown.supportHtml = false;
	}

	/** Adds a heading in our own words. */
	heading(text: string): this {
		this.markdown
			.appendMarkdown('**')
			.appendText(withoutLinks(text.trim()) || '—')
			.appendMarkdown('**\n\n');
		return this;
	}

	/** Adds a line of text from any source. */
	line(text: string): this {
		this.markdown.appendText(withoutLinks(text.slice(0, 600))).appendMarkdown('\n\n');
		return this;
	}

	/** Adds `name: value` lines; undefined and null values are omitted. */
	facts(rows: readonly (readonly [string, string | number | null | undefined])[]): this {
		for (const [name, value] of rows) {
			if (value !== null && value !== undefined && value !== '') {
				this.markdown
					.appendMarkdown('- ')
					.appendText(withoutLinks(`${name}: ${String(value).slice(0, 300)}`))
					.appendMarkdown('\n');
			}
		}
		this.markdown.appendMarkdown('\n');
		return this;
	}

	/** Adds raw text as a code block, so that LaTeX is left unchanged. */
	raw(text: string, max = 500): this {
		this.markdown.appendCodeblock(text.length > max ? `${text.slice(0, max)}…` : text, 'plaintext');
		return this;
	}
}
