import { randomBytes } from 'node:crypto';

export interface PageParts {
	/** The CSP source of the webview's own files. */
	readonly cspSource: string;
	readonly script: string;
	readonly style: string;
	readonly title: string;
	/** BCP 47 language tag. */
	readonly language: string;
	readonly nonce: string;
	/**
	 * Nonce of the toolkit's only style element, an empty probe for `:focus-visible`. It differs from the script's
	 * nonce, so that it allows nothing else.
	 */
	readonly styleNonce: string;
}

/** Returns a new nonce of 16 random bytes; every page needs its own. */
export function newNonce(): string {
	return randomBytes(16).toString('hex');
}

/**
 * Returns the only HTML text in the product. It contains nothing untrusted: texts reach the page as messages and enter
 * it as DOM nodes. The policy allows our script by nonce, our style sheet and our fonts; it allows no images,
 * connections, frames or inline styles.
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

/** Turns text into HTML; no other function does. */
function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
