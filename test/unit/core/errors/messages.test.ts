import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { cliMessages } from '../../../../src/cli/messages.ts';
import { kinds, sentences } from '../../../../src/core/errors/sentences.ts';
import { eitherOf } from '../../../../src/core/text/patterns.ts';
import { commandIds } from '../../../../src/ui/ids.ts';
import { editorMessages } from '../../../../src/ui/kit/editorMessages.ts';

const flag = /(^|[\s"'`(])--[a-z][a-z-]+/;
/** Matches commands of two or more words; one-word commands are ordinary English words. */
const commandPattern = eitherOf([
	/stat-studio|\bimport (?:skills|questions|answers) FILE|\bset-aside [a-z]/,
	/\b(?:rounds|jobs|skills) (?:list|next|start|correct|add|history|undo|resume|clean|status)\b/,
	/\b(?:hosts|benchmarks|curate) (?:list|add|undo|clean|status|cached|check)\b/,
	/\bbuild (?:sel|syn|train|augment|hard|embed-sel|embed-syn)\b/,
]);
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
const codes = Object.keys(sentences) as (keyof typeof sentences)[];

test('every error code has a message for the command line and for the editor', () => {
	assert.deepEqual(Object.keys(cliMessages).sort(), [...codes].sort());
	assert.deepEqual(Object.keys(editorMessages).sort(), [...codes].sort());
});

test('every error kind maps to an error code', () => {
	assert.deepEqual(
		Object.keys(kinds).filter((code) => !Object.hasOwn(sentences, code)),
		[],
	);
});

test('messages use only placeholders that occur in the neutral sentence', () => {
	for (const code of codes) {
		const known = new Set(placeholders(sentences[code]));
		for (const text of [cliMessages[code], editorMessages[code]?.sentence]) {
			assert.deepEqual(
				placeholders(text ?? '').filter((name) => !known.has(name)),
				[],
				`${code}: ${text}`,
			);
		}
	}
});

test('no neutral or editor sentence names a command-line flag or command', () => {
	for (const code of codes) {
		for (const text of [sentences[code], editorMessages[code]?.sentence ?? '']) {
			assert.doesNotMatch(text, flag, code);
			assert.doesNotMatch(text, commandPattern, code);
		}
	}
});

test("a command offered with an error is registered, and its button has the command's title", () => {
	const names = new Map(Object.entries(commandIds).map(([name, id]) => [id as string, name]));
	const titles = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
	for (const code of codes) {
		const message = editorMessages[code];
		if (message?.command === 'workbench.trust.manage') {
			assert.equal(message.button, 'Manage Workspace Trust', code);
		} else if (message?.command !== undefined) {
			const name = names.get(message.command);
			assert.ok(name, `${code}: ${message.command}`);
			assert.equal(message.button, titles[`command.${name}`], code);
		}
	}
});

test('every error code is thrown somewhere', () => {
	const thrown = readdirSync('src', { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts') && !/[\\/](?:sentences|messages)[\\/]/.test(file))
		.map((file) => readFileSync(path.join('src', file), 'utf8'))
		.join('\n');
	assert.deepEqual(
		codes.filter((code) => !thrown.includes(`'${code}'`)),
		[],
	);
});
