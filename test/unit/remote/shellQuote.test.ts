import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkHostName, checkJobId } from '../../../src/remote/hostName.ts';
import { shellLine, shellQuote } from '../../../src/remote/shellQuote.ts';

test('a shell passes every quoted argument through unchanged', () => {
	const nasty = fc
		.array(
			fc.oneof(
				fc.constantFrom(
					"'",
					'"',
					'`',
					'$(id)',
					'\\',
					'\n',
					';',
					'&&',
					'|',
					'*',
					'~',
					'!',
					'-',
					'--',
					'#',
					' ',
					'\t',
					'${IFS}',
					'\u202e',
					'é',
					'😀',
					'\x01',
					'\x7f',
				),
				fc.string({ maxLength: 6 }),
			),
			{ maxLength: 8 },
		)
		.map((parts) => parts.join('').replace(/\0/g, ''));
	fc.assert(
		fc.property(fc.array(nasty, { minLength: 1, maxLength: 5 }), (args) => {
			const wellFormed = args.map((arg) => Buffer.from(arg).toString());
			const { stdout } = spawnSync(
				'sh',
				['-c', `for word in ${shellLine(wellFormed)}; do printf '%s\\0' "$word"; done`],
				{ encoding: 'utf8' },
			);
			assert.deepEqual(stdout.split('\0').slice(0, -1), wellFormed);
		}),
		{ numRuns: 150 },
	);
});

test('an argument with a NUL is rejected', () => {
	assert.throws(() => shellQuote('a\0b'), /NUL/);
});

test('malformed host names and job ids are rejected', () => {
	for (const good of ['local', 'gpu1', 'me@gpu-1.lab.example', '10.0.0.1', 'fe80::1']) {
		assert.equal(checkHostName(good), good);
	}
	for (const bad of [
		'',
		'-oProxyCommand=id',
		'a b',
		'a;id',
		'$(id)',
		'ssh://x/',
		'a\nb',
		'a/../b',
		'`id`',
		"a'b",
		'x'.repeat(300),
	]) {
		assert.throws(() => checkHostName(bad), /expected a name that OpenSSH knows/);
	}
	for (const bad of ['', '../x', 'a b', 'A'.repeat(10), 'x', 'a/b-ccccccc', '-abcdefgh']) {
		assert.throws(() => checkJobId(bad), /not a job ID/);
	}
});
