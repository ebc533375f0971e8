// Type check (TypeScript 7, native) of every project, then circles of imports, format and lint. Exits non-zero on the first failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const tsc = ['node_modules/@typescript/native/bin/tsc', 'node_modules/@typescript/native/lib/tsc.js'].find(existsSync);
const steps = [
	...['src/core', '.', 'webview'].map((project) => [tsc, '-p', project]),
	['scripts/circles.mjs'],
	...(process.argv.includes('--types')
		? []
		: [
				['node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'],
				['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
			]),
];
for (const step of steps) {
	const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
	if (status !== 0) {
		process.exit(status ?? 1);
	}
}
