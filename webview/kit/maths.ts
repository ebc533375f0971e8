import katex from 'katex';
import type { Formula } from './mathsRule.ts';
import { newElement } from './newElement.ts';

// KaTeX's style sheet hides a formula until its fonts are loaded. It is better to show the formula at once, and the two
// fonts that nearly every formula needs are loaded with the page rather than with the first formula.
for (const face of document.fonts) {
	if (face.family.includes('KaTeX')) {
		face.display = 'swap';
		if (/KaTeX_(Main|Math)/.test(face.family) && face.weight !== 'bold' && face.weight !== '700') {
			void face.load().catch(() => undefined);
		}
	}
}

const waiting = new WeakMap<Element, Formula>();
const due: Element[] = [];
let scheduled = false;

/** Formulas are rendered as they approach the viewport: laying out two hundred answers at once takes seconds. */
const observer = new IntersectionObserver(
	(entries) => {
		for (const { isIntersecting, target } of entries) {
			if (isIntersecting) {
				observer.unobserve(target);
				due.push(target);
			}
		}
		drawSome();
	},
	{ rootMargin: '400px 0px' },
);

/** Renders for 12 ms per frame, so that the page still responds to keys. */
function drawSome(): void {
	const until = performance.now() + 12;
	while (due.length > 0 && performance.now() < until) {
		const element = due.shift();
		const formula = element && waiting.get(element);
		if (element instanceof HTMLElement && formula) {
			draw(element, formula);
		}
	}
	if (due.length > 0 && !scheduled) {
		scheduled = true;
		requestAnimationFrame(() => {
			scheduled = false;
			drawSome();
		});
	}
}

/**
 * Returns a placeholder for a formula. It shows the formula's source until the formula is rendered, and keeps showing it
 * if rendering fails.
 */
export function formulaElement(formula: Formula): HTMLElement {
	const element = newElement('span', { class: formula.display ? 'formula display' : 'formula' }, formula.raw);
	waiting.set(element, formula);
	observer.observe(element);
	return element;
}

/** Returns the element for a final answer such as `\frac{1}{2}`, which has no delimiters. */
export function answerElement(text: string): HTMLElement {
	const looksLikeMaths =
		/[\\^_{}]|^[-+\d\s.,/()=a-zA-Z]{1,12}$/.test(text) &&
		!/\$/.test(text) &&
		!/[a-z]{4,}/i.test(text.replace(/\\[a-z]+(\{[^{}]*\})?/gi, ''));
	return looksLikeMaths && text.length <= 1000
		? formulaElement({ tex: text, display: false, raw: text })
		: newElement('span', {}, text);
}

/** Renders a formula at once. */
function draw(element: HTMLElement, { tex, display, raw }: Formula): void {
	waiting.delete(element);
	const drawn = document.createElement('span');
	try {
		// Restricted, because a model or a stranger wrote the formula: no commands that load or link, no macro bombs,
		// no giant boxes.
		katex.render(tex, drawn, {
			displayMode: display,
			throwOnError: true,
			trust: false,
			strict: 'ignore',
			maxExpand: 1000,
			maxSize: 10,
			output: 'htmlAndMathml',
		});
		if (!isModest(drawn)) {
			throw new Error('nested too deeply or too large');
		}
		element.replaceChildren(drawn);
	} catch (error) {
		element.textContent = raw;
		element.classList.add('undrawn');
		element.title = `Shown as text: ${error instanceof Error ? error.message.slice(0, 200) : 'cannot be drawn'}`;
	}
}

const deepest = 300;
const largest = 20_000;

/**
 * Three hundred nested fractions crash Chromium's layout, and the page with it, so the depth is checked before layout.
 */
function isModest(root: Element): boolean {
	let [depth, count] = [0, 0];
	for (let node: Element | null = root; node;) {
		count += 1;
		if (depth > deepest || count > largest) {
			return false;
		}
		if (node.firstElementChild) {
			node = node.firstElementChild;
			depth += 1;
			continue;
		}
		while (node && node !== root && !node.nextElementSibling) {
			node = node.parentElement;
			depth -= 1;
		}
		node = node === root ? null : (node?.nextElementSibling ?? null);
	}
	return true;
}
