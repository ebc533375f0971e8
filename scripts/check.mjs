// Checks the types of every project (TypeScript 7, native), then import cycles, format, line lengths and lint. Exits
// non-zero on the first failure. `--types` stops after the types.
import { spawnSync } from 'node:child_process';
import { styleChecks, typeChecks } from './checks.mjs';

for (const [, args] of process.argv.includes('--types') ? typeChecks : [...typeChecks, ...styleChecks]) {
	const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
	if (status !== 0) {
		process.exit(status ?? 1);
	}
}
