import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReadOptions } from '../core/ports/files.ts';
import { jsonRows } from './jsonRows.ts';
import { isRequest, isResult, questionOf } from './openAiBatch.ts';
import type { Row } from './rowReader.ts';
import { isRow } from './rowReader.ts';

/** OpenAI takes 50,000 requests or 200 MB a batch. */
const mostRequests = 200_000;
const mostBytes = 256 * 1024 * 1024;
const mostFiles = 200;

/**
 * Returns the questions of a batch by the identifiers of its requests, for a file of results: they are in the other
 * files of the import or of the folder. Empty for other files.
 */
export async function batchRequests(
	file: string,
	firstRow: Row,
	{ signal, beside = [] }: ReadOptions,
): Promise<ReadonlyMap<string, string>> {
	const questions = new Map<string, string>();
	if (!isResult(firstRow)) {
		return questions;
	}
	const folder = path.dirname(file);
	const inFolder = (await readdir(folder).catch(() => []))
		.filter((name) => /\.(?:jsonl|ndjson)(?:\.gz|\.zst)?$/i.test(name))
		.slice(0, mostFiles)
		.map((name) => path.join(folder, name));
	for (const other of new Set([...beside, ...inFolder])) {
		if (path.resolve(other) !== path.resolve(file) && (await isSmallFile(other))) {
			await readRequests(other, signal, questions);
		}
	}
	return questions;
}

async function isSmallFile(file: string): Promise<boolean> {
	return stat(file).then(
		(found) => found.isFile() && found.size <= mostBytes,
		() => false,
	);
}

async function readRequests(file: string, signal: AbortSignal, questions: Map<string, string>): Promise<void> {
	try {
		for await (const { rows } of jsonRows(file, signal)) {
			for (const { value } of rows) {
				if (!isRow(value) || !isRequest(value)) {
					return;
				}
				const question = questionOf(value);
				if (question !== undefined && questions.size < mostRequests) {
					questions.set(String(value['custom_id']), question);
				}
			}
		}
	} catch (error) {
		// A neighbour that cannot be read holds no requests; what is missing is reported row by row.
		if (signal.aborted) {
			throw error;
		}
	}
}
