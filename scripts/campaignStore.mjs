// node scripts/campaignStore.mjs [--kills=N]: bundles test/campaign/store.ts and runs it; prints a Markdown table.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';

await build({ entryPoints: ['test/campaign/store.ts'], outdir: 'out/campaign', bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'linked', logLevel: 'warning' });
const { status } = spawnSync(process.execPath, ['--enable-source-maps', 'out/campaign/store.js', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
