import { build } from 'esbuild';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as zlib from 'node:zlib';
import type { Beat } from './history.ts';

/** A change to the engine's source that removes one safeguard. */
interface Fault {
	readonly file: string;
	readonly from: string;
	readonly to: string;
}

/** Faults that the simulation must find. */
export const faults = {
	'no generation': [
		{
			file: 'engine/server.ts',
			from: 'this.project.fenceOff(hold.owes, fence);',
			to: '',
		},
	],
	'no look at the length': [
		{
			file: 'engine/journalFile.ts',
			from: 'if (!isLocked) {',
			to: 'if (true) {',
		},
		{
			file: 'engine/journalFile.ts',
			from: 'const seen = isLocked ? undefined : this.files',
			to: 'const seen = this.files',
		},
	],
	'wall clock': [
		{
			file: 'engine/lock.ts',
			from: 'const now = this.machine.monotonic();',
			to: 'const now = this.machine.now();',
		},
	],
	'pid alone': [
		{
			file: 'engine/lockEntry.ts',
			from: 'entry.namespace === self.namespace',
			to: 'true',
		},
	],
	'no heartbeat': [
		{ file: 'engine/heldEntry.ts', from: 'if (Atomics.load(memory, held) === 0 ||', to: 'if (true ||' },
	],
} as const satisfies Record<string, readonly Fault[]>;

export type Variant = 'current' | '0.1' | keyof typeof faults;

export interface BuiltVariant {
	readonly thread: string;
	readonly beat: Beat | undefined;
}

/** Bundles a simulated process with the engine of `variant` into `folder`. */
export async function buildVariant(variant: Variant, folder: string): Promise<BuiltVariant> {
	const name = variant.replace(/\W/g, '-');
	const changes: readonly Fault[] = variant === 'current' || variant === '0.1' ? [] : faults[variant];
	const engine = path.resolve(
		variant === '0.1' ? 'test/simulation/firstEngine.ts' : 'test/simulation/currentEngine.ts',
	);
	const missing = new Set(changes);
	const first = path.resolve(folder, 'first-engine');
	if (variant === '0.1') {
		unpackFirst(first);
	}
	await build({
		entryPoints: { [`thread-${name}`]: 'test/simulation/processThread.ts', [`engine-${name}`]: engine },
		outdir: folder,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		mainFields: ['module', 'main'],
		keepNames: true,
		nodePaths: [path.resolve('node_modules')],
		logLevel: 'error',
		plugins: [
			{
				name: 'variant',
				setup({ onLoad, onResolve }) {
					onResolve({ filter: /^simulated-engine$/ }, () => ({ path: engine }));
					onResolve({ filter: /^first-engine\// }, ({ path: file }) => ({
						path: path.join(first, file.slice('first-engine/'.length)),
					}));
					onResolve({ filter: /^node:(fs|os|timers\/promises)$/ }, ({ path: name, importer }) =>
						importer.startsWith(first) ? { path: name, namespace: 'first' } : undefined,
					);
					onLoad({ filter: /.*/, namespace: 'first' }, ({ path: name }) => ({
						contents: firstModules[name] ?? '',
						resolveDir: path.resolve('test/simulation'),
						loader: 'ts',
					}));
					onLoad({ filter: /[\\/]first-engine[\\/].*\.ts$/ }, ({ path: file }) => ({
						contents: adapted(fs.readFileSync(file, 'utf8'), file),
						loader: 'ts',
					}));
					onLoad({ filter: /src[\\/]store[\\/]engine[\\/]\w+\.ts$/ }, ({ path: file }) => {
						let contents = fs.readFileSync(file, 'utf8');
						for (const change of changes) {
							if (file.endsWith(path.normalize(change.file))) {
								if (contents.split(change.from).length !== 2) {
									throw new Error(`${file} does not hold "${change.from}" once`);
								}
								contents = contents.replace(change.from, change.to);
								missing.delete(change);
							}
						}
						return { contents, loader: 'ts' };
					});
				},
			},
		],
	});
	if (missing.size > 0) {
		throw new Error(`fault "${variant}" was not built in`);
	}
	const engineFile = path.resolve(folder, `engine-${name}.js`);
	const { beat } = createRequire(engineFile)(engineFile) as { beat?: Beat };
	return { thread: path.resolve(folder, `thread-${name}.js`), beat };
}

/** Unpacks 0.1's sources as they were released. */
function unpackFirst(folder: string): void {
	const packed = fs.readFileSync('test/fixtures/storeEngineOf01.json.br');
	const sources = JSON.parse(zlib.brotliDecompressSync(packed).toString('utf8')) as Record<string, string>;
	for (const [name, source] of Object.entries(sources)) {
		const file = path.join(folder, name);
		fs.mkdirSync(path.dirname(file), { recursive: true });
		fs.writeFileSync(file, source);
	}
}

const fsCalls =
	'openSync closeSync readSync writeSync fstatSync lstatSync statSync existsSync ftruncateSync fsyncSync fdatasyncSync ' +
	'renameSync linkSync unlinkSync rmSync mkdirSync readdirSync realpathSync readFileSync writeFileSync copyFileSync ' +
	'utimesSync watch';

/** What 0.1's sources import from Node, provided by the simulated machine. */
const firstModules: Readonly<Record<string, string>> = {
	'node:fs': [
		`import { nodeFs } from './firstEngineWorld.ts';`,
		`export { constants } from 'node:fs';`,
		...fsCalls.split(' ').map((name) => `export const ${name} = (...args) => nodeFs().${name}(...args);`),
	].join('\n'),
	'node:os': `export { hostname } from './firstEngineWorld.ts';`,
	'node:timers/promises': `export { setTimeout } from './firstEngineWorld.ts'; export { setImmediate } from 'node:timers/promises';`,
};

/**
 * Replaces the globals that 0.1's lock uses by those of the simulated machine. The boot id is not remembered for the
 * next process.
 */
function adapted(source: string, file: string): string {
	const world = JSON.stringify(path.resolve('test/simulation/firstEngineWorld.ts'));
	const changed = source
		.replaceAll('Date.now()', 'world.dateNow()')
		.replaceAll('process.pid', 'world.pid()')
		.replaceAll('process.kill(pid, 0)', 'world.kill(pid)')
		.replaceAll('boot === undefined', 'true');
	return file.includes('store') ? `import * as world from ${world};\n${changed}` : source;
}
