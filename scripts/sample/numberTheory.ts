import { maker } from './hand.ts';
import { factored, factors, gcd, lcm, range, sum } from './latex.ts';
import type { Random } from './random.ts';

const subject = 'number_theory';
const PF = 'prime_factorization';
const GL = 'gcd_and_lcm';
const DIV = 'counting_divisors';
const MOD = 'modular_arithmetic';
const BASE = 'base_conversion';
const CYC = 'units_digit_cycles';
const ARI = 'arithmetic_skills';

/** Returns a number with two or three prime factors. */
function composite(r: Random): number {
	return r.of([
		2 ** r.int(2, 4) * 3 ** r.int(1, 2) * r.of([1, 5, 7]),
		2 ** r.int(1, 3) * 5 ** r.int(1, 2) * r.of([3, 7, 9]),
		3 ** r.int(1, 3) * 5 * r.of([2, 4, 7]),
	]);
}

function digits(n: number, base: number): string {
	return n.toString(base);
}

/** Returns the same list with one exponent changed, or without that factor. */
function changed(list: readonly [number, number][], by: number): [number, number][] {
	return list.map(([p, e], i) => [p, i === 0 ? Math.max(1, e + by) : e]);
}

export const numberTheory = [
	maker({
		name: 'divisorCount',
		subject,
		skills: [DIV, PF],
		level: 2,
		make: (r) => ({ n: composite(r) }),
		ask: [
			(p) => `How many positive divisors does $${p.n}$ have?`,
			(p) => `What is the number of positive integers that divide $${p.n}$ evenly?`,
		],
		idea: [
			() => 'We factor the number into primes; the exponents tell the number of divisors.',
			() => 'Once the number is written as a product of primes, the count is a product too.',
		],
		work: (p, hand) => {
			const right = factors(p.n);
			const list = hand.pick(right, [
				changed(right, right[0]?.[1] === 1 ? 1 : -1),
				PF,
				`the prime factorization of ${p.n} is $${factored(right)}$`,
			]);
			hand.step(
				`In primes, $${p.n} = ${factored(list)}$.`,
				`Dividing out one prime after another, $${p.n} = ${factored(list)}$.`,
			);
			const counts = hand.pick(
				list.map(([, e]) => e + 1),
				[
					list.map(([, e]) => e),
					DIV,
					'each prime may occur 0, 1, … times, so every exponent is increased by one before multiplying',
				],
				[
					list.filter(([, e]) => e > 1).map(([, e]) => e + 1),
					DIV,
					'primes with exponent 1 also contribute a factor of 2',
				],
			);
			hand.step(
				'A divisor takes each prime with an exponent from $0$ up, so we multiply ' +
					`$${counts.join(' \\cdot ') || '1'}$.`,
				`The exponents lead to the product $${counts.join(' \\cdot ') || '1'}$.`,
			);
			const total = counts.reduce((a, b) => a * b, 1);
			hand.step(`There are $${total}$ divisors.`, `That product is $${total}$.`);
			return String(total);
		},
		truth: (p) => String(range(1, p.n).filter((d) => p.n % d === 0).length),
	}),
	maker({
		name: 'evenDivisors',
		subject,
		skills: [DIV, PF],
		level: 3,
		make: (r) => ({ n: 2 ** r.int(2, 4) * 3 ** r.int(1, 3) * r.of([1, 5, 7, 11]) }),
		ask: [
			(p) => `How many even positive divisors does $${p.n}$ have?`,
			(p) => `How many positive factors of $${p.n}$ are multiples of $2$?`,
		],
		idea: [
			() => 'An even divisor must contain at least one factor 2.',
			() => 'We count the choices for each prime, with at least one 2.',
		],
		work: (p, hand) => {
			const list = factors(p.n);
			hand.step(`We have $${p.n} = ${factored(list)}$.`, `The number factors as $${factored(list)}$.`);
			const e = list[0]?.[1] ?? 0;
			const twos = hand.pick(
				e,
				[e + 1, DIV, 'an even divisor needs at least one 2, so the exponent 0 is not allowed'],
				[1, DIV, `the exponent of 2 can be any number from 1 to ${e}`],
			);
			hand.step(
				`For the exponent of $2$ there are $${twos}$ choices.`,
				`The power of $2$ can be chosen in $${twos}$ ways.`,
			);
			const others = list.slice(1).map(([, k]) => k + 1);
			const rest = hand.pick(others, [
				list.slice(1).map(([, k]) => k),
				DIV,
				'an odd prime may also be left out, so its exponent is increased by one',
			]);
			const total = rest.reduce((a, b) => a * b, twos);
			hand.step(
				`The odd primes give $${rest.join(' \\cdot ')}$ choices, and in total $${total}$.`,
				`Multiplying by $${rest.join(' \\cdot ')}$ for the other primes, we get $${total}$.`,
			);
			return String(total);
		},
		truth: (p) => String(range(1, p.n).filter((d) => p.n % d === 0 && d % 2 === 0).length),
	}),
	maker({
		name: 'gcdAndLcm',
		subject,
		skills: [GL, PF],
		level: 3,
		make: (r) => {
			const g = r.of([4, 6, 10, 12, 14, 15, 18, 20]);
			const [u, v] = r.of([
				[2, 3],
				[3, 4],
				[2, 5],
				[3, 5],
				[4, 5],
				[5, 6],
				[4, 7],
				[5, 7],
			] as const);
			return { a: g * u, b: g * v };
		},
		ask: [
			(p) => `What is the least common multiple of $${p.a}$ and $${p.b}$ minus their greatest common divisor?`,
			(p) =>
				`Let $m$ be the least common multiple and $d$ the greatest common divisor of $${p.a}$ and ` +
				`$${p.b}$. Compute $m-d$.`,
		],
		idea: [
			() => 'We write both numbers as products of primes and compare.',
			() => 'The smaller exponents make the greatest common divisor, the larger ones the least common multiple.',
		],
		work: (p, hand) => {
			hand.step(
				`The factorizations are $${p.a} = ${factored(factors(p.a))}$ and $${p.b} = ${factored(factors(p.b))}$.`,
				`In primes, $${p.a} = ${factored(factors(p.a))}$ while $${p.b} = ${factored(factors(p.b))}$.`,
			);
			const g = gcd(p.a, p.b);
			const small = factors(g)[0]?.[0] ?? 2;
			const d = hand.pick(g, [
				g / small,
				GL,
				`a common factor $${small}$ was left out: the greatest common divisor is $${g}$`,
			]);
			hand.step(`The common part is $${d}$.`, `Taking what both have in common gives $\\gcd = ${d}$.`);
			const m = hand.pick(
				lcm(p.a, p.b),
				[
					p.a * p.b,
					GL,
					`the product $${p.a * p.b}$ counts the common factor twice; it has to be divided by ` +
						'the greatest common divisor',
				],
				[lcm(p.a, p.b) / 2, GL, `$${lcm(p.a, p.b) / 2}$ is not a multiple of both numbers`],
			);
			hand.step(
				`The least common multiple is $${m}$.`,
				`For the least common multiple we take the higher powers and get $${m}$.`,
			);
			hand.step(`The difference is $${m} - ${d} = ${m - d}$.`, `So $m-d = ${m} - ${d} = ${m - d}$.`);
			return String(m - d);
		},
		truth: (p) => {
			const d = Math.max(...range(1, p.a).filter((k) => p.a % k === 0 && p.b % k === 0));
			return String((range(1, p.b).find((k) => (p.a * k) % p.b === 0) ?? 0) * p.a - d);
		},
	}),
	maker({
		name: 'togetherAgain',
		subject,
		skills: [GL],
		level: 2,
		make: (r) => {
			const [a, b, c] = r.of([
				[6, 8, 10],
				[4, 6, 9],
				[8, 12, 18],
				[6, 9, 15],
				[10, 12, 15],
				[9, 12, 16],
				[4, 10, 14],
				[12, 15, 20],
				[6, 14, 21],
				[8, 20, 30],
			] as const);
			return { a, b, c, what: r.of(['buses', 'lights', 'bells']) };
		},
		ask: [
			(p) =>
				`Three ${p.what} start together at noon and then repeat every $${p.a}$, $${p.b}$ and ` +
				`$${p.c}$ minutes. After how many minutes do all three coincide for the first time?`,
			(p) =>
				`What is the smallest positive integer that is a multiple of each of $${p.a}$, $${p.b}$ and $${p.c}$?`,
		],
		idea: [
			() => 'This asks for the least common multiple.',
			() => 'We need the smallest number that all three divide.',
		],
		work: (p, hand) => {
			const ab = lcm(p.a, p.b);
			const two = hand.pick(ab, [
				p.a * p.b,
				GL,
				`the least common multiple of ${p.a} and ${p.b} is ${ab}; their product counts the common factor twice`,
			]);
			hand.step(
				`For the first two, the least common multiple of $${p.a}$ and $${p.b}$ is $${two}$.`,
				`We begin with $\\text{lcm}(${p.a}, ${p.b}) = ${two}$.`,
			);
			const all = hand.pick(
				lcm(two, p.c),
				[two * p.c, GL, `$${two}$ and $${p.c}$ have a common factor that must not be counted twice`],
				[two, GL, `$${two}$ is not a multiple of $${p.c}$; the third number was forgotten`],
			);
			hand.step(`Together with $${p.c}$ this becomes $${all}$.`, `Including $${p.c}$, we arrive at $${all}$.`);
			return String(all);
		},
		truth: (p) => String(range(1, 5000).find((n) => n % p.a === 0 && n % p.b === 0 && n % p.c === 0)),
	}),
	maker({
		name: 'powerRemainder',
		subject,
		skills: [MOD, CYC, ARI],
		level: 5,
		make: (r) => {
			const m = r.of([7, 9, 11, 13]);
			const a = r.of(range(2, m - 2).filter((k) => gcd(k, m) === 1));
			return { m, a: a + m * r.int(1, 5), n: r.int(15, 60) };
		},
		ask: [
			(p) => `What is the remainder when $${p.a}^{${p.n}}$ is divided by $${p.m}$?`,
			(p) => `Find the integer $r$ with $0 \\le r < ${p.m}$ and $${p.a}^{${p.n}} \\equiv r \\pmod{${p.m}}$.`,
		],
		idea: [
			(p) => `We reduce the base modulo ${p.m} and look for a power that is $1$.`,
			() => 'The powers repeat, so only the exponent modulo the length of the cycle matters.',
		],
		work: (p, hand) => {
			const base = hand.pick(p.a % p.m, [
				(p.a % p.m) + 1,
				MOD,
				`$${p.a} - ${p.m} \\cdot ${Math.floor(p.a / p.m)} = ${p.a % p.m}$, so the base reduces to ` +
					`$${p.a % p.m}$`,
			]);
			hand.step(
				`Since $${p.a} \\equiv ${base} \\pmod{${p.m}}$, we need $${base}^{${p.n}}$.`,
				`Modulo ${p.m}, the base $${p.a}$ is the same as $${base}$.`,
			);
			const power = (b: number, e: number): number => range(1, e).reduce((x) => (x * b) % p.m, 1);
			const order = range(1, p.m).find((k) => power(base, k) === 1) ?? p.m - 1;
			const length = hand.pick(order, [
				order + 1,
				CYC,
				`the first power of $${base}$ that is $1$ modulo ${p.m} is number ${order}`,
			]);
			hand.step(
				`The powers of $${base}$ modulo ${p.m} repeat with period $${length}$.`,
				`We have $${base}^{${length}} \\equiv 1$, so the period is $${length}$.`,
			);
			const e = hand.pick(p.n % length, [
				Math.floor(p.n / length),
				MOD,
				`what matters is the remainder of ${p.n} divided by ${length}, not the quotient`,
			]);
			hand.step(
				`Dividing, $${p.n}$ leaves $${e}$ modulo $${length}$.`,
				`The exponent $${p.n}$ can be replaced by $${e}$.`,
			);
			const r = power(base, e);
			hand.step(
				`Hence the remainder is $${base}^{${e}} \\equiv ${r}$.`,
				`So we need $${base}^{${e}}$, which leaves $${r}$.`,
			);
			return String(r);
		},
		truth: (p) => String(BigInt(p.a) ** BigInt(p.n) % BigInt(p.m)),
	}),
	maker({
		name: 'unitsDigit',
		subject,
		skills: [CYC, ARI],
		level: 3,
		make: (r) => ({
			a: r.of([2, 3, 7, 8, 12, 13, 17, 18, 23]),
			n: r.int(20, 99),
			b: r.of([2, 3, 7, 8, 27, 32]),
			m: r.int(20, 99),
		}),
		ask: [
			(p) => `What is the units digit of $${p.a}^{${p.n}} + ${p.b}^{${p.m}}$?`,
			(p) => `Find the last digit of the sum $${p.a}^{${p.n}} + ${p.b}^{${p.m}}$.`,
		],
		idea: [
			() => 'Units digits of powers repeat in cycles of four.',
			() => 'Only the last digits matter, and they cycle.',
		],
		work: (p, hand) => {
			const digit = (base: number, n: number): number => {
				const cycle = range(1, 4).map((k) => (base % 10) ** k % 10);
				const right = cycle[(n + 3) % 4] ?? 0;
				const place = hand.pick(right, [
					cycle[n % 4] ?? 0,
					CYC,
					`${n} leaves ${n % 4} when divided by 4, so entry number ${n % 4 === 0 ? 4 : n % 4} of ` +
						'the cycle is needed',
				]);
				hand.step(
					`The units digits of powers of $${base}$ cycle through $${cycle.join(', ')}$, so ` +
						`$${base}^{${n}}$ ends in $${place}$.`,
					`For $${base}$ the cycle is $${cycle.join(', ')}$. With exponent $${n}$ the last digit ` +
						`is $${place}$.`,
				);
				return place;
			};
			const [x, y] = [digit(p.a, p.n), digit(p.b, p.m)];
			const total =
				x + y < 10
					? hand.pick(x + y, [x * y, ARI, 'the two powers are added, not multiplied'])
					: hand.pick(x + y, [x + y - 1, ARI, `$${x}+${y} = ${x + y}$`]);
			hand.step(
				`Adding, $${x} + ${y} = ${total}$, whose units digit is $${total % 10}$.`,
				`The sum ends like $${x}+${y} = ${total}$, that is in $${total % 10}$.`,
			);
			return String(total % 10);
		},
		truth: (p) => String((BigInt(p.a) ** BigInt(p.n) + BigInt(p.b) ** BigInt(p.m)) % 10n),
	}),
	maker({
		name: 'toBaseTen',
		subject,
		skills: [BASE, ARI],
		level: 1,
		make: (r) => {
			const b = r.int(4, 8);
			return { b, d: [r.int(1, b - 1), r.int(0, b - 1), r.int(0, b - 1), r.int(1, b - 1)] };
		},
		ask: [
			(p) => `Convert $${p.d.join('')}_{${p.b}}$ to base $10$.`,
			(p) => `What is the base-ten value of the base-${p.b} number $${p.d.join('')}_{${p.b}}$?`,
		],
		idea: [
			(p) => `The places are powers of ${p.b}.`,
			() => 'We write the number as a sum of digits times powers of the base.',
		],
		work: (p, hand) => {
			const shift = hand.pick(0, [
				1,
				BASE,
				`the last digit is worth $${p.b}^0 = 1$; every place was taken one power too high`,
			]);
			hand.step(
				`The digits stand for $${p.d.map((d, i) => `${d} \\cdot ${p.b}^{${3 - i + shift}}`).join(' + ')}$.`,
				`Expanding by places: $${p.d.map((d, i) => `${d}\\cdot ${p.b}^${3 - i + shift}`).join(' + ')}$.`,
			);
			const values = p.d.map((d, i) => d * p.b ** (3 - i + shift));
			const lost = hand.pick(values, [
				values.map((v, i) => (i === 0 ? (p.d[0] ?? 0) * p.b * 3 : v)),
				ARI,
				`$${p.b}^${3 + shift}$ is ${p.b ** (3 + shift)}; a power is not a product with the exponent`,
			]);
			hand.step(`These are $${lost.join(' + ')}$.`, `Working out the powers gives $${lost.join(' + ')}$.`);
			const total = hand.pick(sum(lost), [
				sum(lost) - 10,
				ARI,
				`$${lost.join(' + ')} = ${sum(lost)}$; a carry was dropped`,
			]);
			hand.step(`The sum is $${total}$.`, `Altogether this makes $${total}$ in base ten.`);
			return String(total);
		},
		truth: (p) => String(parseInt(p.d.join(''), p.b)),
	}),
	maker({
		name: 'fromBaseTen',
		subject,
		skills: [BASE],
		level: 3,
		make: (r) => ({ b: r.int(3, 8), n: r.int(60, 400) }),
		ask: [
			(p) => `Write $${p.n}$ in base $${p.b}$.`,
			(p) => `Express the base-ten number $${p.n}$ in base $${p.b}$.`,
		],
		idea: [
			(p) => `We divide by ${p.b} again and again and keep the remainders.`,
			() => 'The remainders of repeated division are the digits.',
		],
		work: (p, hand) => {
			const remainders: number[] = [];
			const lines: string[] = [];
			for (let n = p.n; n > 0; n = Math.floor(n / p.b)) {
				remainders.push(n % p.b);
				lines.push(`${n} = ${p.b} \\cdot ${Math.floor(n / p.b)} + ${n % p.b}`);
			}
			const digits = hand.pick(remainders, [
				remainders.slice(0, -1),
				BASE,
				'the division stopped one step too early; the last quotient is a digit as well',
			]);
			hand.step(
				`Dividing repeatedly, $${lines.slice(0, digits.length).join('$, $')}$.`,
				`We get $${lines.slice(0, digits.length).join('$ and $')}$.`,
			);
			const forward = [...digits].reverse().join('');
			const written =
				forward === digits.join('')
					? forward
					: hand.pick(forward, [digits.join(''), BASE, 'the remainders are read from the last to the first']);
			hand.step(
				`Reading the remainders off gives $${written}_{${p.b}}$.`,
				`The digits are therefore $${written}_{${p.b}}$.`,
			);
			return `${written}_{${p.b}}`;
		},
		truth: (p) => `${digits(p.n, p.b)}_{${p.b}}`,
	}),
	maker({
		name: 'addInBase',
		subject,
		skills: [BASE, ARI],
		level: 4,
		make: (r) => {
			const b = r.int(5, 8);
			const [x, y] = [r.int(b + 2, b * b - 2), r.int(b + 2, b * b - 2)];
			return { b, x, y };
		},
		ask: [
			(p) =>
				`Compute $${digits(p.x, p.b)}_{${p.b}} + ${digits(p.y, p.b)}_{${p.b}}$. Give your answer ` +
				`in base $${p.b}$.`,
			(p) =>
				`Add the base-${p.b} numbers $${digits(p.x, p.b)}_{${p.b}}$ and ` +
				`$${digits(p.y, p.b)}_{${p.b}}$ and express the sum in base $${p.b}$.`,
		],
		idea: [
			(p) => `We add column by column and carry whenever a column reaches ${p.b}.`,
			() => 'Addition works as usual, but carries happen at the base.',
		],
		work: (p, hand) => {
			const units = (p.x % p.b) + (p.y % p.b);
			const carries = units >= p.b;
			const carry = carries
				? hand.pick(1, [
						0,
						ARI,
						`the units add up to $${units}$, which is $${p.b} + ${units - p.b}$: a carry of 1 was dropped`,
					])
				: 0;
			hand.step(
				`The units are $${p.x % p.b} + ${p.y % p.b} = ${units}$, so we write $${units % p.b}$ and ` +
					`carry $${carry}$.`,
				`In the units column $${p.x % p.b}+${p.y % p.b} = ${units}$: digit $${units % p.b}$, carry $${carry}$.`,
			);
			const high = Math.floor(p.x / p.b) + Math.floor(p.y / p.b) + carry;
			const top =
				high >= p.b
					? hand.pick(
							digits(high, p.b),
							[
								String(high % p.b),
								BASE,
								`$${high}$ is $${digits(high, p.b)}_{${p.b}}$ in base ${p.b}, so there is ` +
									'a digit more in front',
							],
							[
								digits(high % p.b === 0 ? high + 1 : high - 1, p.b),
								BASE,
								`$${high}$ is written $${digits(high, p.b)}_{${p.b}}$ in base ${p.b}`,
							],
						)
					: String(high);
			hand.step(
				`The next column is $${Math.floor(p.x / p.b)} + ${Math.floor(p.y / p.b)} + ${carry} = ` +
					`${high}$, written $${top}$.`,
				`For the next column we have $${high}$ in all, which we write as $${top}$.`,
			);
			hand.step(
				`The sum is $${top}${units % p.b}_{${p.b}}$.`,
				`Putting the digits together: $${top}${units % p.b}_{${p.b}}$.`,
			);
			return `${top}${units % p.b}_{${p.b}}`;
		},
		truth: (p) => `${digits(p.x + p.y, p.b)}_{${p.b}}`,
	}),
	maker({
		name: 'linearCongruence',
		subject,
		skills: [MOD],
		level: 4,
		make: (r) => {
			const m = r.of([11, 13, 17, 19, 23]);
			return { m, a: r.int(3, 9), b: r.int(2, m - 1) };
		},
		ask: [
			(p) => `What is the smallest positive integer $x$ with $${p.a}x \\equiv ${p.b} \\pmod{${p.m}}$?`,
			(p) =>
				`Find the least positive integer $x$ such that $${p.a}x$ leaves a remainder of $${p.b}$ ` +
				`when divided by $${p.m}$.`,
		],
		idea: [
			(p) => `We multiply by the inverse of ${p.a} modulo ${p.m}.`,
			(p) => `First we find a number that times ${p.a} gives $1$ modulo ${p.m}.`,
		],
		work: (p, hand) => {
			const inverse = range(1, p.m - 1).find((k) => (p.a * k) % p.m === 1) ?? 1;
			const inv = hand.pick(inverse, [
				p.m - inverse,
				MOD,
				`$${p.a} \\cdot ${p.m - inverse}$ is $-1$ modulo ${p.m}; the inverse is ${inverse}`,
			]);
			hand.step(
				`The inverse of $${p.a}$ modulo ${p.m} is $${inv}$.`,
				`Trying values, the inverse of $${p.a}$ turns out to be $${inv}$.`,
			);
			hand.step(
				`So $x \\equiv ${inv} \\cdot ${p.b} = ${inv * p.b} \\pmod{${p.m}}$.`,
				`Multiplying both sides by it gives $x \\equiv ${inv * p.b}$.`,
			);
			const right = (inv * p.b) % p.m;
			const x = hand.pick(right, [
				Math.floor((inv * p.b) / p.m),
				MOD,
				`the quotient of $${inv * p.b}$ by ${p.m} was taken; the remainder is ${right}`,
			]);
			hand.step(`Reducing, $x = ${x}$.`, `Reduced modulo ${p.m}, this is $${x}$.`);
			return String(x);
		},
		truth: (p) => String(range(1, p.m).find((x) => (p.a * x - p.b) % p.m === 0)),
	}),
	maker({
		name: 'twoRemainders',
		subject,
		skills: [MOD, GL, ARI],
		level: 5,
		make: (r) => {
			const [a, b] = r.of([
				[4, 7],
				[5, 8],
				[6, 7],
				[5, 9],
				[7, 9],
				[8, 9],
				[5, 11],
				[6, 11],
			] as const);
			return { a, b, s: r.int(1, a - 1), t: r.int(1, b - 1), low: r.of([50, 100]) };
		},
		ask: [
			(p) =>
				`What is the smallest integer greater than $${p.low}$ that leaves a remainder of $${p.s}$ ` +
				`when divided by $${p.a}$ and a remainder of $${p.t}$ when divided by $${p.b}$?`,
			(p) =>
				`A number of cards, more than ${p.low}, leaves ${p.s} over when dealt to ${p.a} players ` +
				`and ${p.t} over when dealt to ${p.b} players. What is the least possible number of cards?`,
		],
		idea: [
			(p) => `We list numbers that leave ${p.t} modulo ${p.b} and test them modulo ${p.a}.`,
			() => 'Solutions repeat with the least common multiple of the two divisors.',
		],
		work: (p, hand) => {
			const first = range(0, p.b * p.a).find((n) => n % p.a === p.s && n % p.b === p.t) ?? 0;
			const start = hand.pick(first, [
				range(p.b, p.b * p.a).find((n) => n % p.a === 0 && n % p.b === p.t) ?? first,
				MOD,
				`the number has to leave ${p.s} when divided by ${p.a}, but this one is divisible by ${p.a}`,
			]);
			hand.step(
				`Among $${p.t}, ${p.t + p.b}, ${p.t + 2 * p.b}, \\ldots$ the first that fits is $${start}$.`,
				`Checking the numbers of the form $${p.b}k+${p.t}$, the smallest that works is $${start}$.`,
			);
			const step = hand.pick(p.a * p.b, [
				p.a + p.b,
				GL,
				`solutions repeat every $\\text{lcm}(${p.a}, ${p.b}) = ${p.a * p.b}$`,
			]);
			hand.step(`Solutions repeat every $${step}$.`, `From there we may go in steps of $${step}$.`);
			let n = start;
			while (n <= p.low) {
				n += step;
			}
			const answer =
				start <= p.low ? n : hand.pick(n, [n + step, MOD, `$${n}$ is already greater than ${p.low}`]);
			hand.step(
				`The first one above $${p.low}$ is $${answer}$.`,
				`Going up until we pass $${p.low}$, we reach $${answer}$.`,
			);
			return String(answer);
		},
		truth: (p) => String(range(p.low + 1, 1000).find((n) => n % p.a === p.s && n % p.b === p.t)),
	}),
];
