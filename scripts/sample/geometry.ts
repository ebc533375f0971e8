import { maker } from './hand.ts';
import { frac, gcd, inBrackets, linear, range, sqrt, times } from './latex.ts';

const subject = 'geometry';
const PYTH = 'pythagorean_theorem';
const AREA = 'area_of_polygons';
const CIRC = 'circle_measurements';
const SIM = 'similar_figures';
const COORD = 'coordinate_geometry';
const ANG = 'angle_relationships';
const VOL = 'volume_and_surface_area';

const triples = [
	[3, 4, 5],
	[5, 12, 13],
	[8, 15, 17],
	[7, 24, 25],
	[20, 21, 29],
	[9, 40, 41],
] as const;

export const geometry = [
	maker({
		name: 'rightTriangleLeg',
		subject,
		skills: [PYTH],
		level: 1,
		make: (r) => {
			const [a, b, c] = r.of(triples.slice(0, 4));
			const k = r.int(1, 5);
			return { a: a * k, b: b * k, c: c * k };
		},
		ask: [
			(p) =>
				`A ladder of length $${p.c}$ feet leans against a vertical wall with its foot $${p.a}$ ` +
				'feet from the wall. How many feet up the wall does it reach?',
			(p) =>
				`In right triangle $ABC$ with right angle at $C$ we have $AB = ${p.c}$ and $BC = ${p.a}$. Find $AC$.`,
			(p) =>
				`A rectangle has a diagonal of $${p.c}$ and one side of length $${p.a}$. What is the ` +
				'length of the other side?',
		],
		idea: [
			() => 'In a right triangle the squares of the legs add up to the square of the hypotenuse.',
			(p) => `The hypotenuse is $${p.c}$, so the other leg follows from the two squares.`,
		],
		work: (p, hand) => {
			const square = hand.pick(
				p.c ** 2 - p.a ** 2,
				[p.c ** 2 + p.a ** 2, PYTH, `$${p.c}$ is the hypotenuse, so the squares are subtracted`],
				[(p.c - p.a) ** 2, PYTH, `the difference of squares is not the square of the difference`],
			);
			hand.step(
				`The square of the unknown length is $${square}$, from $${p.c}^2 = ${p.c ** 2}$ and ` +
					`$${p.a}^2 = ${p.a ** 2}$.`,
				`With $${p.c ** 2}$ and $${p.a ** 2}$ as the squares, $x^2 = ${square}$.`,
			);
			const x = hand.pick(sqrt(square), [
				frac(square, 2),
				PYTH,
				`the square root of ${square} is needed, not its half`,
			]);
			hand.step(`So the length is $${x}$.`, `Taking the root, we get $x = ${x}$.`);
			return x;
		},
		truth: (p) => String(range(1, 300).find((x) => x * x + p.a * p.a === p.c * p.c)),
	}),
	maker({
		name: 'isoscelesArea',
		subject,
		skills: [AREA, PYTH],
		level: 3,
		make: (r) => {
			const [a, b, c] = r.of(triples);
			const k = r.int(1, 3);
			const [half, h] = r.chance(0.5) ? [a * k, b * k] : [b * k, a * k];
			return { side: c * k, base: 2 * half, h };
		},
		ask: [
			(p) =>
				`An isosceles triangle has two sides of length $${p.side}$ and a base of length ` +
				`$${p.base}$. What is its area?`,
			(p) => `Find the area of a triangle with sides $${p.side}$, $${p.side}$ and $${p.base}$.`,
		],
		idea: [
			() => 'The height onto the base cuts the triangle into two right triangles.',
			() => 'We drop the altitude to the base.',
		],
		work: (p, hand) => {
			const half = hand.pick(p.base / 2, [
				p.base,
				PYTH,
				`the altitude meets the base in its midpoint, so the leg is $${p.base / 2}$ and not the whole base`,
			]);
			const square = p.side ** 2 - half ** 2;
			const height = square > 0 ? sqrt(square) : sqrt(-square);
			hand.step(
				`The height satisfies $h^2 = ${p.side}^2 - ${half}^2$, so $h = ${height}$.`,
				`In the right triangle with legs $h$ and $${half}$, the height is $${height}$.`,
			);
			const twice = hand.pick(false, [true, AREA, 'the area of a triangle is half of base times height']);
			const value = (n: string, k: number): string =>
				/^\d+$/.test(n)
					? frac(Number(n) * p.base, k)
					: (() => {
							const [, a = '', b = ''] = /^(\d*)(\\sqrt\{\d+\})$/.exec(n) ?? [];
							return `${frac((a === '' ? 1 : Number(a)) * p.base, k)}${b}`;
						})();
			const area = value(height, twice ? 1 : 2);
			hand.step(
				`The area is $${twice ? '' : '\\frac{1}{2} \\cdot '}${p.base} \\cdot ${height} = ${area}$.`,
				`Therefore the area equals $${area}$, using base $${p.base}$ and height $${height}$.`,
			);
			return area;
		},
		// Heron's formula, as an independent method.
		truth: (p) => {
			const s = p.side + p.base / 2;
			return sqrt(s * (s - p.side) * (s - p.side) * (s - p.base));
		},
	}),
	maker({
		name: 'trapezoid',
		subject,
		skills: [AREA],
		level: 2,
		make: (r) => ({ a: r.int(4, 12), b: r.int(13, 24), h: r.int(3, 14) }),
		ask: [
			(p) =>
				`A trapezoid has parallel sides of length $${p.a}$ and $${p.b}$ and a height of $${p.h}$. ` +
				'What is its area?',
			(p) =>
				`The bases of a trapezoid measure $${p.a}$ cm and $${p.b}$ cm, and they are $${p.h}$ cm ` +
				'apart. How many square centimeters is the area?',
		],
		idea: [() => 'The area is the mean of the bases times the height.', () => 'We average the two parallel sides.'],
		work: (p, hand) => {
			const bases = hand.pick(
				p.a + p.b,
				[p.b, AREA, `both parallel sides count; $${p.a}$ was left out`],
				[p.a * p.b, AREA, 'the parallel sides are added, not multiplied'],
			);
			hand.step(`The parallel sides together measure $${bases}$.`, `For the parallel sides we have $${bases}$.`);
			const d = hand.pick(2, [1, AREA, 'the sum of the parallel sides has to be halved']);
			hand.step(
				'So the area is ' +
					`$${d === 2 ? `\\frac{${bases} \\cdot ${p.h}}{2}` : `${bases} \\cdot ${p.h}`} = ` +
					`${frac(bases * p.h, d)}$.`,
				`With height $${p.h}$ the area becomes $${frac(bases * p.h, d)}$.`,
			);
			return frac(bases * p.h, d);
		},
		truth: (p) => frac(2 * p.a * p.h + (p.b - p.a) * p.h, 2),
	}),
	maker({
		name: 'sector',
		subject,
		skills: [CIRC],
		level: 3,
		make: (r) => ({
			r: r.of([3, 4, 6, 8, 9, 10, 12, 15]),
			angle: r.of([30, 40, 45, 60, 72, 80, 90, 120, 135, 150]),
		}),
		ask: [
			(p) =>
				`What is the area of a sector with central angle $${p.angle}^\\circ$ in a circle of radius ` +
				`$${p.r}$? Express your answer in terms of $\\pi$.`,
			(p) =>
				`A circle has radius $${p.r}$. Find the area, in terms of $\\pi$, of a slice of it with an ` +
				`angle of $${p.angle}$ degrees at the center.`,
		],
		idea: [
			() => 'A sector is a fraction of the whole disc.',
			() => `The angle is a part of $360^\\circ$, and the area is the same part of the circle's area.`,
		],
		work: (p, hand) => {
			const whole = hand.pick(
				p.r ** 2,
				[
					2 * p.r,
					CIRC,
					`$2\\pi r$ is the circumference; the area of the circle is $\\pi r^2 = ${p.r ** 2}\\pi$`,
				],
				[p.r, CIRC, 'the radius has to be squared'],
			);
			hand.step(`The whole circle has $${whole}\\pi$.`, `For the full circle the value is $${whole}\\pi$.`);
			const full = hand.pick(360, [180, CIRC, 'a full turn has 360 degrees']);
			hand.step(
				`The sector is the fraction $\\frac{${p.angle}}{${full}} = ${frac(p.angle, full)}$ of it.`,
				`We take $${frac(p.angle, full)}$ of that, since the angle is ${p.angle} out of ${full} degrees.`,
			);
			const area = pi(whole * p.angle, full);
			hand.step(`This gives $${area}$.`, `So the area of the sector is $${area}$.`);
			return area;
		},
		truth: (p) => pi(p.r * p.r * p.angle, 360),
	}),
	maker({
		name: 'annulus',
		subject,
		skills: [CIRC],
		level: 2,
		make: (r) => {
			const small = r.int(2, 9);
			return { small, big: small + r.int(1, 7), diameter: r.chance(0.4) };
		},
		ask: [
			(p) =>
				p.diameter
					? `Two concentric circles have diameters $${2 * p.small}$ and $${2 * p.big}$. What is ` +
						`the area of the region between them, in terms of $\\pi$?`
					: `Two concentric circles have radii $${p.small}$ and $${p.big}$. What is the area of ` +
						`the ring between them, in terms of $\\pi$?`,
			(p) =>
				p.diameter
					? `A circular pond with a diameter of $${2 * p.small}$ meters is surrounded by a path; ` +
						`the outer edge of the path is a circle with diameter $${2 * p.big}$ meters and the ` +
						`same center. How many square meters is the path? Answer in terms of $\\pi$.`
					: `A round pond of radius $${p.small}$ meters has a path of width $${p.big - p.small}$ ` +
						`meters around it. What is the area of the path in square meters, in terms of $\\pi$?`,
		],
		idea: [
			() => 'We subtract the smaller disc from the larger one.',
			() => 'The ring is the difference of two circles.',
		],
		work: (p, hand) => {
			const [R, r] = p.diameter
				? (hand.pick(
						[p.big, p.small],
						[[2 * p.big, 2 * p.small], CIRC, 'the given lengths are diameters; the radii are half of them'],
					) as [number, number])
				: (hand.pick(
						[p.big, p.small],
						[[p.big, p.big - p.small], CIRC, `the inner circle has radius ${p.small}`],
					) as [number, number]);
			hand.step(`The radii are $${R}$ and $${r}$.`, `We work with the radii $${R}$ and $${r}$.`);
			const area = hand.pick(
				R * R - r * r,
				[
					(R - r) ** 2,
					CIRC,
					`$${R}^2 - ${r}^2$ is not $(${R}-${r})^2$: each radius is squared before subtracting`,
				],
				[2 * (R - r), CIRC, 'this is a difference of circumferences, not of areas'],
			);
			hand.step(
				`The area is $${times(area, '\\pi')}$.`,
				`Subtracting the discs we obtain $${times(area, '\\pi')}$.`,
			);
			return times(area, '\\pi');
		},
		truth: (p) => times((p.big + p.small) * (p.big - p.small), '\\pi'),
	}),
	maker({
		name: 'similarTriangles',
		subject,
		skills: [SIM],
		level: 2,
		make: (r) => {
			const [a, b, k] = [r.int(4, 12), r.int(3, 15), r.int(2, 5)];
			return { a, b, n: k, d: r.of([1, 2, 3].filter((d) => d < k)) };
		},
		ask: [
			(p) =>
				`Triangles $ABC$ and $DEF$ are similar, with $AB = ${p.a * p.d}$, $BC = ${p.b * p.d}$ and ` +
				`$DE = ${p.a * p.n}$. What is $EF$?`,
			(p) =>
				`A post $${p.b * p.d}$ feet tall casts a shadow of $${p.a * p.d}$ feet. At the same time a ` +
				`tree casts a shadow of $${p.a * p.n}$ feet. How many feet tall is the tree?`,
		],
		idea: [
			() => 'Corresponding sides of similar triangles are in the same ratio.',
			() => 'We find the scale factor.',
		],
		work: (p, hand) => {
			const way = hand.pick(
				'ratio',
				['difference', SIM, 'similar figures have equal ratios of sides, not equal differences'],
				[
					'inverse',
					SIM,
					`the scale factor from the smaller to the larger is $${frac(p.n, p.d)}$; it was turned upside down`,
				],
			);
			if (way === 'difference') {
				hand.step(
					`The length grows by $${p.a * p.n} - ${p.a * p.d} = ${p.a * (p.n - p.d)}$.`,
					`From $${p.a * p.d}$ to $${p.a * p.n}$ it increases by $${p.a * (p.n - p.d)}$.`,
				);
				hand.step(
					`So the other one is $${p.b * p.d} + ${p.a * (p.n - p.d)} = ${p.b * p.d + p.a * (p.n - p.d)}$.`,
					`Adding the same amount we have $${p.b * p.d + p.a * (p.n - p.d)}$.`,
				);
				return String(p.b * p.d + p.a * (p.n - p.d));
			}
			const [n, d] = way === 'ratio' ? [p.n, p.d] : [p.d, p.n];
			hand.step(
				`The scale factor is $${frac(n, d)}$.`,
				`Comparing $${p.a * p.d}$ with $${p.a * p.n}$, the factor is $${frac(n, d)}$.`,
			);
			hand.step(
				`The length is $${p.b * p.d} \\cdot ${frac(n, d)} = ${frac(p.b * p.d * n, d)}$.`,
				`Multiplying $${p.b * p.d}$ by it gives $${frac(p.b * p.d * n, d)}$.`,
			);
			return frac(p.b * p.d * n, d);
		},
		truth: (p) => String(range(1, 400).find((x) => x * p.a * p.d === p.b * p.d * p.a * p.n)),
	}),
	maker({
		name: 'similarAreas',
		subject,
		skills: [SIM, AREA],
		level: 4,
		make: (r) => {
			const n = r.int(3, 7);
			const m = r.of(range(2, n - 1).filter((k) => gcd(k, n) === 1));
			return { m, n, k: r.int(1, 9), shape: r.of(['triangles', 'pentagons', 'rectangles', 'quadrilaterals']) };
		},
		ask: [
			(p) =>
				`Two similar ${p.shape} have corresponding sides of length $${p.m}$ and $${p.n}$. The area ` +
				`of the smaller one is $${p.k * p.m * p.m}$. What is the area of the larger one?`,
			(p) =>
				`Corresponding sides of two similar ${p.shape} are in the ratio $${p.m}:${p.n}$. If the ` +
				`smaller has area $${p.k * p.m * p.m}$, find the area of the larger.`,
		],
		idea: [
			() => 'Lengths scale with a factor and areas with its square.',
			() => 'The area scales with the square of the length.',
		],
		work: (p, hand) => {
			const [n, d] = hand.pick(
				[p.n ** 2, p.m ** 2],
				[
					[p.n, p.m],
					SIM,
					`areas scale with the square of the side ratio, $\\left(\\frac{${p.n}}{${p.m}}\\right)^2$`,
				],
				[[2 * p.n, p.m], SIM, 'the side ratio has to be squared, not doubled'],
			) as [number, number];
			hand.step(
				`The areas are in the ratio $${frac(n, d)}$.`,
				`So the larger area is $${frac(n, d)}$ of the smaller one.`,
			);
			hand.step(
				`The larger area is $${p.k * p.m * p.m} \\cdot ${frac(n, d)} = ${frac(p.k * p.m * p.m * n, d)}$.`,
				`This means $${frac(p.k * p.m * p.m * n, d)}$ for the larger figure.`,
			);
			return frac(p.k * p.m * p.m * n, d);
		},
		truth: (p) => String(p.k * p.n * p.n),
	}),
	maker({
		name: 'distance',
		subject,
		skills: [COORD, PYTH],
		level: 2,
		make: (r) => ({ x: r.int(-6, 3), y: r.int(-6, 3), dx: r.int(2, 9), dy: r.int(2, 9) }),
		ask: [
			(p) =>
				`What is the distance between the points $(${p.x}, ${p.y})$ and $(${p.x + p.dx}, ` +
				`${p.y + p.dy})$? Express your answer in simplest radical form.`,
			(p) =>
				`Find the length of the segment from $(${p.x},${p.y})$ to $(${p.x + p.dx},${p.y + p.dy})$ ` +
				'in simplest radical form.',
		],
		idea: [
			() => 'We use the differences of the coordinates as legs of a right triangle.',
			() => 'The distance formula applies.',
		],
		work: (p, hand) => {
			const dx =
				p.x < 0
					? hand.pick(p.dx, [
							Math.abs(p.x + p.dx + p.x) || 1,
							COORD,
							`$${p.x + p.dx} - (${p.x}) = ${p.dx}$: subtracting a negative coordinate adds it`,
						])
					: p.dx;
			const dy =
				p.y < 0
					? hand.pick(p.dy, [
							Math.abs(p.y + p.dy + p.y) || 1,
							COORD,
							`$${p.y + p.dy} - (${p.y}) = ${p.dy}$: subtracting a negative coordinate adds it`,
						])
					: p.dy;
			hand.step(
				`The differences are $${p.x + p.dx} - ${inBrackets(p.x)} = ${dx}$ and $${p.y + p.dy} - ` +
					`${inBrackets(p.y)} = ${dy}$.`,
				`Horizontally the points are $${dx}$ apart, vertically $${dy}$.`,
			);
			const square = hand.pick(
				dx * dx + dy * dy,
				[(dx + dy) ** 2, PYTH, 'the squares of the legs are added; the square of the sum is something else'],
				[2 * dx + 2 * dy, PYTH, 'squaring is not doubling'],
			);
			hand.step(`The square of the distance is $${square}$.`, `Squaring and adding, $d^2 = ${square}$.`);
			hand.step(
				`The distance is $${sqrt(square)}$.`,
				`Hence $d = \\sqrt{${square}}${sqrt(square) === `\\sqrt{${square}}` ? '' : ` = ${sqrt(square)}`}$.`,
			);
			return sqrt(square);
		},
		truth: (p) => sqrt((p.x - (p.x + p.dx)) ** 2 + (p.y - (p.y + p.dy)) ** 2),
	}),
	maker({
		name: 'lineThroughTwoPoints',
		subject,
		skills: [COORD],
		level: 3,
		make: (r) => ({ x: r.int(1, 5), m: r.of([-4, -3, -2, 2, 3, 4]), b: r.int(-9, 9), dx: r.int(2, 5) }),
		ask: [
			(p) =>
				`A line passes through $(${p.x}, ${p.m * p.x + p.b})$ and $(${p.x + p.dx}, ` +
				`${p.m * (p.x + p.dx) + p.b})$. What is the $y$-coordinate of its intersection with the ` +
				'$y$-axis?',
			(p) =>
				`Find the $y$-intercept of the line through the points $(${p.x},${p.m * p.x + p.b})$ and ` +
				`$(${p.x + p.dx},${p.m * (p.x + p.dx) + p.b})$.`,
		],
		idea: [() => 'We find the slope and go back to $x = 0$.', () => 'First the slope, then the intercept.'],
		work: (p, hand) => {
			const rise = p.m * p.dx;
			const [n, d] = hand.pick(
				[rise, p.dx],
				[
					[p.dx, rise],
					COORD,
					'the slope is the difference in $y$ over the difference in $x$, not the other way round',
				],
				[[-rise, p.dx], COORD, 'the two differences have to be taken in the same order'],
			) as [number, number];
			hand.step(`The slope is $\\frac{${n}}{${d}} = ${frac(n, d)}$.`, `For the slope we get $${frac(n, d)}$.`);
			const y = p.m * p.x + p.b;
			const sign = hand.pick(-1, [1, COORD, `going back to $x=0$ means subtracting slope times ${p.x}`]);
			const top = y * d + sign * n * p.x;
			hand.step(
				`So the intercept is $${y} ${sign < 0 ? '-' : '+'} ` +
					`${n / d < 0 ? `\\left(${frac(n, d)}\\right)` : frac(n, d)} \\cdot ${p.x} = ` +
					`${frac(top, d)}$.`,
				`With $y = ${linear(0, y)}$ at $x = ${p.x}$, the line meets the axis at $${frac(top, d)}$.`,
			);
			return frac(top, d);
		},
		truth: (p) => String(p.b),
	}),
	maker({
		name: 'anglesInRatio',
		subject,
		skills: [ANG],
		level: 2,
		make: (r) =>
			r.of(
				[
					[1, 2, 3],
					[2, 3, 4],
					[1, 2, 6],
					[2, 3, 5],
					[1, 3, 5],
					[3, 4, 5],
					[1, 4, 5],
					[2, 3, 7],
					[3, 5, 7],
					[1, 1, 4],
					[4, 5, 6],
					[2, 7, 9],
				].map(([a = 0, b = 0, c = 0]) => ({ a, b, c, how: r.of([0, 1]) })),
			),
		ask: [
			(p) =>
				`The angles of a triangle are in the ratio $${p.a}:${p.b}:${p.c}$. How many degrees is the ` +
				`${p.how === 0 ? 'largest' : 'smallest'} angle?`,
			(p) =>
				`In a triangle, the three angle measures are proportional to $${p.a}$, $${p.b}$ and ` +
				`$${p.c}$. What is the measure, in degrees, of the ${p.how === 0 ? 'largest' : 'smallest'} ` +
				'one?',
		],
		idea: [
			() => 'The angles of a triangle add up to $180^\\circ$.',
			() => 'We split the angle sum into equal parts.',
		],
		work: (p, hand) => {
			const total = hand.pick(
				180,
				[360, ANG, 'the angles of a triangle add up to 180 degrees; 360 belongs to a quadrilateral'],
				[90, ANG, 'the angles of a triangle add up to 180 degrees'],
			);
			const parts = p.a + p.b + p.c;
			hand.step(
				`Altogether there are $${parts}$ parts, and one part is $\\frac{${total}}{${parts}} = ` +
					`${frac(total, parts)}$ degrees.`,
				`With $x$ as one part, $${parts}x = ${total}$, so $x = ${frac(total, parts)}$.`,
			);
			const [want, other] = p.how === 0 ? [p.c, p.a] : [p.a, p.c];
			const k = hand.pick(want, [
				p.b === want ? other : p.b,
				ANG,
				`the ${p.how === 0 ? 'largest' : 'smallest'} angle has ${want} parts`,
			]);
			hand.step(
				`The angle asked for is $${k} \\cdot ${frac(total, parts)} = ${frac(total * k, parts)}$ degrees.`,
				`Multiplying by $${k}$, the angle is $${frac(total * k, parts)}^\\circ$.`,
			);
			return frac(total * k, parts);
		},
		truth: (p) => frac(180 * (p.how === 0 ? Math.max(p.a, p.b, p.c) : Math.min(p.a, p.b, p.c)), p.a + p.b + p.c),
	}),
	maker({
		name: 'regularPolygon',
		subject,
		skills: [ANG],
		level: 3,
		make: (r) => ({ n: r.of([5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36, 40, 45]) }),
		ask: [
			(p) => `How many degrees are in each interior angle of a regular polygon with $${p.n}$ sides?`,
			(p) => `A regular $${p.n}$-gon has what interior angle, in degrees?`,
		],
		idea: [
			() => 'The interior angles add up to $180^\\circ$ for each of the triangles it can be cut into.',
			() => 'We use the sum of the interior angles.',
		],
		work: (p, hand) => {
			const k = hand.pick(
				p.n - 2,
				[p.n, ANG, `a polygon with ${p.n} sides is cut into ${p.n - 2} triangles`],
				[p.n - 1, ANG, `a polygon with ${p.n} sides is cut into ${p.n - 2} triangles`],
			);
			hand.step(
				`The angle sum is $${k} \\cdot 180 = ${k * 180}$ degrees.`,
				`The interior angles add up to $${k * 180}^\\circ$, which is $${k}$ times $180^\\circ$.`,
			);
			hand.step(
				`Each angle is $\\frac{${k * 180}}{${p.n}} = ${frac(k * 180, p.n)}$ degrees.`,
				`Dividing by the number of angles gives $${frac(k * 180, p.n)}$.`,
			);
			return frac(k * 180, p.n);
		},
		truth: (p) => frac(180 * p.n - 360, p.n),
	}),
	maker({
		name: 'cylinder',
		subject,
		skills: [VOL, CIRC],
		level: 3,
		make: (r) => ({
			r: r.int(2, 9),
			h: r.int(3, 15),
			what: r.of(['cylinder', 'cylindrical can', 'cylindrical tank']),
			cone: r.chance(0.4),
		}),
		ask: [
			(p) =>
				`A ${p.cone ? 'right circular cone' : p.what} has a diameter of $${2 * p.r}$ ` +
				`${p.cone ? 'at its base ' : ''}and a height of $${p.cone ? 3 * p.h : p.h}$. What is its ` +
				`volume in terms of $\\pi$?`,
			(p) =>
				`Find the volume, in terms of $\\pi$, of a ${p.cone ? 'cone' : p.what} whose base has ` +
				`diameter $${2 * p.r}$ and whose height is $${p.cone ? 3 * p.h : p.h}$.`,
		],
		idea: [
			() => 'We need the area of the base and the height.',
			() => 'The base is a circle, so its radius comes first.',
		],
		work: (p, hand) => {
			const r = hand.pick(p.r, [2 * p.r, CIRC, `${2 * p.r} is the diameter; the radius is ${p.r}`]);
			const base = hand.pick(r * r, [
				2 * r,
				CIRC,
				'this is the circumference; the area of a circle is $\\pi r^2$',
			]);
			hand.step(
				`The base has area $${base}\\pi$, with radius $${r}$.`,
				`With radius $${r}$ the base measures $${base}\\pi$.`,
			);
			const h = p.cone ? 3 * p.h : p.h;
			const third = p.cone
				? hand.pick(
						3,
						[1, VOL, 'a cone has one third of the volume of the cylinder'],
						[2, VOL, 'a cone has one third, not one half, of the volume of the cylinder'],
					)
				: hand.pick(1, [3, VOL, 'the factor one third belongs to a cone, not to a cylinder']);
			const volume = pi(base * h, third);
			hand.step(
				`The volume is $${third === 1 ? '' : `\\frac{1}{${third}} \\cdot `}${base}\\pi \\cdot ${h} ` +
					`= ${volume}$.`,
				`Multiplying by the height $${h}$${third === 1 ? '' : ` and by $\\frac{1}{${third}}$`} ` +
					`gives $${volume}$.`,
			);
			return volume;
		},
		truth: (p) => `${p.r * p.r * p.h}\\pi`,
	}),
	maker({
		name: 'boxSurface',
		subject,
		skills: [VOL],
		level: 1,
		make: (r) => ({ a: r.int(2, 9), b: r.int(3, 11), c: r.int(4, 13) }),
		ask: [
			(p) => `What is the total surface area of a rectangular box measuring $${p.a}$ by $${p.b}$ by $${p.c}$?`,
			(p) =>
				`A closed rectangular box is $${p.a}$ cm wide, $${p.b}$ cm long and $${p.c}$ cm high. How ` +
				'many square centimeters is its surface?',
		],
		idea: [() => 'The six faces come in three equal pairs.', () => 'We add the areas of the faces.'],
		work: (p, hand) => {
			const faces = hand.pick(
				[p.a * p.b, p.b * p.c, p.a * p.c],
				[[p.a * p.b, p.b * p.c], VOL, `the face of $${p.a}$ by $${p.c}$ was forgotten`],
			);
			hand.step(
				`The different faces have areas $${faces.join('$, $')}$.`,
				`We find faces of $${faces.join('$ and $')}$.`,
			);
			const total = faces.reduce((a, b) => a + b, 0);
			const twice = hand.pick(2, [1, VOL, 'each face occurs twice, so the sum has to be doubled']);
			hand.step(
				`The surface is $${twice === 2 ? '2 \\cdot ' : ''}(${faces.join('+')}) = ${twice * total}$.`,
				`Adding up all sides, the surface area is $${twice * total}$.`,
			);
			return String(twice * total);
		},
		truth: (p) => String(2 * (p.a * p.b + p.b * p.c + p.c * p.a)),
	}),
	maker({
		name: 'triangleOnGrid',
		subject,
		skills: [AREA, COORD],
		level: 5,
		make: (r) => {
			const point = (): readonly [number, number] => [r.int(-6, 7), r.int(-6, 7)];
			for (;;) {
				const [a, b, c] = [point(), point(), point()];
				const twice = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
				if (Math.abs(twice) > 8 && b[1] !== a[1] && c[0] !== a[0]) {
					return { a, b, c };
				}
			}
		},
		ask: [
			(p) =>
				`Find the area of the triangle with vertices $(${p.a.join(', ')})$, $(${p.b.join(', ')})$ ` +
				`and $(${p.c.join(', ')})$.`,
			(p) =>
				'In the coordinate plane, what is the area of the triangle with corners ' +
				`$A(${p.a.join(',')})$, $B(${p.b.join(',')})$ and $C(${p.c.join(',')})$?`,
		],
		idea: [
			() => 'We take two sides as vectors and use the determinant.',
			() => 'From one vertex we look at the two sides that start there.',
		],
		work: (p, hand) => {
			const u = [p.b[0] - p.a[0], p.b[1] - p.a[1]] as const;
			const v = [p.c[0] - p.a[0], p.c[1] - p.a[1]] as const;
			const vx =
				p.a[0] === 0
					? v[0]
					: hand.pick(v[0], [
							p.c[0] + p.a[0],
							COORD,
							`$${p.c[0]} - ${inBrackets(p.a[0])} = ${v[0]}$; the sign of the coordinate was lost`,
						]);
			hand.step(
				`The sides from the first vertex are $(${u.join(', ')})$ and $(${vx}, ${v[1]})$.`,
				`Relative to the first vertex the other two lie at $(${u.join(', ')})$ and $(${vx}, ${v[1]})$.`,
			);
			const d = hand.pick(u[0] * v[1] - u[1] * vx, [
				u[0] * v[1] + u[1] * vx,
				COORD,
				'in the determinant the two products are subtracted',
			]);
			hand.step(
				`The determinant is $${u[0]} \\cdot ${inBrackets(v[1])} ` +
					`${d === u[0] * v[1] - u[1] * vx ? '-' : '+'} ${inBrackets(u[1])} \\cdot ${inBrackets(vx)} ` +
					`= ${d}$.`,
				`Multiplying crosswise gives $${u[0] * v[1]}$ and $${u[1] * vx}$, together $${d}$.`,
			);
			const half = hand.pick(2, [
				1,
				AREA,
				'the determinant is the area of the parallelogram; the triangle has half of it',
			]);
			const area = frac(Math.abs(d), half);
			hand.step(`So the area is $${area}$.`, `The triangle has area $${area}$.`);
			return area;
		},
		truth: (p) => {
			const shoelace = p.a[0] * (p.b[1] - p.c[1]) + p.b[0] * (p.c[1] - p.a[1]) + p.c[0] * (p.a[1] - p.b[1]);
			return frac(Math.abs(shoelace), 2);
		},
	}),
];

/** Returns n/d times π in LaTeX: `6\pi`, `\frac{9\pi}{4}`. */
function pi(n: number, d: number): string {
	const g = gcd(n, d);
	return d / g === 1 ? times(n / g, '\\pi') : `\\frac{${times(n / g, '\\pi')}}{${d / g}}`;
}
