import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { StatError } from '../../core/errors/statError.ts';
import { findProgram } from './findProgram.ts';
import { splitCommand } from './splitCommand.ts';

/** Maximum size of a file that a command names, in bytes. */
const maxFile = 10 * 2 ** 20;

/** Endings of programs: an argument that ends so is a file, and must be there. */
const programEnding = /\.(?:pyz?|sh|bash|[cm]?[jt]s|rb|pl|php|lua|r|jl|jar)$/i;

/** A command with the files that it names, read once: what is hashed is what runs. */
export interface ReadCommand {
	/** The program and its arguments; a place in `copies` stands for a file's copy. */
	readonly argv: readonly string[];
	/** Contents by the place in `argv`; `before`: what precedes the file's name there, such as `--tests=`. */
	readonly copies: ReadonlyMap<number, { readonly before: string; readonly name: string; readonly bytes: Buffer }>;
	/** The program's file, if it runs where it lies. */
	readonly program: string | null;
	readonly files: readonly string[];
	readonly hash: string;
}

/**
 * Reads a command. Arguments that name a file, from `folder` on, as a whole or after `=`, are read, and so is the program
 * if it is named by a path; a program without a path is looked up again when it runs. Throws StatError if the command
 * cannot be split, its program or script is missing, it names a folder, or a file is too large.
 */
export async function readCommand(command: string, folder: string): Promise<ReadCommand> {
	const parts = splitCommand(command);
	if (parts === null) {
		throw new StatError('questions.checkerCommand', { command: command.slice(0, 200) });
	}
	const argv = [...parts] as [string, ...string[]];
	const copies = new Map<number, { before: string; name: string; bytes: Buffer }>();
	let program: string | null = null;
	const files: string[] = [];
	const hash = createHash('sha256').update(JSON.stringify(parts));
	for (const [place, part] of parts.entries()) {
		const isProgram = place === 0;
		if (isProgram && !/[\\/]/.test(part)) {
			program = await findProgram(part);
			if (program === null) {
				throw new StatError('questions.checkerProgram', { program: part.slice(0, 200) });
			}
			continue;
		}
		const named = await fileOf(part, folder, isProgram);
		if (named === null) {
			continue;
		}
		const { before, file, bytes } = named;
		files.push(file);
		hash.update(`\0${place}\0${bytes.length}\0`).update(bytes);
		// A binary may need what lies beside it, so it runs where it is.
		if (isProgram && !bytes.subarray(0, 2).equals(Buffer.from('#!'))) {
			argv[0] = file;
			program = file;
		} else {
			copies.set(place, { before, name: path.basename(file), bytes });
		}
	}
	return { argv, copies, program, files, hash: hash.digest('hex') };
}

/** Returns the file that a part of a command names, or `null`. Throws StatError if it is a folder, or must be there. */
async function fileOf(
	part: string,
	folder: string,
	isProgram: boolean,
): Promise<{ before: string; file: string; bytes: Buffer } | null> {
	const value = part.indexOf('=') + 1;
	for (const start of value === 0 || isProgram ? [0] : [0, value]) {
		const name = part.slice(start);
		// An empty argument is none, and would be the folder itself.
		const file = path.resolve(folder, name);
		const bytes = name === '' || name.includes('\0') ? null : await contentOf(file);
		if (bytes !== null) {
			return { before: part.slice(0, start), file, bytes };
		}
	}
	const last = part.slice(value);
	if (isProgram || (programEnding.test(last) && !/^-|\s/.test(last))) {
		throw new StatError('questions.checkerMissing', { file: part.slice(isProgram ? 0 : value, 300) });
	}
	return null;
}

/** Returns a regular file's content, or `null` if there is none of this name. Throws StatError if it is a folder. */
async function contentOf(file: string): Promise<Buffer | null> {
	let handle;
	try {
		handle = await open(file, 'r');
	} catch {
		return null;
	}
	try {
		const facts = await handle.stat();
		if (facts.isDirectory()) {
			throw new StatError('questions.checkerFolder', { folder: file });
		}
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
