import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Workbench } from './workbench.ts';

interface Status {
	readonly [name: string]: unknown;
}

let bench: Workbench;
before(async () => {
	bench = await Workbench.open({ folderFrom: 'examples/sample' });
});
after(async () => {
	await bench?.close();
});

test('the loop on the sample, by palette and keyboard', async () => {
	const { page } = bench;
	await bench.palette('STAT: Load Sample Data');
	await bench.status('Sample loaded: 420 questions, 600 answers');
	await bench.screenshot('loaded');
	await bench.palette('STAT: Classify Questions');
	await bench.pick('By which rule', 'Wrong final answer');
	await bench.status('52 of 120 questions are difficult');
	await bench.palette('STAT: Diagnose Difficult Questions');
	await bench.status(/diagnosed/);
	await bench.screenshot('diagnosed');
	console.log(JSON.stringify(bench.cli<Status>('status')));
	console.log(await bench.rows('Skills'), await bench.rows('Questions'));
	await bench.palette('STAT: Open Next Failed Question');
	const panel = await bench.panel('Diagnosis', '.chips .chip');
	await bench.screenshot('panel');
	console.log(await panel.locator('.chips').innerText(), await panel.locator('h1').innerText());
	console.log(bench.strayRequests, bench.violations, bench.dialogs);
	void page;
	assert.ok(true);
});
