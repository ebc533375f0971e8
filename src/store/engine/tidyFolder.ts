import * as fs from 'node:fs';
import path from 'node:path';

/** Age in ms from which a file left by a killed process is deleted. */
const maxAge = 24 * 3600_000;

/** Deletes what killed processes left in `.stat`. */
export function tidyFolder(folder: string): void {
	for (const [at, pattern] of [
		[folder, /^lock\..*\.tmp$|^lock\.taken-/],
		[path.join(folder, 'datasets'), /^\.writing-/],
	] as const) {
		for (const name of fs.existsSync(at) ? fs.readdirSync(at) : []) {
			const file = path.join(at, name);
			const age = Date.now() - (fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
			if (pattern.test(name) && age > maxAge) {
				fs.rmSync(file, { recursive: true, force: true });
			}
		}
	}
}
