import tseslint from 'typescript-eslint';
import { flags } from './scripts/flags.mjs';
import { rooms } from './scripts/rooms.mjs';
import { words } from './scripts/words.mjs';

const house = { rules: { flags, rooms, words } };

const zodImport = {
	selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
	message: "import * as z from 'zod': a named import costs 360 kB in the bundle (docs/decisions.md)",
};
/** `store.write(…)` and `parts.store.write(…)`. */
const storeWrite = {
	selector:
		'CallExpression[callee.property.name="write"]:matches([callee.object.name="store"], [callee.object.property.name="store"])',
	message: 'the editor and the command line write through a function of src/workflow (docs/architecture.md)',
};

export default tseslint.config(
	{ ignores: ['dist/', 'out/', 'node_modules/', '.stat-cache/', 'trainer/', '**/.stat/'] },
	...tseslint.configs.recommended,
	{
		plugins: { house },
		rules: {
			'house/flags': 'error',
			'house/rooms': 'error',
			'house/words': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
			'@typescript-eslint/consistent-type-imports': 'error',
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
			'no-nested-ternary': 'error',
			'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
			'no-restricted-syntax': ['error', zodImport],
		},
	},
	{ files: ['eslint.config.mjs', 'scripts/reporter.mjs'], rules: { 'no-restricted-exports': 'off' } },
	{
		files: ['src/ui/**', 'src/cli/**', 'src/cli.ts', 'src/startStudio.ts'],
		rules: { 'no-restricted-syntax': ['error', zodImport, storeWrite] },
	},
	{ files: ['test/**', 'bench/**', 'scripts/**'], rules: { 'max-lines': 'off' } },
	{
		// Promises nobody waits for are how answers get lost.
		files: ['src/**/*.ts'],
		ignores: ['src/core/**'],
		languageOptions: { parserOptions: { project: './tsconfig.json' } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
		},
	},
);
