// node scripts/campaignEvaluate.mjs [--kills=N]: bundles test/campaign/evaluate.ts and runs it; prints a Markdown table.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';

await build({ entryPoints: ['test/campaign/evaluate.ts'], outdir: 'out/campaign', bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'linked', logLevel: 'warning' });
const { status } = spawnSync(process.execPath, ['--enable-source-maps', 'out/campaign/evaluate.js', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
