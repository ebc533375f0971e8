// npm run campaign [store|loop|remote …]: the long runs (kills, faults, cuts), one after another; each prints its table.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, root } from './setup.mjs';

const all = readdirSync(path.join(root, 'scripts')).map((file) => /^campaign([A-Z]\w*)\.mjs$/.exec(file)?.[1]?.toLowerCase()).filter(Boolean);
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
	console.error(`no campaign called ${unknown.join(', ')}; there are ${all.join(', ')}`);
	process.exit(2);
}
ensureBuilt();
for (const name of wanted.length > 0 ? wanted : all) {
	console.log(`\n## ${name}\n`);
	const { status } = spawnSync(process.execPath, [path.join(root, 'scripts', `campaign${name[0].toUpperCase()}${name.slice(1)}.mjs`)], { cwd: root, stdio: 'inherit' });
	if (status !== 0) {
		process.exit(status ?? 1);
	}
}
