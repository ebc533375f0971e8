// npm run campaign [-- NAME … --kills=N]: runs scripts/campaignNAME.mjs, every one when none is named. Each prints a Markdown table
// and fails if anything was lost, paid for twice or left unreadable.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const flags = process.argv.slice(2).filter((word) => word.startsWith('-'));
const names = readdirSync('scripts').map((file) => /^campaign([A-Z]\w*)\.mjs$/.exec(file)?.[1]?.toLowerCase()).filter((name) => name !== undefined);
const wrong = words.find((word) => !names.includes(word.toLowerCase()));
if (wrong !== undefined) {
	console.error(`no campaign "${wrong}"; there are: ${names.join(', ')}`);
	process.exit(2);
}
let failed = 0;
for (const name of words.length > 0 ? words.map((word) => word.toLowerCase()) : names) {
	console.log(`\n## ${name}\n`);
	const { status } = spawnSync(process.execPath, [`scripts/campaign${name[0]?.toUpperCase()}${name.slice(1)}.mjs`, ...flags], { stdio: 'inherit' });
	failed += status === 0 ? 0 : 1;
}
process.exitCode = failed > 0 ? 1 : 0;
