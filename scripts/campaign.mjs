// npm run campaign [-- NAME … --kills=N]: bundles test/campaign/NAME.ts and runs it; without a name, runs every
// campaign. Each campaign prints a Markdown table and fails if anything was lost, paid for twice, left unreadable or
// different from the plan. Flags are passed on to each campaign.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { programOptions } from './bundle.mjs';
import { ensurePython } from './python.mjs';
import { ensureBuilt } from './setup.mjs';

/** `real`: whether the campaign reads the real data in the folder beside the checkout. */
const campaigns = {
	store: {},
	durability: {},
	loop: {},
	sharing: {},
	remote: { python: true },
	evaluate: {},
	synthesis: { real: true },
	buying: { real: true },
	catalog: { real: true },
	mutations: {},
};
const data = '../shared/data';

const requested = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const flags = process.argv.slice(2).filter((arg) => arg.startsWith('-'));
const wrong = requested.find((arg) => !Object.hasOwn(campaigns, arg));
if (wrong !== undefined) {
	console.error(`no campaign "${wrong}"; there are: ${Object.keys(campaigns).join(', ')}`);
	process.exit(2);
}
let failed = 0;
for (const name of requested.length > 0 ? requested : Object.keys(campaigns)) {
	console.log(`\n## ${name}\n`);
	const { python, real } = campaigns[name];
	if (real && !existsSync(data)) {
		console.log(`skipped: ${data} is not here`);
		continue;
	}
	const interpreter = python ? ensurePython() : '';
	if (real) {
		ensureBuilt();
	}
	await build({
		...programOptions,
		entryPoints: [`test/campaign/${name}.ts`],
		outdir: 'out/campaign',
	});
	const status =
		interpreter === null
			? 1
			: spawnSync(
					process.execPath,
					['--enable-source-maps', `out/campaign/${name}.js`, ...(real ? ['dist', data] : flags)],
					{ stdio: 'inherit', env: { ...process.env, ...(interpreter ? { STAT_PYTHON: interpreter } : {}) } },
				).status;
	failed += status === 0 ? 0 : 1;
}
process.exitCode = failed > 0 ? 1 : 0;
