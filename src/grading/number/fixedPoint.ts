import type { Budget } from './budget.ts';
import { bitLength, GaveUp } from './budget.ts';
import { integerRoot } from './rational.ts';

/** A complex number as two integers in units of 2^-bits. */
export interface Complex {
	readonly re: bigint;
	readonly im: bigint;
}

const round = (n: bigint, d: bigint): bigint => (2n * n + d) / (2n * d);

/** Constants by precision; only a few precisions are ever used. */
const piAt = new Map<number, bigint>();
const ln2At = new Map<number, bigint>();

/**
 * Complex arithmetic in fixed point with `bits` binary places. It is slow compared with doubles, but at a hundred
 * digits two numbers that agree are equal, and near misses such as 355/113 for π are not.
 */
export class FixedPoint {
	readonly bits: number;
	readonly unit: bigint;
	private readonly shift: bigint;
	private readonly budget: Budget;

	constructor(bits: number, budget: Budget) {
		this.bits = bits;
		this.shift = BigInt(bits);
		this.unit = 1n << this.shift;
		this.budget = budget;
	}

	real(re: bigint): Complex {
		return { re, im: 0n };
	}

	integer(n: bigint): Complex {
		return this.real(n << this.shift);
	}

	ratio(n: bigint, d: bigint): Complex {
		return this.real((n << this.shift) / d);
	}

	add(a: Complex, b: Complex): Complex {
		return { re: a.re + b.re, im: a.im + b.im };
	}

	negate(a: Complex): Complex {
		return { re: -a.re, im: -a.im };
	}

	private times(a: bigint, b: bigint): bigint {
		return (a * b) >> this.shift;
	}

	multiply(a: Complex, b: Complex): Complex {
		this.budget.spend(1);
		if (a.im === 0n && b.im === 0n) {
			return this.checked(this.real(this.times(a.re, b.re)));
		}
		return this.checked({
			re: this.times(a.re, b.re) - this.times(a.im, b.im),
			im: this.times(a.re, b.im) + this.times(a.im, b.re),
		});
	}

	private checked(a: Complex): Complex {
		this.budget.fits(bitLength(a.re) + bitLength(a.im) - this.bits);
		return a;
	}

	/** Returns a / b; there is no quotient if b is zero to working precision. */
	divide(a: Complex, b: Complex): Complex {
		this.budget.spend(2);
		if (this.isTiny(b)) {
			throw new GaveUp('unsupported', 'division by zero');
		}
		if (b.im === 0n) {
			return { re: (a.re << this.shift) / b.re, im: (a.im << this.shift) / b.re };
		}
		const norm = b.re * b.re + b.im * b.im;
		return {
			re: ((a.re * b.re + a.im * b.im) << this.shift) / norm,
			im: ((a.im * b.re - a.re * b.im) << this.shift) / norm,
		};
	}

	/** Whether a is zero as far as the working precision can tell, i.e. below 2^-(3/4 bits). */
	isTiny(a: Complex): boolean {
		const limit = 1n << BigInt(this.bits >> 2);
		return a.re < limit && a.re > -limit && a.im < limit && a.im > -limit;
	}

	isReal(a: Complex): boolean {
		const size = a.re < 0n ? -a.re : a.re;
		const im = a.im < 0n ? -a.im : a.im;
		return im <= (size >> BigInt(this.bits >> 1)) + (1n << BigInt(this.bits >> 2));
	}

	magnitude(a: Complex): bigint {
		if (a.im === 0n) {
			return a.re < 0n ? -a.re : a.re;
		}
		return integerRoot(a.re * a.re + a.im * a.im, 2);
	}

	/** Returns the real n-th root of a real a if there is one (odd n, or a ≥ 0), else the principal root. */
	root(a: Complex, n: number): Complex {
		this.budget.spend(20);
		if (a.im === 0n && (a.re >= 0n || n % 2 === 1)) {
			const size = a.re < 0n ? -a.re : a.re;
			this.budget.fits(bitLength(size) + this.bits * (n - 1));
			const root = integerRoot(size << (this.shift * BigInt(n - 1)), n);
			return this.real(a.re < 0n ? -root : root);
		}
		if (n === 2) {
			const size = this.magnitude(a);
			const half = (x: bigint): bigint => integerRoot((x < 0n ? 0n : x) << (this.shift - 1n), 2);
			const im = half(size - a.re);
			return { re: half(size + a.re), im: a.im < 0n ? -im : im };
		}
		return this.exp(this.divide(this.ln(a), this.integer(BigInt(n))));
	}

	get pi(): bigint {
		let value = piAt.get(this.bits);
		if (value === undefined) {
			// Machin's formula, with guard bits.
			const unit = this.unit << 16n;
			value = (4n * (4n * arcTangentOfInverse(5n, unit) - arcTangentOfInverse(239n, unit))) >> 16n;
			piAt.set(this.bits, value);
		}
		return value;
	}

	private get ln2(): bigint {
		let value = ln2At.get(this.bits);
		if (value === undefined) {
			// ln 2 = 18 artanh(1/26) − 2 artanh(1/4801) + 8 artanh(1/8749)
			const unit = this.unit << 16n;
			value =
				(18n * arTanhOfInverse(26n, unit) -
					2n * arTanhOfInverse(4801n, unit) +
					8n * arTanhOfInverse(8749n, unit)) >>
				16n;
			ln2At.set(this.bits, value);
		}
		return value;
	}

	private realExp(x: bigint): bigint {
		this.budget.spend(30);
		const k = round(x < 0n ? -x : x, this.ln2) * (x < 0n ? -1n : 1n);
		this.budget.fits(k > 0n ? Number(k) : 0);
		if (k < -BigInt(2 * this.bits)) {
			return 0n;
		}
		const r = (x - k * this.ln2) >> 12n;
		let term = this.unit;
		let sum = this.unit;
		for (let n = 1n; term !== 0n && term !== -1n; n++) {
			term = this.times(term, r) / n;
			sum += term;
		}
		for (let i = 0; i < 12; i++) {
			sum = this.times(sum, sum);
		}
		return k >= 0n ? sum << k : sum >> -k;
	}

	exp(a: Complex): Complex {
		const size = this.realExp(a.re);
		if (a.im === 0n) {
			return this.real(size);
		}
		const [sin, cos] = this.sineAndCosine(a.im);
		return { re: this.times(size, cos), im: this.times(size, sin) };
	}

	/** Returns [sin x, cos x] for real x. */
	sineAndCosine(x: bigint): [bigint, bigint] {
		this.budget.spend(40);
		this.budget.fits(bitLength(x) - this.bits);
		const quarter = this.pi >> 1n;
		let turns = x / quarter;
		let r = x - turns * quarter;
		if (2n * r > quarter) {
			turns += 1n;
			r -= quarter;
		} else if (2n * r < -quarter) {
			turns -= 1n;
			r += quarter;
		}
		const square = this.times(r, r);
		let sin = r;
		let cos = this.unit;
		let sinTerm = r;
		let cosTerm = this.unit;
		for (let n = 1n; (cosTerm !== 0n && cosTerm !== -1n) || (sinTerm !== 0n && sinTerm !== -1n); n += 2n) {
			cosTerm = -this.times(cosTerm, square) / (n * (n + 1n));
			sinTerm = -this.times(sinTerm, square) / ((n + 1n) * (n + 2n));
			cos += cosTerm;
			sin += sinTerm;
		}
		switch (((turns % 4n) + 4n) % 4n) {
			case 0n:
				return [sin, cos];
			case 1n:
				return [cos, -sin];
			case 2n:
				return [-sin, -cos];
			default:
				return [-cos, sin];
		}
	}

	/** Returns the principal logarithm. */
	ln(a: Complex): Complex {
		if (this.isTiny(a)) {
			throw new GaveUp('unsupported', 'logarithm of zero');
		}
		const size = this.realLn(this.magnitude(a));
		if (a.im === 0n) {
			return { re: size, im: a.re < 0n ? this.pi : 0n };
		}
		return { re: size, im: this.angle(a) };
	}

	private realLn(x: bigint): bigint {
		this.budget.spend(80);
		const shift = bitLength(x) - this.bits;
		const scaled = shift >= 0 ? x >> BigInt(shift) : x << BigInt(-shift);
		const start = Math.log(Number(scaled >> BigInt(this.bits - 60)) / 2 ** 60);
		let y = BigInt(Math.round(start * 2 ** 50)) << BigInt(this.bits - 50);
		for (let correct = 45; correct < 2 * this.bits; correct *= 3) {
			const power = this.realExp(y);
			y += (2n * (scaled - power) * this.unit) / (scaled + power);
		}
		return y + BigInt(shift) * this.ln2;
	}

	/** Returns arg a in (−π, π]. */
	angle(a: Complex): bigint {
		if (a.re === 0n && a.im === 0n) {
			return 0n;
		}
		this.budget.spend(160);
		const size = this.magnitude(a);
		const cos = (a.re << this.shift) / size;
		const sin = (a.im << this.shift) / size;
		let y =
			BigInt(
				Math.round(
					Math.atan2(Number(sin >> BigInt(this.bits - 60)), Number(cos >> BigInt(this.bits - 60))) * 2 ** 50,
				),
			) << BigInt(this.bits - 50);
		for (let correct = 45; correct < 2 * this.bits; correct *= 3) {
			// sin(θ − y) equals θ − y up to a cubic term.
			const [s, c] = this.sineAndCosine(y);
			y += this.times(sin, c) - this.times(cos, s);
		}
		return y;
	}

	sin(a: Complex): Complex {
		const [s, c] = this.sineAndCosine(a.re);
		if (a.im === 0n) {
			return this.real(s);
		}
		const [sinh, cosh] = this.hyperbolic(a.im);
		return { re: this.times(s, cosh), im: this.times(c, sinh) };
	}

	cos(a: Complex): Complex {
		const [s, c] = this.sineAndCosine(a.re);
		if (a.im === 0n) {
			return this.real(c);
		}
		const [sinh, cosh] = this.hyperbolic(a.im);
		return { re: this.times(c, cosh), im: -this.times(s, sinh) };
	}

	private hyperbolic(x: bigint): [bigint, bigint] {
		const up = this.realExp(x);
		const down = this.realExp(-x);
		return [(up - down) >> 1n, (up + down) >> 1n];
	}

	/** Returns the arctan of a real number; other numbers have no value here. */
	arctan(a: Complex): Complex {
		this.onlyReal(a);
		return this.real(this.angle({ re: this.unit, im: a.re }));
	}

	/** Returns the arcsin of a real number in [−1, 1]. */
	arcsin(a: Complex): Complex {
		this.onlyReal(a);
		const rest = this.unit - this.times(a.re, a.re);
		if (rest < -(1n << BigInt(this.bits >> 2))) {
			throw new GaveUp('unsupported', 'arcsine outside [-1, 1]');
		}
		return this.real(this.angle({ re: integerRoot((rest < 0n ? 0n : rest) << this.shift, 2), im: a.re }));
	}

	private onlyReal(a: Complex): void {
		if (!this.isReal(a)) {
			throw new GaveUp('unsupported', 'inverse trigonometric value of a complex number');
		}
	}

	/** Returns a^n for an integer n, by squaring. */
	integerPower(a: Complex, n: bigint): Complex {
		if (n < 0n) {
			return this.divide(this.integer(1n), this.integerPower(a, -n));
		}
		let result = this.integer(1n);
		let base = a;
		for (let left = n; left > 0n; left >>= 1n) {
			if (left & 1n) {
				result = this.multiply(result, base);
			}
			if (left > 1n) {
				base = this.multiply(base, base);
			}
		}
		return result;
	}

	/**
	 * Whether two numbers agree to about half the working digits, relative to the larger one; near misses differ by far
	 * more.
	 */
	close(a: Complex, b: Complex): boolean {
		const distance = this.magnitude({ re: a.re - b.re, im: a.im - b.im });
		const size = this.magnitude(a) > this.magnitude(b) ? this.magnitude(a) : this.magnitude(b);
		return distance <= (size >> BigInt(this.bits >> 1)) + (1n << BigInt(this.bits >> 2));
	}
}

function arcTangentOfInverse(n: bigint, unit: bigint): bigint {
	const square = n * n;
	let power = unit / n;
	let sum = power;
	for (let k = 3n, sign = -1n; power !== 0n; k += 2n, sign = -sign) {
		power /= square;
		sum += (sign * power) / k;
	}
	return sum;
}

function arTanhOfInverse(n: bigint, unit: bigint): bigint {
	const square = n * n;
	let power = unit / n;
	let sum = power;
	for (let k = 3n; power !== 0n; k += 2n) {
		power /= square;
		sum += power / k;
	}
	return sum;
}
