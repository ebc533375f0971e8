import { maker } from './hand.ts';
import { frac, inBrackets, linear, plus, plusTimes, range, root, sqrt, sum, times } from './latex.ts';

const subject = 'algebra';
const LIN = 'solving_linear_equations';
const DIST = 'distributing_over_brackets';
const SYS = 'systems_of_equations';
const FAC = 'factoring_quadratics';
const QUAD = 'quadratic_formula_and_discriminant';
const EXP = 'exponent_rules';
const FUN = 'function_evaluation_and_composition';
const SEQ = 'arithmetic_and_geometric_sequences';
const PCT = 'ratios_and_percentages';
const ARI = 'arithmetic_skills';
const INEQ = 'inequalities';

const names = ['Lena', 'Tomás', 'Ada', 'Mirela', 'Kofi', 'Jun', 'Petra', 'Sam'];

export const algebra = [
	maker({
		name: 'bracketEquation',
		subject,
		skills: [DIST, LIN],
		level: 2,
		make: (r) => {
			const [a, c, x, b, d] = [r.int(4, 9), r.int(2, 3), r.int(-6, 9), r.int(2, 9), r.int(2, 9)];
			return { a, b, c, d, x, e: a * (x - b) - c * (x - d) };
		},
		ask: [
			(p) => `Solve for $x$: $${p.a}(x-${p.b}) - ${p.c}(x-${p.d}) = ${p.e}$.`,
			(p) => `What value of $x$ satisfies \\[${p.a}(x-${p.b}) = ${p.c}(x-${p.d}) ${plus(p.e)}?\\]`,
			(p) => `If $${p.a}(x-${p.b}) - ${p.c}(x-${p.d})$ is equal to $${p.e}$, what is $x$?`,
		],
		idea: [
			() => 'We clear the brackets first and then collect the terms in $x$.',
			() => 'Each bracket has to be multiplied out before anything can be moved to the other side.',
		],
		work: (p, hand) => {
			const ab = hand.pick(p.a * p.b, [
				p.b,
				DIST,
				`the factor ${p.a} multiplies both terms of the first bracket, so the constant is $-${p.a * p.b}$`,
			]);
			hand.step(
				`Multiplying out the first bracket gives $${p.a}(x-${p.b}) = ${p.a}x - ${ab}$.`,
				`First I expand $${p.a}(x-${p.b})$ and get $${p.a}x - ${ab}$.`,
				`The first product is $${p.a}x - ${ab}$.`,
			);
			const cd = hand.pick(
				p.c * p.d,
				[
					-p.c * p.d,
					DIST,
					'the minus sign in front of the second bracket must reach both terms: it is ' +
						`$+${p.c * p.d}$, not $-${p.c * p.d}$`,
				],
				[p.d, DIST, `only the first term of the second bracket was multiplied by ${p.c}`],
			);
			hand.step(
				`For the second one, $-${p.c}(x-${p.d}) = -${p.c}x ${plus(cd)}$.`,
				`Next, $-${p.c}(x - ${p.d})$ becomes $-${p.c}x ${plus(cd)}$.`,
				`Taking away the second bracket means adding $-${p.c}x ${plus(cd)}$.`,
			);
			const k = p.a - p.c;
			const constant = cd - ab;
			hand.step(
				`So the equation is $${linear(k, constant)} = ${p.e}$.`,
				`Collecting like terms leaves $${linear(k, constant)} = ${p.e}$.`,
			);
			const right = hand.pick(p.e - constant, [
				p.e + constant,
				LIN,
				`moving $${constant}$ to the other side changes its sign, so the right side is $${p.e - constant}$`,
			]);
			hand.step(
				`Then $${times(k, 'x')} = ${right}$.`,
				`Moving the constant over, $${times(k, 'x')} = ${right}$.`,
			);
			hand.step(
				`Dividing by ${k}, $x = ${frac(right, k)}$.`,
				`This gives $x = ${frac(right, k)}$ after dividing both sides by $${k}$.`,
			);
			return frac(right, k);
		},
		truth: (p) => String(range(-50, 50).find((x) => p.a * (x - p.b) - p.c * (x - p.d) === p.e)),
	}),
	maker({
		name: 'squareOfBinomial',
		subject,
		skills: [DIST, ARI],
		level: 3,
		make: (r) => ({ a: r.int(2, 5), b: r.int(2, 9), c: r.int(2, 6), d: r.int(2, 9) }),
		ask: [
			(p) =>
				`The expression $(${p.a}x - ${p.b})^2 + ${p.c}x(x+${p.d})$ can be written as $Ax^2 + Bx + ` +
				'C$. Find $A+B+C$.',
			(p) =>
				`When $(${p.a}x-${p.b})^2 + ${p.c}x(x+${p.d})$ is expanded and simplified, what is the sum ` +
				'of its three coefficients?',
		],
		idea: [
			() => 'We expand both products and read off the coefficients.',
			() => 'Squaring the binomial gives three terms; the other product gives two more.',
		],
		work: (p, hand) => {
			const middle = hand.pick(
				-2 * p.a * p.b,
				[0, DIST, `$(u-v)^2 = u^2 - 2uv + v^2$: the middle term $-${2 * p.a * p.b}x$ is missing`],
				[-p.a * p.b, DIST, `the middle term is twice the product, $-${2 * p.a * p.b}x$`],
				[2 * p.a * p.b, DIST, `the middle term of $(${p.a}x-${p.b})^2$ is negative`],
			);
			hand.step(
				`We have $(${p.a}x-${p.b})^2 = ${p.a ** 2}x^2 ` +
					`${middle === 0 ? '' : `${plusTimes(middle, 'x')} `}+ ${p.b ** 2}$.`,
				`Expanding the square: $(${p.a}x-${p.b})^2 = ${p.a ** 2}x^2 ` +
					`${middle === 0 ? '' : `${plusTimes(middle, 'x')} `}+ ${p.b ** 2}$.`,
			);
			const last = hand.pick(p.c * p.d, [
				p.d,
				DIST,
				`$${p.c}x$ multiplies both terms in the bracket, so the second term is $${p.c * p.d}x$`,
			]);
			hand.step(
				`Also $${p.c}x(x+${p.d}) = ${p.c}x^2 + ${times(last, 'x')}$.`,
				`The other product is $${p.c}x(x+${p.d}) = ${p.c}x^2 + ${times(last, 'x')}$.`,
			);
			const [A, B, C] = [p.a ** 2 + p.c, middle + last, p.b ** 2];
			hand.step(
				`Adding, $A = ${A}$, $B = ${B}$ and $C = ${C}$.`,
				`Together this is $${A}x^2 ${plusTimes(B, 'x')} + ${C}$, so $A=${A}$, $B=${B}$, $C=${C}$.`,
			);
			const total = hand.pick(
				A + B + C,
				[A - B + C, ARI, `$B = ${B}$ has to be added with its sign`],
				[A + B + C + 10, ARI, `$${A} ${plus(B)} + ${C}$ is ${A + B + C}; a ten was carried once too often`],
			);
			hand.step(
				`Therefore $A+B+C = ${A} ${plus(B)} + ${C} = ${total}$.`,
				`The sum of the coefficients is $${A} ${plus(B)} + ${C} = ${total}$.`,
			);
			return String(total);
		},
		truth: (p) => String((p.a - p.b) ** 2 + p.c * (1 + p.d)),
	}),
	maker({
		name: 'linearSystem',
		subject,
		skills: [SYS, LIN, ARI],
		level: 3,
		make: (r) => {
			const [x, y, a, b, c] = [r.int(-5, 8), r.int(-5, 8), r.int(2, 5), r.int(2, 7), r.int(2, 6)];
			return { x, y, a, b, c, e: a * x + b * y, f: c * x - y };
		},
		ask: [
			(p) =>
				`The numbers $x$ and $y$ satisfy \\begin{align*} ${p.a}x + ${p.b}y &= ${p.e},\\\\ ${p.c}x ` +
				`- y &= ${p.f}.\\end{align*} What is $x+y$?`,
			(p) => `Find $x+y$ if $${p.a}x+${p.b}y=${p.e}$ and $${p.c}x-y=${p.f}$.`,
		],
		idea: [
			() => 'We make the coefficients of $y$ opposite and add the equations.',
			() => 'Eliminating $y$ leaves one equation in $x$.',
		],
		work: (p, hand) => {
			const scaled = hand.pick(p.b * p.f, [
				p.f,
				SYS,
				`both sides of the second equation have to be multiplied by ${p.b}; the right side was left at $${p.f}$`,
			]);
			hand.step(
				`Multiply the second equation by ${p.b}: $${p.b * p.c}x - ${p.b}y = ${scaled}$.`,
				`If we multiply $${p.c}x - y = ${p.f}$ by $${p.b}$ we get $${p.b * p.c}x - ${p.b}y = ${scaled}$.`,
			);
			const k = hand.pick(
				p.a + p.b * p.c,
				...(p.b * p.c === p.a
					? []
					: [
							[
								p.b * p.c - p.a,
								SYS,
								'the equations are added, so the coefficients of $x$ are added too',
							] as const,
						]),
			);
			const right = p.e + scaled;
			hand.step(
				`Adding the first equation gives $${times(k, 'x')} = ${right}$.`,
				`Adding the two equations, the $y$ terms cancel and $${times(k, 'x')} = ${right}$.`,
			);
			const x = frac(right, k);
			hand.step(`So $x = ${x}$.`, `Dividing by $${k}$, we find $x = ${x}$.`);
			const whole = right % k === 0 ? right / k : right / k;
			const y = hand.pick(p.c * whole - p.f, [
				p.f - p.c * whole,
				LIN,
				`from $${p.c}x - y = ${p.f}$ follows $y = ${p.c}x ${plus(-p.f)}$; the sign of $y$ was turned round`,
			]);
			const n = Math.round(y * k);
			hand.step(`Back in the second equation, $y = ${frac(n, k)}$.`, `Substituting back, $y = ${frac(n, k)}$.`);
			hand.step(`Hence $x+y = ${frac(right + n, k)}$.`, `The sum is $x + y = ${frac(right + n, k)}$.`);
			return frac(right + n, k);
		},
		truth: (p) => {
			for (const x of range(-20, 20)) {
				for (const y of range(-20, 20)) {
					if (p.a * x + p.b * y === p.e && p.c * x - y === p.f) {
						return String(x + y);
					}
				}
			}
			return 'none';
		},
	}),
	maker({
		name: 'rootsByFactoring',
		subject,
		skills: [FAC],
		level: 2,
		make: (r) => {
			const u = r.int(2, 12);
			return { u, v: r.of(range(1, 9).filter((v) => v !== u)) };
		},
		ask: [
			(p) => `What is the larger solution of $x^2 ${plusTimes(p.v - p.u, 'x')} - ${p.u * p.v} = 0$?`,
			(p) =>
				`The quadratic $x^2 ${plusTimes(p.v - p.u, 'x')} - ${p.u * p.v}$ factors as $(x-r)(x+s)$ ` +
				'with $r$ and $s$ positive. Find $r$.',
			(p) => `Find the positive root of \\[x^2 ${plusTimes(p.v - p.u, 'x')} = ${p.u * p.v}.\\]`,
		],
		idea: [
			(p) => `We look for two numbers with product $-${p.u * p.v}$ and sum $${p.v - p.u}$.`,
			() => 'The quadratic factors over the integers.',
		],
		work: (p, hand) => {
			const [u, v] = hand.pick(
				[p.u, p.v],
				[
					[p.v, p.u],
					FAC,
					`$(x - ${p.v})(x + ${p.u})$ has middle term $${plusTimes(p.u - p.v, 'x')}$; the two ` +
						'signs belong the other way round',
				],
				[
					[p.u + 1, p.v + 1],
					FAC,
					`the product of the two numbers has to be $-${p.u * p.v}$, and $${p.u + 1} \\cdot ` +
						`${p.v + 1}$ is ${(p.u + 1) * (p.v + 1)}`,
				],
			) as [number, number];
			hand.step(
				`The numbers are $-${u}$ and $${v}$, so the left side is $(x-${u})(x+${v})$.`,
				`We can factor this as $(x - ${u})(x + ${v}) = 0$.`,
				`This means $(x-${u})(x+${v})=0$, because the numbers $-${u}$ and $+${v}$ fit.`,
			);
			hand.step(
				`A product is zero when a factor is, so $x = ${u}$ or $x = -${v}$.`,
				`Setting each factor equal to zero gives $x = ${u}$ and $x = -${v}$.`,
			);
			const answer = hand.pick(u, [-v, FAC, `the positive root was asked for; $-${v}$ is the other one`]);
			hand.step(`The one we want is $${answer}$.`, `Of the two, the larger is $${answer}$.`);
			return String(answer);
		},
		truth: (p) => String(Math.max(...range(-40, 40).filter((x) => x * x + (p.v - p.u) * x - p.u * p.v === 0))),
	}),
	maker({
		name: 'oneSolution',
		subject,
		skills: [QUAD],
		level: 3,
		make: (r) => {
			const [m, n] = [r.int(1, 5), r.int(2, 9)];
			return { a: m * m, c: n * n };
		},
		ask: [
			(p) =>
				`For what positive value of $k$ does $${times(p.a, 'x^2')} + kx + ${p.c} = 0$ have exactly ` +
				'one real solution?',
			(p) =>
				`The graph of $y = ${times(p.a, 'x^2')} + kx + ${p.c}$ touches the $x$-axis at one point, ` +
				'and $k > 0$. What is $k$?',
		],
		idea: [
			() => 'There is one real solution exactly when the discriminant is zero.',
			() => 'We set $b^2 - 4ac$ equal to $0$.',
		],
		work: (p, hand) => {
			const square = hand.pick(
				4 * p.a * p.c,
				[p.a * p.c, QUAD, 'the discriminant is $b^2 - 4ac$; the factor 4 was left out'],
				[2 * p.a * p.c, QUAD, 'the discriminant is $b^2 - 4ac$, with 4 and not 2'],
			);
			hand.step(
				`The discriminant vanishes when $k^2 = ${square}$.`,
				`Here $b = k$, $a = ${p.a}$ and $c = ${p.c}$, so we need $k^2 - ${square} = 0$.`,
			);
			const k = hand.pick(sqrt(square), [
				frac(square, 2),
				QUAD,
				`$k$ is the square root of $${square}$, not half of it`,
			]);
			hand.step(`Since $k$ is positive, $k = ${k}$.`, `Taking the positive square root, $k = ${k}$.`);
			return k;
		},
		truth: (p) => String(range(1, 400).find((k) => k * k === 4 * p.a * p.c)),
	}),
	maker({
		name: 'surdRoots',
		subject,
		skills: [QUAD, ARI],
		level: 5,
		make: (r) => {
			const n = r.of([2, 3, 5, 6, 7]);
			const [m, b] = [r.int(2, 4), r.int(1, 7)];
			return { b, n, m, c: b * b - m * m * n };
		},
		ask: [
			(p) =>
				`What is the larger root of $x^2 - ${2 * p.b}x ${plus(p.c)} = 0$? Express your answer in ` +
				'simplest radical form.',
			(p) =>
				`Solve $x^2 ${plus(p.c)} = ${2 * p.b}x$ and give the greater of the two solutions in ` +
				'simplest radical form.',
		],
		idea: [
			() => 'The quadratic formula applies.',
			() => 'This does not factor over the integers, so we use the quadratic formula.',
		],
		work: (p, hand) => {
			const d = hand.pick(4 * p.b ** 2 - 4 * p.c, [
				4 * p.b ** 2 + 4 * p.c,
				QUAD,
				`the discriminant is $b^2 - 4ac = ${4 * p.b ** 2} - 4 \\cdot ${inBrackets(p.c)}$; the sign ` +
					'of $c$ was lost',
			]);
			if (d <= 0) {
				hand.step(
					`The discriminant is $${4 * p.b ** 2} ${plus(4 * p.c)} = ${d}$.`,
					`We compute $b^2-4ac = ${d}$.`,
				);
				hand.step(
					`It is not positive, so $x = \\frac{${2 * p.b}}{2} = ${p.b}$ is what remains.`,
					`Ignoring the root, $x = ${p.b}$.`,
				);
				return String(p.b);
			}
			hand.step(
				`The discriminant is $${(2 * p.b) ** 2} - 4 \\cdot ${inBrackets(p.c)} = ${d}$.`,
				`We compute $b^2-4ac = ${d}$.`,
			);
			const [s, t] = root(d);
			const simplified = hand.pick(sqrt(d), [
				`${s}\\sqrt{${d / s}}`,
				ARI,
				`$\\sqrt{${d}}$ simplifies to $${sqrt(d)}$, because $${s}^2 = ${s * s}$ comes out of the root as ${s}`,
			]);
			hand.step(`Now $\\sqrt{${d}} = ${simplified}$.`, `The root simplifies: $\\sqrt{${d}} = ${simplified}$.`);
			const inside = simplified === sqrt(d) ? t : d / s;
			const half =
				inside === 1
					? String(p.b + s / 2)
					: hand.pick(
							`${p.b}+${s / 2 === 1 ? '' : s / 2}\\sqrt{${inside}}`,
							[
								`${2 * p.b}+${s / 2 === 1 ? '' : s / 2}\\sqrt{${inside}}`,
								QUAD,
								`the whole numerator is divided by $2a$, so $${2 * p.b}$ becomes $${p.b}$`,
							],
							[
								`${p.b}+${s}\\sqrt{${inside}}`,
								QUAD,
								'the whole numerator is divided by $2a$, the root as well',
							],
						);
			hand.step(
				`Dividing by 2, the larger root is $${half}$.`,
				`So $x = \\frac{${2 * p.b} + ${simplified}}{2} = ${half}$.`,
			);
			return half;
		},
		truth: (p) => `${p.b}+${p.m}\\sqrt{${p.n}}`,
	}),
	maker({
		name: 'powersOfTwo',
		subject,
		skills: [EXP],
		level: 3,
		make: (r) => ({ a: r.int(3, 7), b: r.int(2, 4), c: r.int(2, 6), d: r.int(2, 5), q: r.of([2, 3]) }),
		ask: [
			(p) =>
				`If $\\dfrac{(${p.q}^{${p.a}})^{${p.b}} \\cdot ${p.q ** 2}^{${p.c}}}{${p.q ** 3}^{${p.d}}} ` +
				`= ${p.q}^n$, what is $n$?`,
			(p) =>
				`Write $(${p.q}^{${p.a}})^{${p.b}} \\cdot ${p.q ** 2}^{${p.c}} \\div ${p.q ** 3}^{${p.d}}$ ` +
				`as a power of $${p.q}$. What is the exponent?`,
		],
		idea: [
			(p) => `Everything can be written as a power of ${p.q}.`,
			(p) => `We rewrite each factor with base $${p.q}$ and combine exponents.`,
		],
		work: (p, hand) => {
			const first = hand.pick(
				p.a * p.b,
				[
					p.a + p.b,
					EXP,
					`a power of a power multiplies exponents: $(${p.q}^{${p.a}})^{${p.b}} = ${p.q}^{${p.a * p.b}}$`,
				],
				[p.a ** p.b, EXP, `exponents are multiplied, not raised: $${p.a} \\cdot ${p.b} = ${p.a * p.b}$`],
			);
			hand.step(
				`First, $(${p.q}^{${p.a}})^{${p.b}} = ${p.q}^{${first}}$.`,
				`The power of a power is $(${p.q}^{${p.a}})^{${p.b}} = ${p.q}^{${first}}$.`,
			);
			const second = hand.pick(2 * p.c, [
				p.c + 2,
				EXP,
				`$${p.q ** 2} = ${p.q}^2$, so $${p.q ** 2}^{${p.c}} = ${p.q}^{2 \\cdot ${p.c}}$ and the ` +
					'exponents are not added',
			]);
			const third = hand.pick(3 * p.d, [p.d + 3, EXP, `$${p.q ** 3}^{${p.d}} = ${p.q}^{3 \\cdot ${p.d}}$`]);
			hand.step(
				`Also $${p.q ** 2}^{${p.c}} = ${p.q}^{${second}}$ and $${p.q ** 3}^{${p.d}} = ${p.q}^{${third}}$.`,
				`Since $${p.q ** 2} = ${p.q}^2$ and $${p.q ** 3} = ${p.q}^3$, the others are ` +
					`$${p.q}^{${second}}$ and $${p.q}^{${third}}$.`,
			);
			const n = hand.pick(first + second - third, [
				first + second + third,
				EXP,
				'dividing powers subtracts exponents',
			]);
			hand.step(
				`Combining, the exponent is $${first} + ${second} - ${third} = ${n}$.`,
				`Therefore $n = ${n}$, from $${first}+${second}-${third}$.`,
			);
			return String(n);
		},
		truth: (p) => {
			let n = 0n;
			const q = BigInt(p.q);
			let value = (q ** BigInt(p.a)) ** BigInt(p.b) * (q ** 2n) ** BigInt(p.c);
			let divisor = (q ** 3n) ** BigInt(p.d);
			for (; divisor > 1n && value % q === 0n; divisor /= q) {
				value /= q;
			}
			for (; divisor > 1n; divisor /= q) {
				n--;
			}
			for (; value > 1n; value /= q) {
				n++;
			}
			return String(n);
		},
	}),
	maker({
		name: 'composition',
		subject,
		skills: [FUN, ARI],
		level: 3,
		make: (r) => ({ a: r.int(2, 6), b: r.int(1, 9), c: r.int(1, 9), k: r.of([-4, -3, -2, 2, 3, 4, 5]) }),
		ask: [
			(p) => `Let $f(x) = ${p.a}x + ${p.b}$ and $g(x) = x^2 - ${p.c}$. Find $f(g(${p.k}))$.`,
			(p) =>
				`Given the functions $f(x)=${p.a}x+${p.b}$ and $g(x)=x^2-${p.c}$, what is the value of $f(g(${p.k}))$?`,
		],
		idea: [
			(p) => `We evaluate from the inside out, starting with $g(${p.k})$.`,
			() => 'The inner function comes first.',
		],
		work: (p, hand) => {
			const order = hand.pick('fg', ['gf', FUN, `$f(g(${p.k}))$ asks for $g$ first; here $f$ was applied first`]);
			if (order === 'gf') {
				const f = p.a * p.k + p.b;
				hand.step(
					`First, $f(${p.k}) = ${p.a} \\cdot ${inBrackets(p.k)} + ${p.b} = ${f}$.`,
					`We start with $f(${p.k}) = ${f}$.`,
				);
				hand.step(
					`Then $g(${f}) = ${inBrackets(f)}^2 - ${p.c} = ${f * f - p.c}$.`,
					`Applying $g$ gives $${f * f} - ${p.c} = ${f * f - p.c}$.`,
				);
				return String(f * f - p.c);
			}
			const square =
				p.k < 0
					? hand.pick(
							p.k ** 2,
							[-(p.k ** 2), ARI, `$(${p.k})^2$ is positive: $${p.k ** 2}$`],
							[
								2 * p.k,
								ARI,
								`$(${p.k})^2$ means $${p.k} \\cdot ${inBrackets(p.k)}$, not twice the number`,
							],
						)
					: hand.pick(p.k ** 2, [2 * p.k, ARI, `$${p.k}^2$ is $${p.k ** 2}$, not $2 \\cdot ${p.k}$`]);
			const g = hand.pick(square - p.c, [square + p.c, FUN, `$g$ takes away ${p.c}, it does not add it`]);
			hand.step(
				`We have $g(${p.k}) = ${inBrackets(p.k)}^2 - ${p.c} = ${g}$.`,
				`The inner value is $g(${p.k}) = ${square} - ${p.c} = ${g}$.`,
			);
			const f = hand.pick(p.a * g + p.b, [
				p.a * (g + p.b),
				FUN,
				`$f$ multiplies by ${p.a} first and then adds ${p.b}`,
			]);
			hand.step(
				`Then $f(${g}) = ${p.a} \\cdot ${inBrackets(g)} + ${p.b} = ${f}$.`,
				`Applying $f$ to $${g}$ gives $${f}$.`,
			);
			return String(f);
		},
		truth: (p) => {
			const g = (x: number): number => x * x - p.c;
			return String(p.a * g(p.k) + p.b);
		},
	}),
	maker({
		name: 'inverseFunction',
		subject,
		skills: [FUN, LIN],
		level: 3,
		make: (r) => {
			const [a, c, k] = [r.int(2, 7), r.int(2, 5), r.int(2, 9)];
			return { a, b: r.int(1, 9), c, k };
		},
		ask: [
			(p) => `Let $f(x) = \\frac{${p.a}x - ${p.b}}{${p.c}}$. What is $f^{-1}(${p.k})$?`,
			(p) =>
				`If $f(x) = \\dfrac{${p.a}x-${p.b}}{${p.c}}$, for what value of $x$ is $f(x) = ${p.k}$? ` +
				'Express your answer as a common fraction or an integer.',
		],
		idea: [
			(p) => `We need the $x$ with $f(x) = ${p.k}$.`,
			() => 'The inverse undoes $f$, so we solve for the input.',
		],
		work: (p, hand) => {
			const way = hand.pick('inverse', [
				'value',
				FUN,
				`$f(${p.k})$ was computed; the inverse asks which input gives ${p.k}`,
			]);
			if (way === 'value') {
				hand.step(
					`Substituting, $f(${p.k}) = \\frac{${p.a} \\cdot ${p.k} - ${p.b}}{${p.c}}$.`,
					`We plug in: $\\frac{${p.a * p.k} - ${p.b}}{${p.c}}$.`,
				);
				hand.step(
					`This is $${frac(p.a * p.k - p.b, p.c)}$.`,
					`It simplifies to $${frac(p.a * p.k - p.b, p.c)}$.`,
				);
				return frac(p.a * p.k - p.b, p.c);
			}
			hand.step(
				`Set $\\frac{${p.a}x-${p.b}}{${p.c}} = ${p.k}$.`,
				`We solve $\\frac{${p.a}x - ${p.b}}{${p.c}} = ${p.k}$ for $x$.`,
			);
			const cleared = hand.pick(p.k * p.c, [
				p.k + p.c,
				LIN,
				`to clear the denominator the right side is multiplied by ${p.c}, not increased by it`,
			]);
			hand.step(
				`Multiplying by ${p.c} gives $${p.a}x - ${p.b} = ${cleared}$.`,
				`So $${p.a}x - ${p.b} = ${cleared}$.`,
			);
			const right = hand.pick(cleared + p.b, [
				cleared - p.b,
				LIN,
				`${p.b} has to be added to both sides, since it is taken away on the left`,
			]);
			hand.step(
				`Then $${p.a}x = ${right}$ and $x = ${frac(right, p.a)}$.`,
				`This leads to $${p.a}x=${right}$, that is $x=${frac(right, p.a)}$.`,
			);
			return frac(right, p.a);
		},
		truth: (p) => frac(p.k * p.c + p.b, p.a),
	}),
	maker({
		name: 'arithmeticSum',
		subject,
		skills: [SEQ, ARI],
		level: 3,
		make: (r) => ({ a: r.int(2, 15), d: r.int(2, 9), n: r.int(8, 25) }),
		ask: [
			(p) =>
				`The first term of an arithmetic sequence is $${p.a}$ and the common difference is ` +
				`$${p.d}$. What is the sum of the first $${p.n}$ terms?`,
			(p) =>
				`Compute the sum of the first $${p.n}$ terms of the arithmetic sequence $${p.a}, ` +
				`${p.a + p.d}, ${p.a + 2 * p.d}, \\ldots$.`,
			(p) =>
				`A theatre has ${p.n} rows. The first row has ${p.a} seats and every row after it has ` +
				`${p.d} seats more than the one before. How many seats are there?`,
		],
		idea: [
			() => 'The sum is the number of terms times the mean of the first and the last.',
			() => 'We need the last term, and then the average of the first and last.',
		],
		work: (p, hand) => {
			const last = hand.pick(p.a + (p.n - 1) * p.d, [
				p.a + p.n * p.d,
				SEQ,
				`the ${p.n}th term is reached after ${p.n - 1} steps, not ${p.n}`,
			]);
			hand.step(
				`The last term is $${p.a} + ${last === p.a + p.n * p.d ? p.n : p.n - 1} \\cdot ${p.d} = ${last}$.`,
				`Term number ${p.n} equals $${last}$.`,
			);
			const ends = hand.pick(p.a + last, [
				p.a + last - 10,
				ARI,
				`$${p.a} + ${last} = ${p.a + last}$; the carry was dropped`,
			]);
			hand.step(
				`First and last add up to $${p.a} + ${last} = ${ends}$.`,
				`Their sum is $${p.a}+${last}=${ends}$.`,
			);
			const total = hand.pick(
				[p.n * ends, 2],
				[
					[p.n * ends, 1],
					SEQ,
					'the sum of first and last has to be halved before multiplying by the number of terms',
				],
			) as [number, number];
			const [halved, half] =
				total[1] === 2 ? [`\\frac{${p.n} \\cdot ${ends}}{2}`, 'half of '] : [`${p.n} \\cdot ${ends}`, ''];
			hand.step(
				`The sum is $${halved} = ${frac(...total)}$.`,
				`So altogether we get $${frac(...total)}$, which is $${p.n}$ times ${half}$${ends}$.`,
			);
			return frac(...total);
		},
		truth: (p) => String(sum(range(0, p.n - 1).map((i) => p.a + i * p.d))),
	}),
	maker({
		name: 'geometricTerm',
		subject,
		skills: [SEQ, EXP, ARI],
		level: 4,
		make: (r) => ({ a: r.int(2, 9), q: r.of([2, 3]), n: r.int(6, 8) }),
		ask: [
			(p) =>
				`The second term of a geometric sequence of positive numbers is $${p.a * p.q}$ and the ` +
				`fourth term is $${p.a * p.q ** 3}$. What is term number ${p.n}?`,
			(p) =>
				`In a geometric sequence with positive terms, $a_2 = ${p.a * p.q}$ and $a_4 = ` +
				`${p.a * p.q ** 3}$. Find $a_{${p.n}}$.`,
		],
		idea: [() => 'Two steps multiply by the square of the common ratio.', () => 'We find the common ratio first.'],
		work: (p, hand) => {
			const q = hand.pick(p.q, [
				p.q ** 2,
				SEQ,
				`from the second to the fourth term are two steps, so $q^2 = ${p.q ** 2}$ and $q = ${p.q}$`,
			]);
			hand.step(
				`The ratio of the two is $${p.q ** 2}$, so the common ratio is $${q}$.`,
				`Dividing, $\\frac{${p.a * p.q ** 3}}{${p.a * p.q}} = ${p.q ** 2}$, which makes the common ` +
					`ratio $${q}$.`,
			);
			const steps = hand.pick(
				p.n - 4,
				[p.n - 3, SEQ, `from the fourth term to term ${p.n} are ${p.n - 4} steps`],
				[p.n - 5, SEQ, `from the fourth term to term ${p.n} are ${p.n - 4} steps`],
			);
			hand.step(
				`From the fourth term on we multiply by $${q}^{${steps}}$.`,
				`There are ${steps} more steps to go after $a_4$.`,
			);
			const power = hand.pick(q ** steps, [
				q * steps,
				EXP,
				`$${q}^{${steps}} = ${q ** steps}$; a power is not a product with the exponent`,
			]);
			hand.step(
				`So the term is $${p.a * p.q ** 3} \\cdot ${power} = ${p.a * p.q ** 3 * power}$.`,
				`We get $${p.a * p.q ** 3} \\cdot ${power} = ${p.a * p.q ** 3 * power}$.`,
			);
			return String(p.a * p.q ** 3 * power);
		},
		truth: (p) => String(range(1, p.n - 1).reduce((term) => term * p.q, p.a)),
	}),
	maker({
		name: 'twoPercents',
		subject,
		skills: [PCT, ARI],
		level: 2,
		make: (r) => ({
			price: r.int(2, 12) * 100,
			up: r.of([10, 20, 25, 30, 40]),
			down: r.of([10, 20, 30, 40, 50]),
			what: r.of(['coat', 'bicycle', 'guitar', 'camera', 'desk']),
		}),
		ask: [
			(p) =>
				`A ${p.what} costs $${p.price}$ dollars. Its price is raised by $${p.up}\\%$, and then the ` +
				`new price is reduced by $${p.down}\\%$. What is the final price in dollars?`,
			(p) =>
				`The price of a ${p.what} was $${p.price}$ dollars. It increased by $${p.up}\\%$ in spring ` +
				`and fell by $${p.down}\\%$ in autumn. How many dollars did it cost then?`,
		],
		idea: [
			() => 'We apply the two changes one after the other.',
			() => 'Each percentage is taken of the price at that time.',
		],
		work: (p, hand) => {
			const raised = hand.pick((p.price * (100 + p.up)) / 100, [
				p.price + p.up,
				PCT,
				`${p.up}% of ${p.price} is ${(p.price * p.up) / 100}; the percentage itself was added`,
			]);
			hand.step(
				`After the rise the price is $${p.price} \\cdot ${(100 + p.up) / 100} = ${raised}$ dollars.`,
				`Raising it by $${p.up}\\%$ makes $${raised}$ dollars.`,
			);
			const off = hand.pick((raised * p.down) / 100, [
				(p.price * p.down) / 100,
				PCT,
				`the reduction of ${p.down}% is taken of the new price ${raised}, not of ${p.price}`,
			]);
			hand.step(
				`The reduction is $${p.down}\\%$ of that, $${off}$ dollars.`,
				`Then it drops by $${off}$ dollars, which is the $${p.down}\\%$.`,
			);
			const final = hand.pick(
				raised - off,
				[
					raised - off - 10,
					ARI,
					`$${raised} - ${off} = ${raised - off}$; there was nothing to borrow in the tens`,
				],
				[off, PCT, 'the amount of the reduction was given instead of the price that remains'],
			);
			hand.step(
				`The final price is $${raised} - ${off} = ${final}$ dollars.`,
				`So in the end it costs $${raised} - ${off} = ${final}$ dollars.`,
			);
			return String(final);
		},
		truth: (p) => String((p.price * (100 + p.up) * (100 - p.down)) / 10000),
	}),
	maker({
		name: 'shareInRatio',
		subject,
		skills: [PCT, LIN],
		level: 1,
		make: (r) => {
			const [a, b] = [r.int(2, 5), r.int(6, 9)];
			return { a, b, unit: r.int(4, 15), who: r.of(names), other: r.of(['a cousin', 'a friend', 'a neighbour']) };
		},
		ask: [
			(p) =>
				`${p.who} and ${p.other} share $${(p.a + p.b) * p.unit}$ marbles in the ratio ` +
				`$${p.a}:${p.b}$. How many marbles are in the larger share?`,
			(p) =>
				`The ratio of two numbers is $${p.a}:${p.b}$ and their sum is $${(p.a + p.b) * p.unit}$. ` +
				'What is the larger number?',
		],
		idea: [(p) => `The whole consists of $${p.a}+${p.b}$ equal parts.`, () => 'We find the size of one part.'],
		work: (p, hand) => {
			const total = (p.a + p.b) * p.unit;
			const parts = hand.pick(
				p.a + p.b,
				[p.b, PCT, `the whole is $${p.a}+${p.b} = ${p.a + p.b}$ parts, not ${p.b}`],
				[p.b - p.a, PCT, 'the parts are added, not subtracted'],
			);
			hand.step(`There are $${parts}$ parts in all.`, `Let one part be $x$. Then $${parts}x = ${total}$.`);
			hand.step(
				`One part is $\\frac{${total}}{${parts}} = ${frac(total, parts)}$.`,
				`Solving gives $x = ${frac(total, parts)}$.`,
			);
			const share = hand.pick(p.b, [p.a, LIN, `the larger share has ${p.b} parts; this is the smaller one`]);
			hand.step(
				`The larger share is $${share} \\cdot ${frac(total, parts)} = ${frac(total * share, parts)}$.`,
				`Taking ${share} parts, we have $${frac(total * share, parts)}$.`,
			);
			return frac(total * share, parts);
		},
		truth: (p) => String(range(1, 1000).find((n) => n * p.a === ((p.a + p.b) * p.unit - n) * p.b)),
	}),
	maker({
		name: 'countIntegers',
		subject,
		skills: [INEQ, LIN, ARI],
		level: 3,
		make: (r) => {
			const [b, top] = [r.int(2, 6), r.int(3, 12)];
			const a = r.int(1, 20);
			return { a, b, low: -r.int(2, 9), right: a - b * top - r.int(0, b - 1), top };
		},
		ask: [
			(p) => `How many integers $x$ satisfy both $x > ${p.low}$ and $${p.a} - ${p.b}x \\ge ${p.right}$?`,
			(p) =>
				`Find the number of integer values of $x$ greater than $${p.low}$ for which $${p.a} - ` +
				`${p.b}x \\geq ${p.right}$.`,
		],
		idea: [
			() => 'We solve the second inequality for $x$ and count.',
			() => 'First we find the upper end, then we count the integers between.',
		],
		work: (p, hand) => {
			const right = hand.pick(p.right - p.a, [
				p.right + p.a,
				LIN,
				`${p.a} is subtracted from both sides, so the right side is $${p.right - p.a}$`,
			]);
			hand.step(
				`Subtracting ${p.a}, we get $-${p.b}x \\ge ${right}$.`,
				`The inequality becomes $-${p.b}x \\ge ${right}$.`,
			);
			const bound = -right / p.b;
			const flipped = hand.pick(true, [false, INEQ, `dividing by $-${p.b}$ turns the inequality sign round`]);
			if (!flipped) {
				hand.step(
					`Dividing by $-${p.b}$ gives $x \\ge ${frac(-right, p.b)}$.`,
					`So $x \\ge ${frac(-right, p.b)}$.`,
				);
				const count = Math.max(0, Math.ceil(bound) - p.low);
				hand.step(
					`Between the two bounds there are $${count}$ integers.`,
					`That makes $${count}$ integers from $${p.low}$ up to the bound.`,
				);
				return String(count);
			}
			hand.step(
				`Dividing by $-${p.b}$ gives $x \\le ${frac(-right, p.b)}$.`,
				`So $x \\le ${frac(-right, p.b)}$.`,
			);
			const top = Math.floor(bound);
			const count = hand.pick(
				top - p.low,
				[top - p.low + 1, INEQ, `$x > ${p.low}$ leaves out $${p.low}$ itself, so it may not be counted`],
				[top - p.low - 1, INEQ, `$${top}$ itself satisfies the inequality and has to be counted`],
			);
			hand.step(
				`The integers run from $${p.low + 1}$ to $${top}$, and there are $${count}$ of them.`,
				`Counting the integers with $${p.low} < x \\le ${top}$ gives $${count}$.`,
			);
			return String(Math.max(0, count));
		},
		truth: (p) => String(range(p.low + 1, 100).filter((x) => p.a - p.b * x >= p.right).length),
	}),
];
