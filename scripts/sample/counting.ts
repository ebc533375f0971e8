import { maker } from './hand.ts';
import { choose, factorial, frac, lcm, range, sum } from './latex.ts';

const subject = 'counting_and_probability';
const PERM = 'permutations_and_arrangements';
const COMB = 'combinations';
const IE = 'inclusion_exclusion';
const COMPL = 'complementary_counting';
const PROB = 'probability_of_compound_events';
const EXPV = 'expected_values';

const words = [
	'LEVEL',
	'BANANA',
	'COFFEE',
	'SETTLE',
	'TATTOO',
	'BALLOON',
	'PEPPER',
	'CANNON',
	'SUCCESS',
	'LETTER',
	'MINIMUM',
	'POSSESS',
	'COCOON',
	'TEETH',
	'GIGGLE',
	'BOBBIN',
	'ERROR',
	'MAMMAL',
	'PAPAYA',
	'SERENE',
];

function counts(word: string): number[] {
	return [...new Set(word)].map((letter) => [...word].filter((l) => l === letter).length).filter((n) => n > 1);
}

export const counting = [
	maker({
		name: 'letterArrangements',
		subject,
		skills: [PERM],
		level: 2,
		make: (r) => ({ word: r.of(words) }),
		ask: [
			(p) => `How many distinct arrangements are there of the letters of $\\text{${p.word}}$?`,
			(p) => `In how many different ways can the letters of the word "${p.word}" be put in a row?`,
			(p) => `How many different ${p.word.length}-letter strings can be made by rearranging $\\text{${p.word}}$?`,
		],
		idea: [
			() => 'We arrange all letters as if they were different and divide by what was counted too often.',
			() => 'Repeated letters make some arrangements look the same.',
		],
		work: (p, hand) => {
			const n = p.word.length;
			hand.step(
				`There are $${n}$ letters, so $${n}! = ${factorial(n)}$ orders if all were different.`,
				`With ${n} different letters we would have $${n}! = ${factorial(n)}$ arrangements.`,
			);
			const repeats = counts(p.word);
			const used = hand.pick(
				repeats,
				[
					[],
					PERM,
					`equal letters can be exchanged without changing the word, so $${n}!$ has to be ` +
						`divided by $${repeats.map((k) => `${k}!`).join(' \\cdot ')}$`,
				],
				[
					repeats.length > 1 ? repeats.slice(1) : [2, ...repeats],
					PERM,
					`the letters that repeat occur $${repeats.join('$, $')}$ times, and each of these ` +
						'needs its factorial',
				],
			);
			const divisor = used.reduce((a, k) => a * factorial(k), 1);
			hand.step(
				used.length === 0
					? `Each order is a different arrangement.`
					: `Repeated letters mean dividing by $${used.map((k) => `${k}!`).join(' \\cdot ')} = ${divisor}$.`,
				used.length === 0
					? `Nothing more has to be taken into account.`
					: 'Because of the repeated letters we divide by ' +
							`$${used.map((k) => `${k}!`).join(' \\cdot ')} = ${divisor}$.`,
			);
			hand.step(
				`The number of arrangements is $\\frac{${factorial(n)}}{${divisor}} = ${factorial(n) / divisor}$.`,
				`That leaves $${factorial(n)} \\div ${divisor} = ${factorial(n) / divisor}$.`,
			);
			return String(factorial(n) / divisor);
		},
		truth: (p) =>
			String(
				[...new Set(p.word)]
					.map((letter) => [...p.word].filter((l) => l === letter).length)
					.reduce(([ways, left], k) => [ways * choose(left, k), left - k] as [number, number], [
						1,
						p.word.length,
					] as [number, number])[0],
			),
	}),
	maker({
		name: 'committee',
		subject,
		skills: [COMB],
		level: 2,
		make: (r) => ({
			m: r.int(5, 9),
			w: r.int(5, 8),
			a: r.int(2, 3),
			b: r.int(2, 3),
			who: r.of([
				['juniors', 'seniors'],
				['violinists', 'cellists'],
				['red cards', 'blue cards'],
			] as const),
		}),
		ask: [
			(p) =>
				`From $${p.m}$ ${p.who[0]} and $${p.w}$ ${p.who[1]}, in how many ways can we choose ` +
				`$${p.a}$ ${p.who[0]} and $${p.b}$ ${p.who[1]}?`,
			(p) =>
				`There are $${p.m}$ ${p.who[0]} and $${p.w}$ ${p.who[1]}. How many different groups ` +
				`consist of exactly $${p.a}$ ${p.who[0]} and $${p.b}$ ${p.who[1]}?`,
		],
		idea: [
			() => 'The two choices are independent, so the numbers of ways multiply.',
			() => 'Order does not matter within a group, so we use binomial coefficients.',
		],
		work: (p, hand) => {
			const ways = (n: number, k: number): number => {
				const ordered = factorial(n) / factorial(n - k);
				const value = hand.pick(choose(n, k), [
					ordered,
					COMB,
					`the order within the group does not matter, so $${ordered}$ has to be divided by $${k}!$`,
				]);
				hand.step(
					`Choosing ${k} of ${n} is possible in $\\binom{${n}}{${k}} = ${value}$ ways.`,
					`We have $\\binom{${n}}{${k}} = ${value}$ ways to take ${k} out of ${n}.`,
				);
				return value;
			};
			const [x, y] = [ways(p.m, p.a), ways(p.w, p.b)];
			const total = hand.pick(x * y, [
				x + y,
				COMB,
				'every choice of the first kind goes with every choice of the second, so the numbers are ' +
					'multiplied, not added',
			]);
			hand.step(
				`In total there are $${total}$ ways, from $${x}$ and $${y}$.`,
				`Combining $${x}$ and $${y}$, we get $${total}$.`,
			);
			return String(total);
		},
		truth: (p) => {
			const subsets = (n: number, k: number): number =>
				range(0, 2 ** n - 1).filter((set) => [...set.toString(2)].filter((d) => d === '1').length === k).length;
			return String(subsets(p.m, p.a) * subsets(p.w, p.b));
		},
	}),
	maker({
		name: 'atLeastOne',
		subject,
		skills: [COMPL, COMB],
		level: 5,
		make: (r) => ({
			m: r.int(4, 7),
			w: r.int(3, 6),
			k: r.int(3, 4),
			who: r.of([
				['boys', 'girls'],
				['teachers', 'students'],
				['old books', 'new books'],
			] as const),
		}),
		ask: [
			(p) =>
				`In how many ways can $${p.k}$ be chosen from $${p.m}$ ${p.who[0]} and $${p.w}$ ` +
				`${p.who[1]} if at least one of the ${p.who[1]} must be among them?`,
			(p) =>
				`How many selections of $${p.k}$ from a group of $${p.m}$ ${p.who[0]} and $${p.w}$ ` +
				`${p.who[1]} include at least one of the ${p.who[1]}?`,
		],
		idea: [
			() => 'We count all selections and take away those without any.',
			() => 'It is easier to count the opposite.',
		],
		work: (p, hand) => {
			const n = p.m + p.w;
			const way = hand.pick('complement', [
				'direct',
				COMPL,
				'fixing one first and then choosing the rest freely counts a selection with several of ' +
					'them more than once',
			]);
			if (way === 'direct') {
				hand.step(
					`We first take one of the $${p.w}$ ${p.who[1]}.`,
					`There are $${p.w}$ ways to choose the one that has to be there.`,
				);
				hand.step(
					`The other $${p.k - 1}$ come from the remaining $${n - 1}$, in ` +
						`$\\binom{${n - 1}}{${p.k - 1}} = ${choose(n - 1, p.k - 1)}$ ways.`,
					`The rest can be chosen in $\\binom{${n - 1}}{${p.k - 1}} = ${choose(n - 1, p.k - 1)}$ ways.`,
				);
				hand.step(
					`The product is $${p.w * choose(n - 1, p.k - 1)}$.`,
					`Multiplying gives $${p.w * choose(n - 1, p.k - 1)}$.`,
				);
				return String(p.w * choose(n - 1, p.k - 1));
			}
			const all = hand.pick(choose(n, p.k), [
				factorial(n) / factorial(n - p.k),
				COMB,
				'a selection has no order, so this counts each one several times',
			]);
			hand.step(
				`Without the condition there are $\\binom{${n}}{${p.k}} = ${all}$ selections.`,
				`All selections of ${p.k} out of ${n}: $${all}$.`,
			);
			const none = hand.pick(choose(p.m, p.k), [
				choose(p.w, p.k),
				COMPL,
				`the opposite of "at least one of the ${p.who[1]}" is none of them: all ${p.k} come from ` +
					`the ${p.m} ${p.who[0]}`,
			]);
			hand.step(`The ones we do not want number $${none}$.`, `Those to be excluded: $${none}$.`);
			const left = hand.pick(all - none, [all, COMPL, 'the selections without any were not taken away']);
			hand.step(`That leaves $${left}$.`, `The answer is $${all}$ less the excluded ones, which is $${left}$.`);
			return String(left);
		},
		truth: (p) => String(sum(range(1, p.k).map((g) => choose(p.w, g) * choose(p.m, p.k - g)))),
	}),
	maker({
		name: 'divisibleByEither',
		subject,
		skills: [IE],
		level: 3,
		make: (r) => {
			const [a, b] = r.of([
				[4, 6],
				[6, 9],
				[3, 5],
				[4, 10],
				[6, 10],
				[2, 7],
				[6, 8],
				[3, 7],
				[8, 12],
				[9, 12],
			] as const);
			return { a, b, n: r.int(6, 30) * 10 };
		},
		ask: [
			(p) => `How many of the integers from $1$ to $${p.n}$ are divisible by $${p.a}$ or by $${p.b}$?`,
			(p) =>
				`How many positive integers not exceeding $${p.n}$ are multiples of $${p.a}$ or of ` +
				`$${p.b}$ (or of both)?`,
		],
		idea: [
			() => 'We add the two counts and take away what was counted twice.',
			() => 'What is in both lists may be counted only once.',
		],
		work: (p, hand) => {
			const [x, y] = [Math.floor(p.n / p.a), Math.floor(p.n / p.b)];
			hand.step(
				`There are $${x}$ multiples of $${p.a}$ and $${y}$ multiples of $${p.b}$.`,
				`We count $\\lfloor ${p.n}/${p.a} \\rfloor = ${x}$ and $\\lfloor ${p.n}/${p.b} \\rfloor = ${y}$.`,
			);
			const l = lcm(p.a, p.b);
			const way = hand.pick('subtract', [
				'add',
				IE,
				`the multiples of both were counted twice and have to be taken away once`,
			]);
			if (way === 'add') {
				hand.step(`Together this makes $${x} + ${y} = ${x + y}$.`, `The sum is $${x + y}$.`);
				return String(x + y);
			}
			const m =
				l === p.a * p.b
					? l
					: hand.pick(l, [
							p.a * p.b,
							IE,
							`a number divisible by both ${p.a} and ${p.b} is a multiple of their least ` +
								`common multiple ${l}, not of ${p.a * p.b}`,
						]);
			const both = Math.floor(p.n / m);
			hand.step(
				`Multiples of both are multiples of $${m}$, and there are $${both}$.`,
				`The numbers counted twice are the $${both}$ multiples of $${m}$.`,
			);
			const total = hand.pick(x + y - both, [
				x + y - 2 * both,
				IE,
				'numbers divisible by both belong to the count; they are taken away once, not twice',
			]);
			hand.step(
				`So there are $${total}$ such integers.`,
				`With $${x}$, $${y}$ and $${both}$, the count is $${total}$.`,
			);
			return String(total);
		},
		truth: (p) => String(range(1, p.n).filter((k) => k % p.a === 0 || k % p.b === 0).length),
	}),
	maker({
		name: 'neitherClub',
		subject,
		skills: [IE, COMPL],
		level: 2,
		make: (r) => {
			const [a, b] = [r.int(12, 30), r.int(10, 28)];
			const both = r.int(3, Math.min(a, b) - 4);
			return {
				a,
				b,
				both,
				n: a + b - both + r.int(3, 20),
				clubs: r.of([
					['chess', 'drama'],
					['running', 'swimming'],
					['French', 'Spanish'],
				] as const),
			};
		},
		ask: [
			(p) =>
				`In a school year of $${p.n}$ students, $${p.a}$ take ${p.clubs[0]}, $${p.b}$ take ` +
				`${p.clubs[1]} and $${p.both}$ take both. How many take neither?`,
			(p) =>
				`Of $${p.n}$ students, $${p.a}$ signed up for ${p.clubs[0]} and $${p.b}$ for ` +
				`${p.clubs[1]}; $${p.both}$ of these signed up for both. How many students signed up for ` +
				'neither of the two?',
		],
		idea: [
			() => 'We count those with at least one and subtract from all.',
			() => 'Those in both are counted twice when we add.',
		],
		work: (p, hand) => {
			const either = hand.pick(
				p.a + p.b - p.both,
				[p.a + p.b, IE, `the $${p.both}$ students in both were counted twice`],
				[
					p.a + p.b - 2 * p.both,
					IE,
					`those in both still belong to "at least one"; they are taken away once, not twice`,
				],
			);
			hand.step(
				`At least one of the two is taken by $${either}$ students.`,
				`Adding $${p.a}$ and $${p.b}$ and correcting for the overlap, $${either}$ have at least one.`,
			);
			const rest = hand.pick(p.n - either, [
				either,
				COMPL,
				'this is the number with at least one; the question asks for the others',
			]);
			hand.step(`So the number with neither is $${rest}$.`, `Out of $${p.n}$ this means $${rest}$.`);
			return String(rest);
		},
		truth: (p) => String(p.n - (p.a - p.both) - (p.b - p.both) - p.both),
	}),
	maker({
		name: 'sameColour',
		subject,
		skills: [PROB, COMB],
		level: 3,
		make: (r) => ({
			a: r.int(3, 7),
			b: r.int(3, 7),
			what: r.of([
				['red', 'blue', 'marbles', 'bag'],
				['black', 'white', 'socks', 'drawer'],
				['green', 'yellow', 'balls', 'box'],
			] as const),
		}),
		ask: [
			(p) =>
				`A ${p.what[3]} holds $${p.a}$ ${p.what[0]} and $${p.b}$ ${p.what[1]} ${p.what[2]}. Two ` +
				'are drawn at random without replacement. What is the probability that they have the same ' +
				'color? Express your answer as a common fraction.',
			(p) =>
				`Two ${p.what[2]} are taken at random from a ${p.what[3]} with $${p.a}$ ${p.what[0]} and ` +
				`$${p.b}$ ${p.what[1]} ones. What is the probability that both are the same color?`,
		],
		idea: [
			() => 'We compare the number of same-colored pairs with the number of all pairs.',
			() => 'There are two cases, one for each color.',
		],
		work: (p, hand) => {
			const n = p.a + p.b;
			const replace = hand.pick(false, [
				true,
				PROB,
				`the first is not put back, so the second draw is from ${n - 1}`,
			]);
			const [x, y, all] = replace
				? [p.a * p.a, p.b * p.b, n * n]
				: [p.a * (p.a - 1), p.b * (p.b - 1), n * (n - 1)];
			hand.step(
				`Drawing two in order can be done in $${n} \\cdot ${replace ? n : n - 1} = ${all}$ ways.`,
				`The number of ordered draws is $${n}\\cdot ${replace ? n : n - 1} = ${all}$.`,
			);
			hand.step(
				`Two ${p.what[0]} ones arise in $${x}$ ways, two ${p.what[1]} ones in $${y}$ ways.`,
				`For ${p.what[0]} there are $${x}$ and for ${p.what[1]} $${y}$ ordered pairs.`,
			);
			const good = hand.pick(
				x + y,
				[x, PROB, `the case of two ${p.what[1]} ones was forgotten`],
				[x * y, PROB, 'the two cases exclude each other, so their numbers are added'],
			);
			hand.step(
				`The probability is $\\frac{${good}}{${all}} = ${frac(good, all)}$.`,
				`So we get $${frac(good, all)}$ as the probability, from ${good} out of ${all}.`,
			);
			return frac(good, all);
		},
		truth: (p) => frac(choose(p.a, 2) + choose(p.b, 2), choose(p.a + p.b, 2)),
	}),
	maker({
		name: 'atLeastOnce',
		subject,
		skills: [PROB, COMPL],
		level: 3,
		make: (r) => ({ k: r.int(2, 4), s: r.of([4, 6, 8]), face: r.int(1, 4) }),
		ask: [
			(p) =>
				`A fair $${p.s}$-sided die is rolled $${p.k}$ times. What is the probability that a ` +
				`$${p.face}$ comes up at least once? Express your answer as a common fraction.`,
			(p) =>
				`If a fair die with faces $1$ to $${p.s}$ is rolled $${p.k}$ times, how likely is it to ` +
				`see the number $${p.face}$ at least once? Give a common fraction.`,
		],
		idea: [() => 'We compute the probability that it never comes up.', () => 'The complement is easier.'],
		work: (p, hand) => {
			const way = hand.pick('complement', [
				'add',
				PROB,
				'the probabilities of the single rolls cannot be added, since the number may come up more than once',
			]);
			if (way === 'add') {
				hand.step(
					`Each roll shows it with probability $\\frac{1}{${p.s}}$.`,
					`On one roll the chance is $\\frac{1}{${p.s}}$.`,
				);
				hand.step(
					`With ${p.k} rolls this is $${p.k} \\cdot \\frac{1}{${p.s}} = ${frac(p.k, p.s)}$.`,
					`For ${p.k} rolls we multiply and get $${frac(p.k, p.s)}$.`,
				);
				return frac(p.k, p.s);
			}
			const none = hand.pick(
				[(p.s - 1) ** p.k, p.s ** p.k],
				[
					[(p.s - 1) * p.k, p.s * p.k + p.s],
					PROB,
					'the rolls are independent, so the probabilities multiply: ' +
						`$\\left(\\frac{${p.s - 1}}{${p.s}}\\right)^${p.k}$`,
				],
			) as [number, number];
			hand.step(
				`It never comes up with probability $${frac(...none)}$.`,
				`The probability of not seeing it in any of the rolls is $${frac(...none)}$.`,
			);
			const hit = hand.pick(
				[none[1] - none[0], none[1]],
				[none, COMPL, 'this is the probability that it never comes up; it has to be subtracted from 1'],
				[[1, p.s ** p.k], COMPL, 'the opposite of "at least once" is "never", not "every time"'],
			) as [number, number];
			hand.step(
				`So the probability asked for is $${frac(...hit)}$.`,
				`The answer is therefore $${frac(...hit)}$.`,
			);
			return frac(...hit);
		},
		truth: (p) => {
			const total = p.s ** p.k;
			const hits = range(0, total - 1).filter((code) =>
				range(0, p.k - 1).some((i) => Math.floor(code / p.s ** i) % p.s === p.face - 1),
			).length;
			return frac(hits, total);
		},
	}),
	maker({
		name: 'expectedPrize',
		subject,
		skills: [EXPV, PROB],
		level: 3,
		make: (r) => {
			const s = r.of([6, 8, 10, 12]);
			const few = r.int(1, 3);
			return { s, few, big: r.int(5, 20), small: r.int(1, 4) };
		},
		ask: [
			(p) =>
				`A spinner has $${p.s}$ equal sections. On $${p.few}$ of them you win $${p.big}$ dollars, ` +
				`on the others $${p.small}$ dollars. What is the expected number of dollars won? Express ` +
				'your answer as a common fraction or an integer.',
			(p) =>
				`In a game with $${p.s}$ equally likely outcomes, $${p.few}$ of them pay $${p.big}$ ` +
				`dollars and all the rest pay $${p.small}$ dollars. What is the expected payment in ` +
				'dollars, as a common fraction or an integer?',
		],
		idea: [
			() => 'We weight each amount with its probability.',
			() => 'The expected value is the average over all equally likely outcomes.',
		],
		work: (p, hand) => {
			const others = hand.pick(p.s - p.few, [
				p.s,
				EXPV,
				`only ${p.s - p.few} of the ${p.s} outcomes pay ${p.small}`,
			]);
			hand.step(
				`The larger amount has $${p.few}$ outcomes and the smaller one $${others}$.`,
				`There are $${p.few}$ chances for ${p.big} and $${others}$ for ${p.small}.`,
			);
			const plain = hand.pick(false, [
				true,
				EXPV,
				'the two amounts are not equally likely, so they cannot simply be averaged',
			]);
			if (plain) {
				hand.step(
					`The mean of the two is $\\frac{${p.big}+${p.small}}{2} = ${frac(p.big + p.small, 2)}$.`,
					`We average and get $${frac(p.big + p.small, 2)}$.`,
				);
				return frac(p.big + p.small, 2);
			}
			const total = p.few * p.big + others * p.small;
			hand.step(
				`All outcomes together pay $${p.few} \\cdot ${p.big} + ${others} \\cdot ${p.small} = ${total}$.`,
				`The sum over all outcomes is $${total}$, namely $${p.few * p.big} + ${others * p.small}$.`,
			);
			const divisor = hand.pick(
				p.s,
				[2, EXPV, `the sum runs over ${p.s} equally likely outcomes, so it is divided by ${p.s}`],
				[100, PROB, `each outcome has probability $\\frac{1}{${p.s}}$`],
			);
			hand.step(
				`The expected value is $\\frac{${total}}{${divisor}} = ${frac(total, divisor)}$.`,
				`Dividing by $${divisor}$, the expected value is $${frac(total, divisor)}$.`,
			);
			return frac(total, divisor);
		},
		truth: (p) => frac(sum(range(1, p.s).map((i) => (i <= p.few ? p.big : p.small))), p.s),
	}),
	maker({
		name: 'diagonals',
		subject,
		skills: [COMB],
		level: 1,
		make: (r) => ({ n: r.int(7, 40) }),
		ask: [
			(p) => `How many diagonals does a convex polygon with $${p.n}$ sides have?`,
			(p) =>
				`A convex polygon has $${p.n}$ vertices. How many segments join two vertices that are not neighbors?`,
		],
		idea: [
			() => 'We count pairs of vertices and leave out the sides.',
			() => 'From each vertex a diagonal can go to all vertices but three.',
		],
		work: (p, hand) => {
			const from = hand.pick(
				p.n - 3,
				[
					p.n - 2,
					COMB,
					`a vertex is not joined to itself nor to its two neighbors, so $${p.n} - 3$ diagonals start there`,
				],
				[p.n - 1, COMB, 'the two sides at a vertex are not diagonals'],
			);
			hand.step(
				`From every vertex there are $${from}$ diagonals.`,
				`Each of the $${p.n}$ vertices is the end of $${from}$ diagonals.`,
			);
			const total = hand.pick((p.n * from) / 2, [
				p.n * from,
				COMB,
				'every diagonal has two ends and was counted at both; the product has to be halved',
			]);
			hand.step(`In all we have $${total}$ diagonals.`, `So the number of diagonals comes to $${total}$.`);
			return String(total);
		},
		truth: (p) =>
			String(
				sum(
					range(0, p.n - 1).map(
						(i) => range(i + 2, p.n - 1).filter((j) => !(i === 0 && j === p.n - 1)).length,
					),
				),
			),
	}),
	maker({
		name: 'digitNumbers',
		subject,
		skills: [PERM],
		level: 4,
		make: (r) => ({ top: r.int(4, 9), k: r.int(3, 4) }),
		ask: [
			(p) =>
				`How many ${p.k}-digit numbers with distinct digits can be formed from the digits $0, 1, ` +
				`\\ldots, ${p.top}$?`,
			(p) =>
				`Using each of the digits $0$ to $${p.top}$ at most once, how many different ` +
				`$${p.k}$-digit positive integers (with no leading zero) can be written?`,
		],
		idea: [
			() => 'We fill the places from the left; the first digit cannot be $0$.',
			() => 'Count the choices for each place in turn.',
		],
		work: (p, hand) => {
			const n = p.top + 1;
			const first = hand.pick(p.top, [
				n,
				PERM,
				`the first digit cannot be 0, so there are ${p.top} choices for it`,
			]);
			hand.step(
				`The first place can be filled in $${first}$ ways.`,
				`For the leading digit we have $${first}$ possibilities.`,
			);
			const rest = hand.pick(
				range(1, p.k - 1).map((i) => n - i),
				[range(1, p.k - 1).map(() => n), PERM, 'a digit that was used cannot be used again'],
				[
					range(1, p.k - 1).map((i) => n - 1 - i),
					PERM,
					'the 0 may be used from the second place on, so there is one choice more',
				],
			);
			hand.step(
				`The following places allow $${rest.join('$, $')}$ choices.`,
				`After that there are $${rest.join('$ and $')}$ choices.`,
			);
			const total = rest.reduce((a, b) => a * b, first);
			hand.step(`The product is $${total}$.`, `Multiplying, we find $${total}$ numbers.`);
			return String(total);
		},
		truth: (p) =>
			String(
				range(10 ** (p.k - 1), 10 ** p.k - 1).filter(
					(n) => new Set(String(n)).size === p.k && [...String(n)].every((d) => Number(d) <= p.top),
				).length,
			),
	}),
	maker({
		name: 'notNextToEachOther',
		subject,
		skills: [COMPL, PERM],
		level: 4,
		make: (r) => ({
			n: r.int(4, 8),
			who: r.of([
				['Ana', 'Boris'],
				['Chen', 'Dora'],
				['Emil', 'Fay'],
				['Gwen', 'Hugo'],
			] as const),
		}),
		ask: [
			(p) =>
				`In how many ways can $${p.n}$ people stand in a row if two of them, ${p.who[0]} and ` +
				`${p.who[1]}, refuse to stand next to each other?`,
			(p) =>
				`${p.who[0]}, ${p.who[1]} and $${p.n - 2}$ other people form a line. In how many orders ` +
				`are ${p.who[0]} and ${p.who[1]} not neighbors?`,
		],
		idea: [
			() => 'We subtract the orders in which the two are neighbors.',
			() => 'The opposite case, the two together, is easy to count.',
		],
		work: (p, hand) => {
			hand.step(
				`Without restriction there are $${p.n}! = ${factorial(p.n)}$ orders.`,
				`All orders: $${p.n}! = ${factorial(p.n)}$.`,
			);
			const pair = hand.pick(
				2 * factorial(p.n - 1),
				[factorial(p.n - 1), PERM, 'the two neighbors can stand in either order, which doubles the number'],
				[
					2 * factorial(p.n - 2),
					PERM,
					`the pair counts as one, so there are ${p.n - 1} things to arrange, not ${p.n - 2}`,
				],
			);
			hand.step(
				`If the two stand together, there are $${pair}$ orders.`,
				`Treating the two as one block gives $${pair}$ orders.`,
			);
			const rest = hand.pick(factorial(p.n) - pair, [
				pair,
				COMPL,
				'this counts the orders in which they are neighbors; the question asks for the others',
			]);
			hand.step(`So the answer is $${rest}$.`, `The number of orders we want is $${rest}$.`);
			return String(rest);
		},
		truth: (p) =>
			String(
				sum(range(0, p.n - 1).map((i) => range(0, p.n - 1).filter((j) => Math.abs(i - j) > 1).length)) *
					factorial(p.n - 2),
			),
	}),
	maker({
		name: 'sumOfDice',
		subject,
		skills: [PROB],
		level: 2,
		make: (r) => ({ t: r.int(4, 10), more: r.chance(0.5), s: r.of([6, 6, 8, 10]) }),
		ask: [
			(p) =>
				`Two fair $${p.s}$-sided dice with faces $1$ to $${p.s}$ are rolled. What is the ` +
				`probability that the sum is ${p.more ? 'greater than' : 'exactly'} $${p.t}$? Express your ` +
				'answer as a common fraction.',
			(p) =>
				`When two fair dice with ${p.s} faces are thrown, how likely is a total ` +
				`${p.more ? 'above' : 'of exactly'} $${p.t}$? Give a common fraction.`,
		],
		idea: [() => 'We count ordered pairs.', () => 'All ordered pairs of faces are equally likely.'],
		work: (p, hand) => {
			const good = range(1, p.s * p.s).filter((i) => {
				const total = Math.floor((i - 1) / p.s) + 1 + ((i - 1) % p.s) + 1;
				return p.more ? total > p.t : total === p.t;
			}).length;
			const all = hand.pick(
				p.s * p.s,
				[
					(p.s * (p.s + 1)) / 2,
					PROB,
					`the two dice are different, so there are $${p.s}^2 = ${p.s * p.s}$ equally likely pairs`,
				],
				[2 * p.s, PROB, `the numbers of faces multiply: $${p.s} \\cdot ${p.s} = ${p.s * p.s}$`],
			);
			hand.step(`There are $${all}$ possible outcomes.`, `The number of outcomes is $${all}$.`);
			const count = hand.pick(
				good,
				[good + 1, PROB, `listing the pairs gives ${good}, not ${good + 1}`],
				[Math.ceil(good / 2), PROB, 'a pair of different numbers can come up in two orders, and both count'],
			);
			hand.step(`Of these, $${count}$ have the required sum.`, `We list the good ones and find $${count}$.`);
			hand.step(
				`So the probability is $\\frac{${count}}{${all}} = ${frac(count, all)}$.`,
				`This gives $${frac(count, all)}$.`,
			);
			return frac(count, all);
		},
		truth: (p) => {
			const pairs = range(1, p.s).flatMap((x) => range(1, p.s).map((y) => x + y));
			return frac(pairs.filter((total) => (p.more ? total > p.t : total === p.t)).length, pairs.length);
		},
	}),
];
