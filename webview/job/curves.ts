import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h } from '../kit/dom.ts';
import type { Point } from './protocol.ts';

interface Curve {
	readonly name: string;
	readonly of: (point: Point) => number | null;
	readonly shown: (value: number) => string;
	readonly color: string;
}

const short = (value: number): string =>
	value === 0
		? '0'
		: Math.abs(value) >= 1000 || Math.abs(value) < 0.001
			? value.toExponential(2)
			: value.toPrecision(4);
const gigabytes = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GB`;

const curves: readonly Curve[] = [
	{ name: 'Loss', of: ({ loss }) => loss, shown: short, color: '--vscode-charts-blue' },
	{ name: 'Reward', of: ({ reward }) => reward, shown: short, color: '--vscode-charts-green' },
	{ name: 'Learning rate', of: ({ lr }) => lr, shown: short, color: '--vscode-charts-yellow' },
	{
		name: 'Tokens a second',
		of: ({ tokensPerSecond }) => tokensPerSecond,
		shown: (value) => value.toFixed(0),
		color: '--vscode-charts-purple',
	},
	{ name: 'GPU memory', of: ({ gpuMemory }) => gpuMemory, shown: gigabytes, color: '--vscode-charts-red' },
];

const probe = document.body.appendChild(h('span', { class: 'probe', 'aria-hidden': 'true' }));

/**
 * A canvas knows no CSS variables: colours are resolved when it is drawn, and it is drawn anew when the theme changes.
 */
function colorOf(color: string): string {
	probe.style.color = color;
	return getComputedStyle(probe).color;
}

/** The curves of a job, one figure for each quantity its trainer tells of; redrawn in place while it goes on. */
export class Curves {
	readonly element = h('div', { class: 'curves' });
	private plots: {
		readonly curve: Curve;
		readonly plot: uPlot;
		readonly figure: HTMLElement;
		readonly latest: HTMLElement;
	}[] = [];
	private points: readonly Point[] = [];

	constructor() {
		new MutationObserver(() => this.draw()).observe(document.body, {
			attributes: true,
			attributeFilter: ['class'],
		});
		new ResizeObserver(() =>
			this.plots.forEach(({ plot, figure }) => plot.setSize({ width: figure.clientWidth, height: plot.height })),
		).observe(this.element);
	}

	update(points: readonly Point[]): void {
		this.points = points;
		const wanted = curves.filter((curve) => points.some((point) => curve.of(point) !== null));
		if (wanted.length !== this.plots.length || wanted.some((curve, at) => this.plots[at]?.curve !== curve)) {
			this.draw();
			return;
		}
		for (const { curve, plot, figure, latest } of this.plots) {
			plot.setData(this.dataOf(curve));
			this.say(curve, figure, latest);
		}
	}

	private dataOf(curve: Curve): uPlot.AlignedData {
		return [this.points.map(({ step }) => step), this.points.map((point) => curve.of(point))];
	}

	/** The same in words: a screen reader sees no canvas. */
	private say(curve: Curve, figure: HTMLElement, latest: HTMLElement): void {
		const values = this.points.map((point) => curve.of(point)).filter((value) => value !== null);
		const [first, last] = [values[0], values.at(-1)];
		latest.textContent = last === undefined ? '' : curve.shown(last);
		figure.setAttribute(
			'aria-label',
			last === undefined || first === undefined
				? curve.name
				: `${curve.name}: ${curve.shown(first)} at the first of ${values.length} steps shown, ` +
						`${curve.shown(last)} at the last`,
		);
	}

	private draw(): void {
		this.plots.forEach(({ plot }) => plot.destroy());
		this.element.replaceChildren();
		this.plots = [];
		// Lines of a high-contrast theme are as loud as its curves: grids are a shade of the text.
		const [text, line] = [
			colorOf('var(--vscode-foreground)'),
			colorOf('color-mix(in srgb, var(--vscode-foreground) 14%, transparent)'),
		];
		const figures = curves
			.filter((one) => this.points.some((point) => one.of(point) !== null))
			.map((curve) => ({
				curve,
				latest: h('span', { class: 'latest' }),
				figure: h('div', { class: 'figure', role: 'img' }),
			}));
		// All of them first: how wide each is depends on how many there are.
		this.element.append(
			...figures.map(({ curve, latest, figure }) =>
				h('section', { class: 'curve' }, h('h2', {}, curve.name, ' ', latest), figure),
			),
		);
		for (const { curve, latest, figure } of figures) {
			const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
			const plot = new uPlot(
				{
					width: Math.max(200, figure.clientWidth),
					height: 180,
					legend: { show: false },
					cursor: { y: false },
					scales: { x: { time: false } },
					axes: [
						axis,
						{ ...axis, size: 70, values: (_plot, values) => values.map((value) => curve.shown(value)) },
					],
					series: [
						{ label: 'Step' },
						{ label: curve.name, stroke: colorOf(`var(${curve.color})`), width: 1.5, spanGaps: true },
					],
					hooks: {
						setCursor: [
							({ cursor }) => {
								const point = typeof cursor.idx === 'number' ? this.points[cursor.idx] : undefined;
								const value = point && curve.of(point);
								const last = this.points.at(-1);
								latest.textContent =
									point && value !== null && value !== undefined
										? `${curve.shown(value)} at step ${point.step}`
										: last && curve.of(last) !== null
											? curve.shown(curve.of(last) ?? 0)
											: '';
							},
						],
					},
				},
				this.dataOf(curve),
				figure,
			);
			this.plots.push({ curve, plot, figure, latest });
			this.say(curve, figure, latest);
		}
	}
}
