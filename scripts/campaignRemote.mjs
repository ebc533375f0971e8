// node scripts/campaignRemote.mjs [--cuts=N]: bundles test/campaign/remote.ts and runs it; prints a Markdown table.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { ensurePython } from './python.mjs';

const interpreter = ensurePython();
if (!interpreter) {
	process.exit(1);
}
await build({ entryPoints: ['test/campaign/remote.ts'], outdir: 'out/campaign', bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'linked', logLevel: 'warning' });
const { status } = spawnSync(process.execPath, ['--enable-source-maps', 'out/campaign/remote.js', ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, STAT_PYTHON: interpreter } });
process.exit(status ?? 1);
