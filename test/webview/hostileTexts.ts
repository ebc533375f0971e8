/// <reference lib="dom" />
const outside = 'http://attacker.example';
/**
 * Text that an attacker may have put into a question, an answer, a skill, a reason or a note. `__hit` is checked
 * afterwards.
 */
export const corpus = [
	'<script>window.__hit = 1</script>',
	`<script src="${outside}/x.js"></script>`,
	`<img src="${outside}/x.png" onerror="window.__hit = 1">`,
	'<img src=x onerror=window.__hit=1>',
	'<svg onload="window.__hit = 1"><script>window.__hit = 1</script></svg>',
	`<svg><image href="${outside}/x.svg"/><use href="data:image/svg+xml,<svg onload=alert(1)>"/></svg>`,
	`<iframe src="${outside}"></iframe><iframe srcdoc="<script>parent.__hit=1</script>"></iframe>`,
	`<style>* { background: url(${outside}/css) } @import url(${outside}/more.css);</style>`,
	`<link rel=stylesheet href=${outside}/x.css><meta http-equiv=refresh content="0;url=${outside}"><base ` +
		`href="${outside}">`,
	'<a href="javascript:window.__hit=1">click</a><form action="javascript:window.__hit=1"><button>go</button></form>',
	'<details open ontoggle="window.__hit=1"><video><source onerror="window.__hit=1"></video>',
	'</pre></div></main><body onload="window.__hit=1">',
	`![picture](${outside}/x.png) ![inline](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)`,
	'[click](javascript:window.__hit=1) [run](command:workbench.action.terminal.new) ' +
		'[data](data:text/html,<script>window.__hit=1</script>)',
	`[ref][1]\n\n[1]: ${outside}/ref`,
	`<${outside}/auto> ${outside}/bare`,
	'$\\href{javascript:window.__hit=1}{x}$ $\\url{javascript:window.__hit=1}$ \\(\\href{http://attacker.example}{y}\\)',
	`$$\\includegraphics[height=1em]{${outside}/x.png}$$`,
	`$\\htmlClass{x}{y}$ $\\htmlStyle{background:url(${outside}/k)}{y}$ $\\htmlData{a=b}{y}$ $\\htmlId{root}{y}$`,
	'$\\def\\a{\\a\\a}\\a$ $\\newcommand{\\b}[1]{\\b{#1#1}}\\b{x}$',
	'$\\def\\x{aaaaaaaaaa}\\def\\y{\\x\\x\\x\\x\\x\\x\\x\\x\\x\\x}\\def\\z{\\y\\y\\y\\y\\y\\y\\y\\y\\y\\y}\\def\\w{\\z\\z\\z\\z\\z\\z\\z\\z\\z\\z}\\w\\w\\w\\w\\w\\w\\w\\w\\w\\w$',
	`$${'{'.repeat(4000)}x${'}'.repeat(4000)}$`,
	'$\\rule{99999em}{99999em}$ $\\kern{99999em}x$ $\\raisebox{9999em}{x}$',
	`$${'\\frac{1}{'.repeat(300)}x${'}'.repeat(300)}$`,
	'\\('.repeat(20_000),
	'\\begin{align}'.repeat(3000),
	'$$'.repeat(5000) + 'x',
	'`'.repeat(3000) + '*_'.repeat(3000) + '['.repeat(3000),
	'> '.repeat(2000) + 'deep',
	'\u202egnorw si siht\u202c \u2066isolated\u2069 \u200bhidden\u0000nul \ufeffbom',
	'{{constructor.constructor("window.__hit=1")()}} ${window.__hit=1} javascript:window.__hit=1',
];

/** Texts that cannot be distinguished are omitted if they would make a chip or a title of 40,000 characters. */
export const short = corpus.filter((text) => text.length < 400);

export interface Probe {
	readonly hit: boolean;
	readonly scripts: number;
	readonly elements: number;
	readonly handlers: number;
	readonly links: number;
}

/** Runs in the page, and returns whatever would exist if a text had become markup. */
export function probe(): Probe {
	const all = [...document.querySelectorAll('*')];
	return {
		hit: '__hit' in window,
		scripts: document.scripts.length,
		elements: document.querySelectorAll(
			'img, iframe, object, embed, form, base, video, audio, style, image, use, meta[http-equiv=refresh]',
		).length,
		handlers: all.filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length,
		links: document.querySelectorAll('a[href], [href^="javascript"], [src^="javascript"], .attacker, #root #root')
			.length,
	};
}

export const harmless: Probe = { hit: false, scripts: 1, elements: 0, handlers: 0, links: 0 };
