// Marks the passages that two questions share. Works on the rendered text, so that a mark never cuts a formula. Words
// in text nodes and whole formulas form one sequence, which is compared with the other text's words; every number is
// replaced with "#", because a twin is a copy except for its numbers.
import { wordsOf } from '../../src/core/text/similarity.ts';

interface Unit {
	readonly words: readonly string[];
	/** A text node, of which the unit is [from, to), or the element of a formula, which is a unit as a whole. */
	readonly node: Text | HTMLElement;
	readonly from: number;
	readonly to: number;
}

/** Shorter runs mean nothing: "what is the value of" occurs everywhere. */
const least = 7;

/**
 * Marks every run of at least seven words that `root` shares with `other`; returns the fraction of its words that are
 * in such runs.
 */
export function markShared(root: HTMLElement, other: string): number {
	const theirs = wordsOf(other).map(blind);
	const runs = new Set(
		theirs.slice(0, Math.max(0, theirs.length - least + 1)).map((_, at) => theirs.slice(at, at + least).join(' ')),
	);
	const units = unitsOf(root);
	const mine = units.flatMap(({ words }, unit) => words.map((word) => ({ word: blind(word), unit })));
	const shared = new Set<number>();
	let words = 0;
	let coveredTo = 0;
	for (let at = 0; at + least <= mine.length; at++) {
		if (
			runs.has(
				mine
					.slice(at, at + least)
					.map(({ word }) => word)
					.join(' '),
			)
		) {
			for (let place = Math.max(at, coveredTo); place < at + least; place++) {
				shared.add(mine[place]?.unit ?? -1);
				words += 1;
			}
			coveredTo = at + least;
		}
	}
	mark(units.filter((_, index) => shared.has(index)));
	return mine.length === 0 ? 0 : words / mine.length;
}

function blind(word: string): string {
	return /^\d/.test(word) ? '#' : word;
}

function unitsOf(root: HTMLElement): Unit[] {
	const units: Unit[] = [];
	const walk = (element: Node): void => {
		for (const node of element.childNodes) {
			if (node instanceof HTMLElement && node.classList.contains('formula')) {
				// The formula has not been rendered yet, so the element contains its source.
				units.push({ words: wordsOf(node.textContent ?? ''), node, from: 0, to: 0 });
			} else if (node instanceof Text) {
				for (const found of node.data.matchAll(/\S+/g)) {
					units.push({
						words: wordsOf(found[0]),
						node,
						from: found.index,
						to: found.index + found[0].length,
					});
				}
			} else {
				walk(node);
			}
		}
	};
	walk(root);
	return units;
}

/** Neighbours in one text node become a single mark. Works from the back, so that earlier offsets remain valid. */
function mark(units: readonly Unit[]): void {
	let at = units.length - 1;
	while (at >= 0) {
		const last = units[at];
		if (!last) {
			break;
		}
		if (last.node instanceof HTMLElement) {
			last.node.classList.add('shared');
			at -= 1;
			continue;
		}
		const text = last.node;
		let { from } = last;
		at -= 1;
		for (
			let before = units[at];
			before?.node === text && text.data.slice(before.to, from).trim() === '';
			before = units[at]
		) {
			from = before.from;
			at -= 1;
		}
		const rest = text.splitText(from);
		rest.splitText(last.to - from);
		const wrapped = document.createElement('mark');
		wrapped.className = 'shared';
		rest.replaceWith(wrapped);
		wrapped.append(rest);
	}
}
