// npm run package: builds, then packs stat-studio-VERSION.vsix (or the file given with --out FILE).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, root, runStep } from './setup.mjs';

/** Packs a vsix and returns its path. */
export function packageVsix(out) {
	ensureBuilt();
	const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	const file = path.resolve(out ?? path.join(root, `${name}-${version}.vsix`));
	runStep('Packing the vsix', process.execPath, [
		path.join(root, 'node_modules/@vscode/vsce/vsce'),
		'package',
		'--no-dependencies',
		'--allow-missing-repository',
		'--no-rewrite-relative-links',
		'--out',
		file,
	]);
	return file;
}

if (import.meta.url === `file://${process.argv[1]}`) {
	const at = process.argv.indexOf('--out');
	console.log(packageVsix(at > 0 ? process.argv[at + 1] : undefined));
}
