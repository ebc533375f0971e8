import * as fs from 'node:fs';
import path from 'node:path';

const hour = 3600_000;

/** What killed processes leave in `.stat`, and the age in ms from which it is deleted. */
const leftovers: readonly (readonly [folder: string, pattern: RegExp, maxAge: number])[] = [
	['', /^lock\..*\.tmp$/, 24 * hour],
	// What was written to them is reported at an opening, which may come late.
	['', /^lock\.taken-/, 30 * 24 * hour],
	['datasets', /^\.writing-/, 24 * hour],
];

/** Deletes what killed processes left in `.stat`, and restores datasets that they were replacing. */
export function tidyFolder(folder: string): void {
	restoreDatasets(path.join(folder, 'datasets'));
	for (const [inside, pattern, maxAge] of leftovers) {
		const at = path.join(folder, inside);
		for (const name of namesIn(at)) {
			const file = path.join(at, name);
			const age = Date.now() - (fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
			if (pattern.test(name) && age > maxAge) {
				fs.rmSync(file, { recursive: true, force: true });
			}
		}
	}
}

/** Renames back each dataset whose writer was killed between moving it aside and moving its replacement into place. */
function restoreDatasets(root: string): void {
	for (const name of namesIn(root)) {
		const dataset = /^\.writing-(.+)-\d+-\d+-old$/.exec(name)?.[1];
		const aside = path.join(root, name);
		// The rename set the change time; a process that is still replacing the dataset needs a moment.
		const age = Date.now() - (fs.lstatSync(aside, { throwIfNoEntry: false })?.ctimeMs ?? Date.now());
		if (dataset !== undefined && age > 60_000 && !fs.existsSync(path.join(root, dataset))) {
			try {
				fs.renameSync(aside, path.join(root, dataset));
			} catch {
				// Another process was quicker.
			}
		}
	}
}

function namesIn(folder: string): string[] {
	return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
