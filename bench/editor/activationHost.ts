// Runs inside an extension host for bench/editor.ts, and measures our activate() and that of an empty extension.
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

export async function run(): Promise<void> {
	const order = (process.env['STAT_BENCH_ORDER'] ?? '').split(',');
	const times: Record<string, number> = {};
	for (const id of order) {
		const extension = vscode.extensions.getExtension(id);
		if (!extension || extension.isActive) {
			const installed = vscode.extensions.all.map((one) => one.id).filter((one) => !one.startsWith('vscode.'));
			const problem = extension ? 'active already' : `not installed; there are ${installed.join(', ')}`;
			console.error(`${id} is ${problem}`);
			throw new Error(id);
		}
		const began = performance.now();
		await extension.activate();
		times[id] = performance.now() - began;
	}
	writeFileSync(process.env['STAT_TEST_RESULT'] ?? '', JSON.stringify(times));
}
