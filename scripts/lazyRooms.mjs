// extension.js holds what activation needs, studio.js what it starts. What the editor imports on first use
// (`await import('./store/openStore.ts')`) goes into rooms.js, and core, which both need, into core.js, so that a
// StatError is one class on both sides. esbuild splits ES modules only; extensions are CommonJS, so the bundles are put
// together here.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const src = path.resolve('src');
const inside = (file) => path.relative(src, file).split(path.sep).join('/');

/** Source files of the editor: startStudio.ts and the ui room. */
function editorFiles() {
	return [
		'startStudio.ts',
		...readdirSync(path.join(src, 'ui'), { recursive: true })
			.map((name) => `ui/${String(name).split(path.sep).join('/')}`)
			.filter((name) => name.endsWith('.ts')),
	];
}

/** Modules the editor imports on first use, relative to src/. */
function lazyModules() {
	const found = new Set();
	for (const file of editorFiles()) {
		for (const [, target] of readFileSync(path.join(src, file), 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g)) {
			found.add(inside(path.resolve(src, path.dirname(file), target)));
		}
	}
	return [...found].sort();
}

/** Points imports of core, and lazy ones of the editor, at the bundle that holds them. */
const bundles = {
	name: 'lazy rooms',
	setup(build) {
		build.onResolve({ filter: /^\.\/(core|rooms|studio)\.js$/ }, ({ path: bundle, namespace }) =>
			namespace === 'elsewhere' ? { path: bundle, external: true } : undefined,
		);
		build.onResolve({ filter: /^\./ }, ({ path: target, resolveDir, kind, namespace }) => {
			if (namespace === 'elsewhere') {
				return undefined;
			}
			const module = inside(path.resolve(resolveDir, target));
			if (module === 'startStudio.ts' && kind === 'dynamic-import') {
				return { path: './studio.js', external: true };
			}
			const bundle = module.startsWith('core/')
				? './core.js'
				: kind === 'dynamic-import'
					? './rooms.js'
					: undefined;
			return bundle ? { path: module, namespace: 'elsewhere', pluginData: bundle } : undefined;
		});
		build.onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path: module, pluginData }) => ({
			contents: `module.exports = require(${JSON.stringify(pluginData)})[${JSON.stringify(module)}];`,
			loader: 'js',
			resolveDir: src,
		}));
	},
};

/** A bundle of modules by name, each evaluated when it is first asked for. */
function table(modules) {
	return {
		contents:
			'module.exports = ' +
			`{\n${modules.map((module) => `get ${JSON.stringify(module)}() { return require(${JSON.stringify(`./${module}`)}); },`).join('\n')}\n};`,
		resolveDir: src,
		loader: 'js',
	};
}

/** esbuild's options for the editor's bundles. */
export function editorBundles(node) {
	const core = readdirSync(path.join(src, 'core'), { recursive: true })
		.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
		.map((name) => `core/${name}`);
	const external = ['vscode'];
	return [
		{
			...node,
			entryPoints: { extension: 'src/extension.ts', studio: 'src/startStudio.ts' },
			outdir: 'dist',
			external,
			plugins: [bundles],
		},
		{ ...node, stdin: table(lazyModules()), outfile: 'dist/rooms.js', external, plugins: [bundles] },
		{ ...node, stdin: table(core), outfile: 'dist/core.js', external },
	];
}
