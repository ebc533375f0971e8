// Checks that at most 0.4% of the lines of TypeScript, CSS and Python are longer than 120 columns (with tabs of 4), and
// that none is longer than 200. Exits 1 otherwise.
//   node scripts/lineLengths.mjs           prints the share
//   node scripts/lineLengths.mjs --list    prints each such line
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folders = ['src', 'webview', 'test', 'scripts', 'bench', 'trainer'];
const limit = 120;
const most = 200;
const mostShare = 0.004;

function columns(line) {
	let width = 0;
	for (const character of line) {
		width += character === '\t' ? 4 - (width % 4) : 1;
	}
	return width;
}

let lines = 0;
const long = [];
const tooLong = [];
for (const folder of folders) {
	for (const name of readdirSync(folder, { recursive: true })) {
		const file = path.join(folder, String(name));
		if (!/\.(ts|tsx|mjs|css|py)$/.test(file)) {
			continue;
		}
		for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
			lines++;
			const width = columns(line);
			if (width > limit) {
				long.push(`${file}:${index + 1} ${width}`);
			}
			if (width > most) {
				tooLong.push(`${file}:${index + 1} has ${width} columns, at most ${most}`);
			}
		}
	}
}
if (process.argv.includes('--list')) {
	console.log(long.join('\n'));
}
console.log(`${((100 * long.length) / lines).toFixed(2)} % of ${lines} lines are over ${limit} columns`);
console.log(tooLong.join('\n'));
process.exitCode = tooLong.length > 0 || long.length / lines > mostShare ? 1 : 0;
