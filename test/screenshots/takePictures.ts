import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Workbench } from '../e2e/workbench.ts';
import type { Scene } from './scene.ts';

/** The names of VS Code's own themes, and the workbench's class under each theme. */
const themes = {
	dark: ['Dark Modern', 'vs-dark'],
	light: ['Light Modern', 'vs'],
	contrast: ['Default High Contrast', 'hc-black'],
} as const;
export type Theme = keyof typeof themes;

/** Narrow means a small window with a side bar as narrow as users make it. */
const sizes = {
	wide: { width: 1280, height: 800, sideBar: 300 },
	narrow: { width: 760, height: 800, sideBar: 200 },
} as const;
export type Size = keyof typeof sizes;

export interface PictureOptions {
	readonly out: string;
	readonly themes: readonly Theme[];
	readonly sizes: readonly Size[];
	/** Called with each file that was written. */
	readonly wrote: (file: string) => void;
}

/** Opens a scene once and takes each of its screenshots as `NAME.SIZE.THEME.png`. */
export async function takePictures(scene: Scene, options: PictureOptions): Promise<void> {
	mkdirSync(options.out, { recursive: true });
	const bench = await Workbench.open({
		...scene.workbench,
		settings: { ...scene.workbench.settings, 'workbench.colorTheme': themes[options.themes[0] ?? 'dark'][0] },
	});
	try {
		await scene.shoot(bench, async (name) => {
			for (const size of options.sizes) {
				await resize(bench, size);
				for (const theme of options.themes) {
					await inTheme(bench, theme);
					const file = path.join(options.out, `${name}.${size}.${theme}.png`);
					await bench.page.screenshot({ path: file });
					options.wrote(file);
				}
			}
			await resize(bench, 'wide');
		});
	} finally {
		await bench.close();
	}
}

async function inTheme(bench: Workbench, theme: Theme): Promise<void> {
	const [name, className] = themes[theme];
	const there = bench.page.locator(`.monaco-workbench.${className}`);
	if ((await there.count()) === 0) {
		await bench.palette('Preferences: Color Theme');
		await bench.pick('Color Theme', name);
		await there.waitFor();
	}
	// The pages of panels receive the change a moment later, and redraw.
	await bench.page.waitForTimeout(600);
}

/** Sets the width of the window and of its side bar, dragging the bar's edge as a user would. */
async function resize({ page }: Workbench, size: Size): Promise<void> {
	const { width, height, sideBar } = sizes[size];
	await page.setViewportSize({ width, height });
	await page.waitForTimeout(300);
	const box = await page.locator('.part.sidebar').boundingBox();
	if (box && box.width > 0) {
		const edge = box.x + box.width;
		await page.mouse.move(edge, height / 2);
		await page.mouse.down();
		await page.mouse.move(edge + sideBar - box.width, height / 2, { steps: 4 });
		await page.mouse.up();
		await page.mouse.move(width / 2, height - 4);
	}
	await page.waitForTimeout(300);
}
