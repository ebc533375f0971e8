import MarkdownIt from 'markdown-it';
import { formulaElement } from './maths.ts';
import type { Formula } from './mathsRule.ts';
import { mathsRule } from './mathsRule.ts';
import { newElement } from './newElement.ts';

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];

/** Longer texts are shown raw: Markdown takes time, and nobody reads that much in a column. */
const longest = 100_000;

// In answers, indentation and underlining have no meaning, and links and HTML are shown as text.
const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: 40 })
	.disable(['code', 'lheading', 'reference', 'html_block', 'html_inline', 'autolink'])
	.use(mathsRule);

const tags = {
	paragraph: 'p',
	strong: 'strong',
	em: 'em',
	s: 's',
	blockquote: 'blockquote',
	bullet_list: 'ul',
	ordered_list: 'ol',
	list_item: 'li',
	table: 'table',
	thead: 'thead',
	tbody: 'tbody',
	tr: 'tr',
	th: 'th',
	td: 'td',
	heading: 'p',
} as const;

/** Whether a text is shown raw, either because the user turned that on or because it is too long to be rendered. */
export function isShownRaw(text: string, raw: boolean): boolean {
	return raw || text.length > longest;
}

/**
 * Fills an empty element with untrusted text, Markdown with formulas, as DOM nodes. The text is never turned into HTML.
 */
export function fillRichText(root: HTMLElement, text: string): void {
	const shown = visibleControls(text);
	try {
		// Built outside the document, where single changes are fast.
		const content = newElement('div');
		build(content, markdown.parse(shown, {}));
		root.replaceChildren(...content.childNodes);
	} catch {
		root.replaceChildren(newElement('pre', { class: 'raw' }, shown));
	}
}

/** Makes characters visible that reverse or hide text: "‹U+202E›". */
export function visibleControls(text: string): string {
	return text.replace(
		/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
		(character) => `‹U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`,
	);
}

function build(parent: HTMLElement, tokens: readonly Token[]): void {
	const open: HTMLElement[] = [parent];
	for (const token of tokens) {
		const into = open.at(-1) ?? parent;
		if (token.type === 'link_open' || token.type === 'link_close') {
			buildLink(open, token);
		} else if (token.nesting === 1) {
			const element = newElement(
				tags[token.type.replace(/_open$/, '') as keyof typeof tags] ?? 'div',
				attributesOf(token),
			);
			into.appendChild(element);
			open.push(element);
		} else if (token.nesting === -1) {
			if (open.length > 1) {
				open.pop();
			}
		} else if (token.type === 'inline') {
			build(into, token.children ?? []);
		} else {
			into.append(leaf(token));
		}
	}
}

/** Replaces a link with its text and, if different, its address, which can be read but not followed. */
function buildLink(open: HTMLElement[], token: Token): void {
	const into = open.at(-1);
	if (token.nesting === 1) {
		const element = newElement('span', { class: 'link', 'data-address': String(token.attrGet('href') ?? '') });
		into?.appendChild(element);
		open.push(element);
	} else if (into && open.length > 1) {
		open.pop();
		into.append(` (${into.dataset['address'] ?? ''})`);
	}
}

function attributesOf(token: Token): Record<string, string> {
	const start = token.type === 'ordered_list_open' ? token.attrGet('start') : null;
	return {
		...(start ? { start: String(start) } : {}),
		...(token.type === 'heading_open' ? { class: 'heading' } : {}),
	};
}

function leaf(token: Token): Node | string {
	switch (token.type) {
		case 'formula':
			return formulaElement(token.meta as Formula);
		case 'softbreak':
		case 'hardbreak':
			return newElement('br');
		case 'code_inline':
			return newElement('code', {}, token.content);
		case 'fence':
		case 'code_block':
			return newElement('pre', { tabindex: '0' }, newElement('code', {}, token.content));
		case 'figure':
			return newElement(
				'details',
				{ class: 'figure' },
				newElement('summary', {}, 'Figure, as Asymptote source'),
				newElement('pre', { tabindex: '0' }, token.content),
			);
		case 'image':
			return `![${token.content}](${token.attrGet('src') ?? ''})`;
		case 'hr':
			return newElement('hr');
		default:
			return token.content;
	}
}
