import type { Rational } from '../number/rational.ts';
import { fromDecimal, one, power, rational, times } from '../number/rational.ts';
import { Budget } from '../number/budget.ts';

/**
 * A unit of measure. `size` is expressed in the first unit of its dimension; words without a table entry are units of
 * their own.
 */
export interface Unit {
	/** length^1, length^2·time^-1, money, …, or `word:boxes` for things that are counted. Empty for "units". */
	readonly dimension: string;
	readonly size: Rational;
}

const ratio = (decimal: string, d = 1n): Rational => times(fromDecimal(decimal), rational(1n, d));

/** dimension: [names, size] */
const table: Record<string, readonly (readonly [string, Rational])[]> = {
	length: [
		['mm millimeter millimetre', ratio('0.001')],
		['cm centimeter centimetre cms', ratio('0.01')],
		['m meter metre', one],
		['km kilometer kilometre kms', ratio('1000')],
		['in inch inches', ratio('0.0254')],
		['ft foot feet', ratio('0.3048')],
		['yd yard', ratio('0.9144')],
		['mi mile', ratio('1609.344')],
	],
	time: [
		['s sec second', one],
		['min minute', ratio('60')],
		['h hr hour', ratio('3600')],
		['day', ratio('86400')],
		['week wk', ratio('604800')],
	],
	calendar: [
		['month mo', one],
		['year yr', ratio('12')],
	],
	mass: [
		['mg milligram', ratio('0.001')],
		['g gram gm', one],
		['kg kilogram', ratio('1000')],
		['oz ounce', ratio('28.349523125')],
		['lb lbs pound', ratio('453.59237')],
	],
	volume: [
		['ml milliliter millilitre cc', ratio('0.001')],
		['l liter litre', one],
		['gallon gal', ratio('3.785411784')],
		['quart qt', ratio('0.946352946')],
		['pint pt', ratio('0.473176473')],
	],
	money: [
		['cent', ratio('0.01')],
		['dollar usd buck', one],
	],
	angle: [['degree deg', one]],
	unit: [['unit', one]],
};

const known = new Map<string, { dimension: string; size: Rational }>();
for (const [dimension, entries] of Object.entries(table)) {
	for (const [names, size] of entries) {
		names.split(' ').forEach((name) => known.set(name, { dimension, size }));
	}
}

const neutral = new Set([
	'in total',
	'total',
	'about',
	'exactly',
	'approximately',
	'only',
	'each',
	'value',
	'number',
	'way',
	'distinct',
	'different',
	'the',
	'of',
	'a',
	'an',
	'long',
	'tall',
	'more',
	'less',
	'left',
	'old',
	'away',
	'apart',
	'total',
	'high',
	'wide',
	'deep',
	'real',
	'possible',
]);

function singular(word: string): string {
	const irregular: Record<string, string> = {
		feet: 'foot',
		inches: 'inch',
		people: 'person',
		children: 'child',
		men: 'man',
		women: 'woman',
		boxes: 'box',
		dollars: 'dollar',
		classes: 'class',
	};
	const known = irregular[word];
	if (known !== undefined) {
		return known;
	}
	if (/(ch|sh|x|ss)es$/.test(word)) {
		return word.slice(0, -2);
	}
	if (/[^aeiou]ies$/.test(word)) {
		return `${word.slice(0, -3)}y`;
	}
	return /[^s]s$/.test(word) && word.length > 2 ? word.slice(0, -1) : word;
}

const exponentWords: Record<string, number> = { square: 2, sq: 2, squared: 2, cubic: 3, cubed: 3, cu: 3 };

/** Reads "cm^2", "square inches", "miles per hour", "m/s", "right triangles". */
export function parseUnit(text: string): Unit {
	const dimensions = new Map<string, number>();
	let size = one;
	let side = 1;
	let pending = 1;
	let last: { dimension: string; size: Rational } | undefined;
	const budget = new Budget(1000, 4000);
	const others: string[] = [];
	const add = (unit: { dimension: string; size: Rational }, exponent: number): void => {
		dimensions.set(unit.dimension, (dimensions.get(unit.dimension) ?? 0) + exponent);
		size = times(size, power(unit.size, BigInt(exponent), budget) ?? one);
		last = unit;
	};
	const expanded = text
		.toLowerCase()
		.replace(/\bmph\b/g, 'mile per hour')
		.replace(/\bkph\b|\bkmph\b/g, 'km per hour')
		.replace(/\./g, ' ');
	for (const token of expanded.match(/[a-z]+|[/^*]|-?\d+/g) ?? []) {
		const word = known.has(token) ? token : singular(token);
		const unit = known.get(word);
		if (token === '/' || token === 'per') {
			side = -1;
		} else if (token === '^' || token === '*') {
			continue;
		} else if (/^-?\d+$/.test(token)) {
			const exponent = Math.max(-6, Math.min(6, Number(token)));
			if (last) {
				add(last, side * (exponent - 1));
			}
		} else if (exponentWords[word] !== undefined) {
			if (last && (word === 'squared' || word === 'cubed')) {
				add(last, side * (exponentWords[word] - 1));
			} else {
				pending = exponentWords[word];
			}
		} else if (unit !== undefined) {
			add(unit, side * pending);
			pending = 1;
		} else if (!neutral.has(word)) {
			others.push(word);
		}
	}
	// "5 units" means the same as 5; square units additionally say that it is an area.
	const bare = dimensions.size === 1 && dimensions.get('unit') === 1;
	const dimension = [...dimensions]
		.filter(([, exponent]) => exponent !== 0 && !bare)
		.map(([name, exponent]) => `${name}^${exponent}`)
		.sort()
		.join('·');
	if (dimension !== '') {
		return { dimension, size };
	}
	return { dimension: others.length > 0 ? `word:${others.join(' ')}` : '', size: one };
}
