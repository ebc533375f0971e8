import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../../src/cli/commands.ts';
import { commonOptions } from '../../../src/cli/commonOptions.ts';
import { commandHelp } from '../../../src/cli/help.ts';
import { nearestName } from '../../../src/cli/nearestName.ts';
import { parseOptions } from '../../../src/cli/parseOptions.ts';
import { argumentCount, shortUsage, usageLine } from '../../../src/cli/usage.ts';
import { StatError } from '../../../src/core/errors/statError.ts';

const command = {
	args: ['NAME', '[ID…]'],
	options: {
		out: { type: 'string', value: 'FILE', required: true, help: 'the file' },
		set: { type: 'string', value: 'KEY=VALUE', multiple: true, help: 'a setting' },
		samples: { type: 'string', value: 'K', help: 'answers a question' },
		add: { type: 'boolean', help: 'beside the list' },
		replace: { type: 'boolean', help: 'instead of the list' },
	},
	choices: [{ options: ['add', 'replace'] }],
} as const;

const refusal = (...argv: string[]) => {
	try {
		parseOptions('make', command.options, argv);
	} catch (error) {
		assert.ok(error instanceof StatError);
		assert.equal(error.kind, 'usage');
		return error.message;
	}
	return 'accepted';
};

test('a usage line lists the arguments, the required options, the choices and the other options', () => {
	assert.equal(
		usageLine('make', command, Infinity),
		'stat-studio make NAME [ID…] --out FILE [--add | --replace] [--set KEY=VALUE …] [--samples K]',
	);
	assert.equal(
		usageLine('make', { ...command, choices: [{ ...command.choices[0], required: true }] }, Infinity),
		'stat-studio make NAME [ID…] (--add | --replace) --out FILE [--set KEY=VALUE …] [--samples K]',
	);
	assert.equal(shortUsage('make', command), 'stat-studio make NAME [ID…] --out FILE');
});

test('the names of positional arguments (FILE, [FILE], FILE…) determine how many are accepted', () => {
	assert.deepEqual(argumentCount({}), { least: 0, most: 0 });
	assert.deepEqual(argumentCount({ args: ['NAME', '[TEXT]'] }), { least: 1, most: 2 });
	assert.deepEqual(argumentCount({ args: ['FILE…'] }), { least: 1, most: Infinity });
	assert.deepEqual(argumentCount({ args: ['[ID…]'] }), { least: 0, most: Infinity });
});

test('help fits the width of the terminal', async () => {
	for (const [name, { load }] of Object.entries(commands)) {
		const lines = commandHelp(name, await load(), 80).split('\n');
		// A word longer than its column cannot be broken.
		assert.deepEqual(
			lines.filter((line) => line.length > 80 && /\S\s+\S.*\s/.test(line.slice(60))),
			[],
			name,
		);
	}
});

test('every command accepts --yes', async () => {
	for (const [name, { load }] of Object.entries(commands)) {
		const { options } = await load();
		assert.equal(parseOptions(name, { ...commonOptions, ...options }, ['--yes']).values.flag('yes'), true, name);
	}
});

test('choices name existing options of their command', async () => {
	for (const [name, { load }] of Object.entries(commands)) {
		const { options, choices = [] } = await load();
		for (const option of choices.flatMap((choice) => choice.options)) {
			assert.ok(option in options, `${name} --${option}`);
		}
	}
});

test('an unknown option is rejected with the nearest known option and the command that lists all options', () => {
	assert.equal(
		refusal('--sample', '3'),
		'there is no option --sample; did you mean --samples? ("stat-studio make --help" lists the options)',
	);
	assert.equal(
		refusal('--frobnicate'),
		'there is no option --frobnicate ("stat-studio make --help" lists the options)',
	);
	assert.match(refusal('-x'), /^there is no option -x /);
	assert.match(refusal('--constructor'), /^there is no option --constructor /);
});

test('an option rejects an unsupported value and a missing value', () => {
	assert.match(refusal('--add=yes'), /^--add takes no value /);
	assert.match(refusal('--out'), /^--out needs a value: --out FILE /);
	assert.match(
		refusal('--out', '--add'),
		/^--out needs a value; one that begins with a dash is written --out=--add /,
	);
});

test('a value may be negative, be a single dash, or begin with a dash after an equals sign', () => {
	const { values, args } = parseOptions('make', command.options, ['--samples', '-3', 'a', '--out=-x', '--', '--add']);
	assert.deepEqual(
		[values.text('samples'), values.text('out'), values.flag('add'), args],
		['-3', '-x', false, ['a', '--add']],
	);
	assert.equal(parseOptions('make', command.options, ['--out', '-']).values.text('out'), '-');
});

test('the suggested name begins with the typed text, or else has the smallest edit distance from it', () => {
	assert.equal(nearestName('bench', ['branch', 'benchmark']), 'benchmark');
	assert.equal(nearestName('studnet', ['student', 'round']), 'student');
	assert.equal(nearestName('nonsense', ['student', 'round']), undefined);
});
