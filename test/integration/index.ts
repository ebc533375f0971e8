import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * The code that VS Code runs inside its extension host. VS Code reports success even if the host dies, so the result is
 * a file: {passes, failures: [{name, error}], pending: [name]}.
 */
export async function run(): Promise<void> {
	const mocha = new Mocha({ ui: 'bdd', timeout: 300_000, color: false, reporter: 'spec' });
	mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, 'index', mocha);
	if (process.env['STAT_TEST_SUITE'] === 'untrusted') {
		await import('./untrusted.test.ts');
	} else if (process.env['STAT_TEST_SUITE'] === 'jobs') {
		await import('./jobs.test.ts');
	} else if (process.env['STAT_TEST_SUITE'] === 'tools') {
		await import('./tools.test.ts');
	} else if (process.env['STAT_TEST_SUITE'] === 'evaluate') {
		await import('./evaluate.test.ts');
	} else if (process.env['STAT_TEST_SUITE'] === 'rounds') {
		await import('./skillsAndRounds.test.ts');
	} else if (process.env['STAT_TEST_SUITE'] === 'inline') {
		await import('./inline.test.ts');
	} else {
		await import('./activation.test.ts');
		await import('./loop.test.ts');
		await import('./documents.test.ts');
		await import('./tools.test.ts');
		await import('./inline.test.ts');
		await import('./hostile.test.ts');
		await import('./teacher.test.ts');
		await import('./jobs.test.ts');
		await import('./evaluate.test.ts');
		await import('./skillsAndRounds.test.ts');
	}
	const passed: string[] = [];
	const pending: string[] = [];
	const failures: { name: string; error: string }[] = [];
	await new Promise<void>((resolve) => {
		mocha
			.run(() => resolve())
			.on('pass', (test) => passed.push(test.fullTitle()))
			.on('pending', (test) => pending.push(test.fullTitle()))
			.on('fail', (test, error: unknown) =>
				failures.push({
					name: test.fullTitle(),
					error: error instanceof Error ? (error.stack ?? error.message) : String(error),
				}),
			);
	});
	const file = process.env['STAT_TEST_RESULT'];
	if (file !== undefined) {
		writeFileSync(file, JSON.stringify({ passes: passed.length, failures, pending }));
	}
	if (failures.length > 0) {
		throw new Error(`${failures.length} failed`);
	}
}
