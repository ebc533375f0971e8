import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { StatError } from '../../core/errors/statError.ts';
import { splitCommand } from './splitCommand.ts';

/** Maximum size of a file that a command names, in bytes. */
const maxFile = 10 * 2 ** 20;

/** A command with the files that it names, read once: what is hashed is what runs. */
export interface ReadCommand {
	/** The program and its arguments; a place in `copies` stands for a file's copy. */
	readonly argv: readonly string[];
	/** Contents by the place in `argv`. */
	readonly copies: ReadonlyMap<number, { readonly name: string; readonly bytes: Buffer }>;
	readonly files: readonly string[];
	readonly hash: string;
}

/**
 * Reads a command. Arguments that name a file, from `folder` on, are read, and so is the program if it is named by a
 * path; a program without a path is looked up when it runs. Throws StatError if the command cannot be split or a file
 * is too large.
 */
export async function readCommand(command: string, folder: string): Promise<ReadCommand> {
	const parts = splitCommand(command);
	if (parts === null) {
		throw new StatError('questions.checkerCommand', { command: command.slice(0, 200) });
	}
	const argv = [...parts] as [string, ...string[]];
	const copies = new Map<number, { name: string; bytes: Buffer }>();
	const files: string[] = [];
	const hash = createHash('sha256').update(JSON.stringify(parts));
	for (const [place, part] of parts.entries()) {
		const isProgram = place === 0;
		if (isProgram && !/[\\/]/.test(part)) {
			continue;
		}
		const file = path.resolve(folder, part);
		const bytes = await contentOf(file);
		if (bytes === null) {
			continue;
		}
		files.push(file);
		hash.update(`\0${place}\0${bytes.length}\0`).update(bytes);
		// A binary may need what lies beside it, so it runs where it is.
		if (isProgram && !bytes.subarray(0, 2).equals(Buffer.from('#!'))) {
			argv[0] = file;
		} else {
			copies.set(place, { name: path.basename(file), bytes });
		}
	}
	return { argv, copies, files, hash: hash.digest('hex') };
}

/** Returns a regular file's content, or `null` if there is none of this name. */
async function contentOf(file: string): Promise<Buffer | null> {
	let handle;
	try {
		handle = await open(file, 'r');
	} catch {
		return null;
	}
	try {
		const facts = await handle.stat();
		if (!facts.isFile()) {
			return null;
		}
		if (facts.size > maxFile) {
			throw new StatError('questions.checkerFile', { file, most: maxFile / 2 ** 20 });
		}
		return await handle.readFile();
	} finally {
		await handle.close();
	}
}
