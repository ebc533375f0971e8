import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandOutput } from '../../../src/cli/command.ts';
import { command } from '../../../src/cli/command.ts';
import { scopeOf, scopeOptions } from '../../../src/cli/scopeOptions.ts';

const done: CommandOutput = { exitStatus: 0 };

test('the compiler checks that a command reads only options that it declares, each with its type', () => {
	const declared = command({
		about: '',
		options: {
			...scopeOptions,
			'at-least': { type: 'string', help: '' },
			set: { type: 'string', multiple: true, help: '' },
			all: { type: 'boolean', help: '' },
		},
		async run({ parts, values }) {
			values.whole('at-least');
			values.text('student');
			values.pairs('set');
			values.flag('all');
			values.flag('yes');
			await scopeOf((await parts()).store, values);
			// @ts-expect-error not declared
			values.whole('at-leest');
			// @ts-expect-error the command calls no teacher
			values.number('budget');
			// @ts-expect-error text, not a flag
			values.flag('at-least');
			// @ts-expect-error a flag has no value
			values.text('all');
			// @ts-expect-error a list
			values.text('set');
			// @ts-expect-error one value, not a list
			values.list('student');
			return done;
		},
	});
	command({
		about: '',
		options: { all: { type: 'boolean', help: '' } },
		// @ts-expect-error a choice among options that are not declared
		choices: [{ options: ['all', 'none'] }],
		teacher: true,
		async run({ parts, values }) {
			values.number('budget');
			// @ts-expect-error the group of options is not declared
			await scopeOf((await parts()).store, values);
			return done;
		},
	});
	assert.deepEqual(Object.keys(declared.options), ['student', 'round', 'at-least', 'set', 'all']);
});
