import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { StatError } from '../../../../src/core/errors/statError.ts';
import { readCommand } from '../../../../src/grading/exec/readCommand.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-command-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
fs.mkdirSync(path.join(folder, 'pkg'));
fs.writeFileSync(path.join(folder, 'pkg', '__main__.py'), '');
fs.writeFileSync(path.join(folder, 'check.py'), '');
fs.writeFileSync(path.join(folder, 'rules.txt'), 'one');

const refusals = [
	[`python3 ${folder}/pkg`, 'questions.checkerFolder'],
	['python3 pkg', 'questions.checkerFolder'],
	['python3 check.py --modules=pkg', 'questions.checkerFolder'],
	['./pkg', 'questions.checkerFolder'],
	['nosuchprog-of-stat', 'questions.checkerProgram'],
	['python3 missing.py', 'questions.checkerMissing'],
	['python3 check.py --inner=missing.sh', 'questions.checkerMissing'],
	['./missing', 'questions.checkerMissing'],
] as const;
for (const [command, code] of refusals) {
	test(`the command ${command.replace(folder, '')} is refused: ${code}`, () =>
		assert.rejects(readCommand(command, folder), (error) => error instanceof StatError && error.code === code));
}

test('a file after = counts as named: it is copied, and a change of it is another consent', async () => {
	const command = 'python3 check.py --rules=rules.txt --level=3 ""';
	const first = await readCommand(command, folder);
	assert.deepEqual(
		first.files.map((file) => path.basename(file)),
		['check.py', 'rules.txt'],
	);
	assert.equal(first.copies.get(2)?.before, '--rules=');
	fs.writeFileSync(path.join(folder, 'rules.txt'), 'two');
	assert.notEqual((await readCommand(command, folder)).hash, first.hash);
});

for (const command of ["sh -c 'exec python3 check.py'", 'python3 -c "import a.py"', "sh -c ''"]) {
	test(`the command ${command} names no file`, async () =>
		assert.deepEqual((await readCommand(command, folder)).files, []));
}
