import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { ChainRow, DatasetCard, DatasetRow } from '../core/datasets/dataset.ts';
import { buildMethods } from '../core/datasets/dataset.ts';
import type { Datasets } from '../core/ports/datasets.ts';
import { StatError, throwIfCancelled } from '../core/errors/statError.ts';
import { checkInside, syncFolder } from './engine/projectFiles.ts';
import { skill } from './tables/shapes.ts';

const nullableText = z.string().nullable();
const count = z.int().min(0);

const rowShape: z.ZodType<DatasetRow> = z.object({
	questionId: z.string(),
	question: z.string(),
	solution: z.string(),
	gold: nullableText,
	subject: nullableText,
	skill: skill.nullable(),
	forQuestion: nullableText,
	kind: z.enum(['original', 'rewritten', 'synthesized']),
	sample: count,
	flags: z.array(z.string()),
});

const chainShape: z.ZodType<ChainRow> = z.object({
	replyKey: nullableText,
	references: z.array(z.string()),
	agreement: z.object({ agree: count, of: count }).nullable(),
	proposalKey: z.string().optional(),
	student: nullableText,
	round: count.nullable(),
	sample: count.nullable(),
});

const cardShape: z.ZodType<DatasetCard> = z.object({
	name: z.string(),
	method: z.enum(buildMethods),
	settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
	seed: z.number(),
	student: nullableText,
	round: z.number().nullable(),
	pairs: count,
	distinct: count,
	questions: count,
	sha256: z.string(),
	deviations: z.array(z.string()),
	yield: z.record(z.string(), z.number()),
	setAside: count,
	teacher: z.object({ model: z.string(), endpoint: z.string() }).nullable(),
	promptVersions: z.array(z.string()),
	calls: count,
	cost: z.number().nullable(),
	createdAt: z.string(),
	skills: z.array(z.object({ subject: z.string(), skill: z.string(), pairs: count })),
	skillYields: z
		.array(
			z.object({
				subject: z.string(),
				skill: z.string(),
				asked: count,
				parsed: count,
				distinct: count,
				consistent: count,
				kept: count,
			}),
		)
		.optional(),
});

/** Opens the datasets under `.stat/datasets`. */
export function openDatasets(root: string, readOnly: boolean, onChange: () => void): Datasets {
	const folderOf = (name: string): string => {
		if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/.test(name)) {
			throw new StatError('store.datasetName', { name: JSON.stringify(name.slice(0, 100)) });
		}
		return path.join(root, name);
	};
	const existing = async (name: string): Promise<string> => {
		const folder = folderOf(name);
		if (!(await lstat(folder).catch(() => undefined))?.isDirectory()) {
			throw new StatError('store.noDataset', { dataset: name });
		}
		return folder;
	};
	const readCard = async (name: string): Promise<DatasetCard> => {
		const file = path.join(await existing(name), 'card.json');
		try {
			return cardShape.parse(JSON.parse(await readFile(await plainFile(file), 'utf8')));
		} catch (error) {
			throw new StatError('store.card', { file, reason: firstLine(error) }, { cause: error });
		}
	};
	return {
		async write(name, rows, card, replace) {
			if (readOnly) {
				throw new StatError('store.readOnly', {});
			}
			const target = folderOf(name);
			checkInside(path.dirname(root), ['datasets', path.join('datasets', name)]);
			if (!replace && fs.existsSync(target)) {
				throw new StatError('store.datasetExists', { dataset: name });
			}
			await mkdir(root, { recursive: true });
			const temporary = path.join(root, `.writing-${name}-${process.pid}-${Date.now()}`);
			const old = `${temporary}-old`;
			await mkdir(temporary);
			try {
				const written = await writeRows(temporary, rows);
				const made = cardShape.parse(card(written));
				await writeSynced(path.join(temporary, 'card.json'), `${JSON.stringify(made, undefined, '\t')}\n`);
				syncFolder(temporary);
				const replaced = await rename(target, old).then(
					() => true,
					() => false,
				);
				if (replaced && !replace) {
					await rename(old, target);
					throw new StatError('store.datasetExists', { dataset: name });
				}
				await rename(temporary, target);
				syncFolder(root);
				await rm(old, { recursive: true, force: true });
				onChange();
				return { card: made, path: target };
			} catch (error) {
				if (fs.existsSync(old) && !fs.existsSync(target)) {
					await rename(old, target).catch(() => undefined);
				}
				await rm(temporary, { recursive: true, force: true });
				throw error;
			}
		},
		card: readCard,
		async list() {
			const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
			const names = entries
				.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
				.map((entry) => entry.name)
				.sort();
			const cards: DatasetCard[] = [];
			for (const name of names) {
				const card = await readCard(name).catch(() => undefined);
				if (card) {
					// The folder's name counts: a copied card may name another dataset.
					cards.push({ ...card, name });
				}
			}
			return cards;
		},
		async *rows(name, signal) {
			const file = path.join(await existing(name), 'data.jsonl');
			let index = 0;
			for await (const line of linesOf(file)) {
				throwIfCancelled({ signal });
				yield parseLine(rowShape, line, file, index++);
			}
		},
		async row(name, index) {
			const folder = await existing(name);
			const data = path.join(folder, 'data.jsonl');
			const chain = path.join(folder, 'chain.jsonl');
			return {
				row: parseLine(rowShape, await lineAt(data, index), data, index),
				chain: parseLine(chainShape, await lineAt(chain, index), chain, index),
			};
		},
		path: folderOf,
	};
}

/** Writes both files line by line, with keys in a fixed order so that equal rows have equal bytes. */
async function writeRows(
	folder: string,
	rows: AsyncIterable<readonly [DatasetRow, ChainRow]> | Iterable<readonly [DatasetRow, ChainRow]>,
): Promise<{ sha256: string; rows: number }> {
	const hash = createHash('sha256');
	const data = await open(path.join(folder, 'data.jsonl'), 'wx');
	const chain = await open(path.join(folder, 'chain.jsonl'), 'wx');
	let written = 0;
	let dataText: string[] = [];
	let chainText: string[] = [];
	let size = 0;
	const flush = async (): Promise<void> => {
		const bytes = Buffer.from(dataText.join(''), 'utf8');
		hash.update(bytes);
		await data.writeFile(bytes);
		await chain.writeFile(chainText.join(''));
		dataText = [];
		chainText = [];
		size = 0;
	};
	try {
		for await (const [entry, because] of rows) {
			// Parsing puts the keys in the order of the shape.
			const row = `${JSON.stringify(checkedRow(rowShape, entry, written))}\n`;
			dataText.push(row);
			chainText.push(`${JSON.stringify(checkedRow(chainShape, because, written))}\n`);
			written++;
			size += row.length;
			if (size > 1 << 20) {
				await flush();
			}
		}
		await flush();
		await data.sync();
		await chain.sync();
	} finally {
		await data.close();
		await chain.close();
	}
	return { sha256: hash.digest('hex'), rows: written };
}

function checkedRow<T>(shape: z.ZodType<T>, value: unknown, index: number): T {
	const parsed = shape.safeParse(value);
	if (!parsed.success) {
		throw new StatError('store.newRow', { row: index, reason: firstLine(parsed.error) });
	}
	return parsed.data;
}

async function writeSynced(file: string, text: string): Promise<void> {
	const handle = await open(file, 'wx');
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** Yields a file's lines. Splits only on 0x0A, and holds one chunk of the file in memory. */
async function* linesOf(file: string): AsyncGenerator<string> {
	let rest: Buffer[] = [];
	for await (const piece of fs.createReadStream(await plainFile(file), {
		highWaterMark: 1 << 18,
	}) as AsyncIterable<Buffer>) {
		let start = 0;
		for (let stop = piece.indexOf(10); stop >= 0; stop = piece.indexOf(10, start)) {
			yield Buffer.concat([...rest, piece.subarray(start, stop)]).toString('utf8');
			rest = [];
			start = stop + 1;
		}
		rest.push(piece.subarray(start));
	}
	const last = Buffer.concat(rest);
	if (last.length > 0) {
		yield last.toString('utf8');
	}
}

async function lineAt(file: string, index: number): Promise<string> {
	let at = 0;
	if (Number.isSafeInteger(index) && index >= 0) {
		for await (const line of linesOf(file)) {
			if (at++ === index) {
				return line;
			}
		}
	}
	throw new StatError('store.noRow', { file, rows: at, row: index });
}

/** Refuses symbolic links: in a cloned project, one could point to any file on this machine. */
async function plainFile(file: string): Promise<string> {
	if (!(await lstat(file)).isFile()) {
		throw new StatError('store.datasetFile', { file });
	}
	return file;
}

function parseLine<T>(shape: z.ZodType<T>, line: string, file: string, index: number): T {
	try {
		return shape.parse(JSON.parse(line));
	} catch (error) {
		throw new StatError('store.row', { file, line: index + 1, reason: firstLine(error) }, { cause: error });
	}
}

function firstLine(error: unknown): string {
	const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
	return issue ? `${issue.path.join('.')}: ${issue.message}` : (error as Error).message;
}
