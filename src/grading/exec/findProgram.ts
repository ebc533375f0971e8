import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

/** Returns the file that runs for a program without a path, by PATH as it is now, or `null` if there is none. */
export async function findProgram(name: string): Promise<string | null> {
	const endings = process.platform === 'win32' ? ['', ...(process.env['PATHEXT'] ?? '.EXE').split(';')] : [''];
	for (const folder of programFolders()) {
		for (const ending of endings) {
			const file = path.join(folder, `${name}${ending}`);
			if (await isProgram(file)) {
				return file;
			}
		}
	}
	return null;
}

/** The folders of PATH, without relative ones: a checker starts in an empty folder. */
export function programFolders(): readonly string[] {
	return (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(path.delimiter).filter(path.isAbsolute);
}

async function isProgram(file: string): Promise<boolean> {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
}
