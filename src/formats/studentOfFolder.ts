import path from 'node:path';
import type { FileDescription } from '../core/ports/files.ts';

/**
 * Returns the student of a log in a folder of its own: OpenCompass and EvalScope write
 * `predictions/MODEL/DATASET.json` and `reviews/MODEL/DATASET.jsonl`.
 */
export function studentOfFolder(file: string): Omit<FileDescription, 'format'> {
	const [, folder = '', above = ''] = path.resolve(file).split(path.sep).reverse();
	return /^(?:predictions|results|reviews)$/.test(above) && folder !== ''
		? { student: folder, reported: [] }
		: { reported: [] };
}
