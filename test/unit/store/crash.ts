import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { questionId } from '../../../src/core/questions/question.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { solutionOf } from './solutionOf.ts';

/** Starts a process that writes until it is killed, and prints `ack NAME` for each confirmed write. */
export function startWriter(project: string, dist: string, name: string, compactAt: number) {
	const writer = path.join(dist, 'crashWriter.js');
	const child = spawn(process.execPath, ['--liftoff-only', writer, project, dist, name, String(compactAt)], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const state = { child, out: '', err: '' };
	child.stdout.on('data', (chunk: Buffer) => (state.out += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (state.err += chunk.toString()));
	return state;
}

export interface Outcome {
	readonly acked: number;
	readonly lost: number;
	readonly unreadable: number;
	readonly warnings: readonly string[];
	/** Number of partly written temporary files left by killed processes. */
	readonly leftovers: number;
}

/**
 * Runs two writers on one project. Kills one `delay` ms after both have had a confirmed write, then the other; every
 * confirmed write must still be there.
 */
export async function crashOnce(project: string, dist: string, round: number, delay: number): Promise<Outcome> {
	const writers = ['a', 'b'].map((name) => startWriter(project, dist, `${round}${name}`, 6000));
	const ends = writers.map(({ child }) => once(child, 'close'));
	for (let waited = 0; waited < 300_000 && !writers.every(({ out }) => out.includes('ack')); waited += 20) {
		await sleep(20);
	}
	await sleep(delay);
	writers[0]?.child.kill('SIGKILL');
	await sleep(delay / 3);
	writers[1]?.child.kill('SIGKILL');
	await Promise.all(ends);
	const errors = writers.map(({ err }) => err).join('');
	if (errors !== '') {
		throw new Error(errors);
	}
	const leftovers = fs.readdirSync(path.join(project, '.stat')).filter((name) => name.endsWith('.tmp')).length;
	let store;
	try {
		store = await openStore({ projectFolder: project, dist });
	} catch {
		return { acked: 0, lost: 0, unreadable: 1, warnings: [], leftovers };
	}
	let acked = 0;
	let lost = 0;
	for (const { out } of writers) {
		for (const line of out
			.slice(0, out.lastIndexOf('\n'))
			.split('\n')
			.filter((text) => text.startsWith('ack '))) {
			acked++;
			const name = line.slice(4);
			const found = name.startsWith('reply')
				? await store.get(name)
				: await store.read('question', { id: questionId(`Question ${name}`) });
			const isWhole =
				found && ('key' in found ? found.text.startsWith(name) : found.solution === solutionOf(name));
			lost += isWhole ? 0 : 1;
		}
	}
	const { warnings } = store;
	await store.close();
	return { acked, lost, unreadable: 0, warnings, leftovers };
}
