// The checks that need no test runner, for `npm run check` and `npm test`. Each is a name with the arguments for node.
export const typeChecks = ['src/core', '.', 'webview'].map((project) => [
	`types of ${project}`,
	['node_modules/@typescript/native/bin/tsc', '-p', project],
]);

export const styleChecks = [
	['no circle of imports', ['scripts/circles.mjs']],
	['format: Prettier', ['node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn']],
	['lines: few over 120 columns', ['scripts/lineLengths.mjs']],
	['lint: the arrow rule and the rest', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']],
];
