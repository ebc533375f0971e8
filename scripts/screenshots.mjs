// npm run screenshots [-- scene … --themes=dark,light,contrast --sizes=wide,narrow --out=FOLDER]: takes screenshots of
// the packaged extension in a real VS Code (code-server and Chromium), one scene per file in test/screenshots/scenes/.
// They are written to out/screenshots/ as NAME.SIZE.THEME.png; those shown in the README are copied to
// media/screenshots/ by hand. STAT_VSIX names an existing vsix.
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { programOptions } from './bundle.mjs';
import { ensureBuilt, ensureChromium, root } from './setup.mjs';

process.chdir(root);
const option = (name, fallback) =>
	process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
const list = (name, known) => {
	const requested = option(name, known.join(',')).split(',');
	const strange = requested.filter((arg) => !known.includes(arg));
	if (strange.length > 0) {
		throw new Error(`--${name}: there is no ${strange.join(', ')}; there are ${known.join(', ')}`);
	}
	return requested;
};

try {
	const requested = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
	const all = readdirSync('test/screenshots/scenes')
		.filter((file) => file.endsWith('.ts'))
		.map((file) => path.basename(file, '.ts'));
	const strange = requested.filter((name) => !all.includes(name));
	if (strange.length > 0) {
		throw new Error(`there is no scene ${strange.join(', ')}; there are ${all.join(', ')}`);
	}
	const options = {
		themes: list('themes', ['dark', 'light', 'contrast']),
		sizes: list('sizes', ['wide', 'narrow']),
		out: path.resolve(option('out', 'out/screenshots')),
		wrote: (file) => console.log(path.relative(root, file)),
	};
	process.env.STAT_CHROMIUM ??= ensureChromium();
	if (process.env.STAT_VSIX === undefined) {
		ensureBuilt();
	}
	const scenes = requested.length > 0 ? requested : all;
	const outdir = 'out/test/screenshots';
	await build({
		...programOptions,
		entryPoints: [
			'test/screenshots/takePictures.ts',
			...scenes.map((name) => `test/screenshots/scenes/${name}.ts`),
		],
		outbase: 'test/screenshots',
		outdir,
	});
	const load = (name) => import(pathToFileURL(path.resolve(outdir, `${name}.js`)).href);
	const { takePictures } = await load('takePictures');
	for (const name of scenes) {
		await takePictures((await load(`scenes/${name}`)).scene, options);
	}
} catch (error) {
	console.error(error.stack);
	process.exitCode = 1;
}
