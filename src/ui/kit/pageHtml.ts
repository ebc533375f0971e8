import { randomBytes } from 'node:crypto';

export interface PageParts {
	/** Where the webview's own files come from. */
	readonly cspSource: string;
	readonly script: string;
	readonly style: string;
	readonly title: string;
	/** BCP 47. */
	readonly language: string;
	readonly nonce: string;
	/**
	 * Lets in the toolkit's one style element, an empty probe for `:focus-visible`; another than the script's, so that
	 * it opens nothing else.
	 */
	readonly styleNonce: string;
}

/** Fresh for every page: 16 random bytes. */
export function newNonce(): string {
	return randomBytes(16).toString('hex');
}

/**
 * The only HTML text in the product. Nothing untrusted is in it: texts reach the page as messages and enter it as DOM
 * nodes.
 * The policy lets in our script by nonce, our style sheet and fonts; no images, no connections, no frames, no inline
 * styles.
 */
export function pageHtml({ cspSource, script, style, title, language, nonce, styleNonce }: PageParts): string {
	const policy =
		`default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${cspSource} ` +
		`'nonce-${styleNonce}'; font-src ${cspSource}; script-src 'nonce-${nonce}'`;
	return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta property="csp-nonce" content="${styleNonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body>
<main id="root"></main>
<script type="module" nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}

/** The one place where text becomes HTML. */
function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
