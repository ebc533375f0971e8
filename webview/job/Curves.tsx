import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Point } from './protocol.ts';

interface Curve {
	readonly name: string;
	readonly of: (point: Point) => number | null;
	readonly format: (value: number) => string;
	/** A CSS variable of the theme. */
	readonly color: string;
}

const curves: readonly Curve[] = [
	{ name: 'Loss', of: ({ loss }) => loss, format: formatShort, color: '--vscode-charts-blue' },
	{ name: 'Reward', of: ({ reward }) => reward, format: formatShort, color: '--vscode-charts-green' },
	{ name: 'Learning rate', of: ({ lr }) => lr, format: formatShort, color: '--vscode-charts-yellow' },
	{
		name: 'Tokens per second',
		of: ({ tokensPerSecond }) => tokensPerSecond,
		format: (value) => value.toFixed(0),
		color: '--vscode-charts-purple',
	},
	{
		name: 'GPU memory',
		of: ({ gpuMemory }) => gpuMemory,
		format: (bytes) => `${(bytes / 2 ** 30).toFixed(1)} GB`,
		color: '--vscode-charts-red',
	},
];

function formatShort(value: number): string {
	if (value === 0) {
		return '0';
	}
	return Math.abs(value) >= 1000 || Math.abs(value) < 0.001 ? value.toExponential(2) : value.toPrecision(4);
}

/** The curves of a job, with one figure for each quantity that its trainer reports. */
export function Curves({ points }: { readonly points: readonly Point[] }): JSX.Element {
	const shown = curves.filter((curve) => points.some((point) => curve.of(point) !== null));
	const theme = useThemeVersion();
	return (
		<div class="curves">
			{shown.map((curve) => (
				// A figure's width depends on the number of figures, so when that number changes the figures are
				// rendered anew.
				<Figure key={`${curve.name} ${theme} ${shown.length}`} curve={curve} points={points} />
			))}
		</div>
	);
}

/**
 * Returns a number that changes with the theme: a canvas does not resolve CSS variables, so the curves must be redrawn
 * then.
 */
function useThemeVersion(): number {
	const [version, setVersion] = useState(0);
	useEffect(() => {
		const observer = new MutationObserver(() => setVersion((before) => before + 1));
		observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
		return () => observer.disconnect();
	}, []);
	return version;
}

/**
 * One curve, redrawn in place while the job runs, with a description in words because a screen reader cannot see a
 * canvas.
 */
function Figure({ curve, points }: { readonly curve: Curve; readonly points: readonly Point[] }): JSX.Element {
	const figure = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot | null>(null);
	const [pointed, setPointed] = useState<number | null>(null);
	useLayoutEffect(() => {
		const element = figure.current;
		if (!element) {
			return undefined;
		}
		const drawn = new uPlot(optionsOf(curve, element, setPointed), dataOf(curve, points), element);
		plot.current = drawn;
		const size = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: drawn.height }));
		size.observe(element);
		return () => {
			size.disconnect();
			drawn.destroy();
			plot.current = null;
		};
	}, []);
	useLayoutEffect(() => plot.current?.setData(dataOf(curve, points)), [points]);
	return (
		<section class="curve">
			<h2>
				{curve.name} <span class="latest">{latestOf(curve, points, pointed)}</span>
			</h2>
			<div ref={figure} class="figure" role="img" aria-label={describe(curve, points)} />
		</section>
	);
}

function dataOf(curve: Curve, points: readonly Point[]): uPlot.AlignedData {
	return [points.map(({ step }) => step), points.map((point) => curve.of(point))];
}

/** Returns the value under the pointer, else the latest one. */
function latestOf(curve: Curve, points: readonly Point[], pointed: number | null): string {
	const point = pointed === null ? undefined : points[pointed];
	const value = point ? curve.of(point) : null;
	if (point && value !== null) {
		return `${curve.format(value)} at step ${point.step}`;
	}
	const last = points.map((one) => curve.of(one)).findLast((one) => one !== null);
	return last === undefined || last === null ? '' : curve.format(last);
}

function describe(curve: Curve, points: readonly Point[]): string {
	const values = points.map((point) => curve.of(point)).filter((value) => value !== null);
	const [first, last] = [values[0], values.at(-1)];
	return first === undefined || last === undefined
		? curve.name
		: `${curve.name}: ${curve.format(first)} at the first of ${values.length} steps shown, ` +
				`${curve.format(last)} at the last`;
}

function optionsOf(curve: Curve, figure: HTMLElement, onPoint: (index: number | null) => void): uPlot.Options {
	// In a high-contrast theme, lines are as bright as the curves, so the grid is drawn in a shade of the text colour.
	const text = resolveColor(figure, 'var(--vscode-foreground)');
	const line = resolveColor(figure, 'color-mix(in srgb, var(--vscode-foreground) 14%, transparent)');
	const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
	return {
		width: Math.max(200, figure.clientWidth),
		height: 180,
		legend: { show: false },
		cursor: { y: false },
		scales: { x: { time: false } },
		axes: [axis, { ...axis, size: 70, values: (_plot, values) => values.map((value) => curve.format(value)) }],
		series: [
			{ label: 'Step' },
			{
				label: curve.name,
				stroke: resolveColor(figure, `var(${curve.color})`),
				width: 1.5,
				spanGaps: true,
			},
		],
		hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
	};
}

/** Resolves a CSS colour in the current theme. */
function resolveColor(parent: HTMLElement, color: string): string {
	const probe = parent.appendChild(document.createElement('span'));
	probe.style.color = color;
	const resolved = getComputedStyle(probe).color;
	probe.remove();
	return resolved;
}
