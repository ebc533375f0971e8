import { existsSync } from 'node:fs';
import path from 'node:path';
import { programFolders } from './findProgram.ts';

/** What a folder of programs has beside it where its parent is an environment that they need whole. */
const environmentMarks = ['pyvenv.cfg', 'conda-meta', 'libexec'];

/**
 * Returns what a checker may still see of a covered project: the environments of programs that lie in it, by PATH or as
 * the command's own `program`. Never the project itself or what holds it.
 */
export function shownPlaces(project: string, program: string | null): readonly string[] {
	const isInside = (place: string) => {
		const relative = path.relative(project, place);
		return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
	};
	const environmentOf = (folder: string) => {
		const parent = path.dirname(folder);
		const isEnvironment = environmentMarks.some((name) => existsSync(path.join(parent, name)));
		return isEnvironment && isInside(parent) ? parent : null;
	};
	const own = program === null ? [] : [environmentOf(path.dirname(program)) ?? program];
	const found = programFolders().map((folder) => environmentOf(folder) ?? folder);
	return [...new Set([...own, ...found])].filter(isInside);
}
