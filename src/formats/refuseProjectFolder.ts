import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { StatError } from '../core/errors/statError.ts';

/**
 * Throws `formats.insideProject` if a file to be written is inside a `.stat` folder, whose files are the project's own,
 * also if only symbolic links lead there.
 */
export async function refuseProjectFolder(file: string): Promise<void> {
	for (const place of [path.resolve(file), await realPlace(path.dirname(file))]) {
		// Some file systems do not tell upper case from lower case.
		if (place.split(path.sep).some((part) => part.toLowerCase() === '.stat')) {
			throw new StatError('formats.insideProject', { file });
		}
	}
}

/** Returns the real path of a folder or, if it does not exist yet, of the nearest one above it that does. */
async function realPlace(folder: string): Promise<string> {
	try {
		return await realpath(folder);
	} catch {
		const above = path.dirname(folder);
		return above === folder ? folder : realPlace(above);
	}
}
