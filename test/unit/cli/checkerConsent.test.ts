import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';

test('the consent to a checker that names no file says that it covers the command line alone', async () => {
	const folder = newFolder();
	const env = { STAT_STUDIO_CONSENTS: path.join(newFolder(), 'consents.json') };
	fs.writeFileSync(path.join(folder, 'log.jsonl'), '{"question":"1+1?","gold":"2","response":"2"}\n');
	await runCli(['init'], folder, env);
	const add = ['import', 'answers', 'log.jsonl', '--student', 's', '--yes', '--grading'];
	const { stderr } = await runCli([...add, "exec:sh -c 'exec true'"], folder, env);
	assert.match(stderr, /covers this command line alone and not what it starts/);
});
