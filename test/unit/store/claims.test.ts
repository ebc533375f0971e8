import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Claims, claimsFolder } from '../../../src/store/engine/claims.ts';
import { beat, newEntryMemory } from '../../../src/store/engine/heldEntry.ts';
import { expiresAfter } from '../../../src/store/engine/lock.ts';
import type { Machine } from '../../../src/store/engine/machine.ts';
import { realFiles, realMachine } from '../../../src/store/engine/machine.ts';
import { newFolder } from '../../fixtures/builtCli.ts';

const key = (n: number) => n.toString(16).padStart(20, '0').padEnd(40, 'f');
const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => key(from + index));
const states = (claims: readonly ({ readonly state: string } | undefined)[]) =>
	claims.map((claim) => claim?.state ?? 'free');

/** Opens the claims of one store; `self` and `isAlive` say on which machine and in which process it is. */
function open(folder: string, store: string, over: Partial<Machine> = {}) {
	const memory = newEntryMemory();
	const claims = new Claims(folder, store.repeat(12), { ...realMachine(), ...over }, memory);
	return {
		claims,
		beat: () => beat(realFiles, path.join(folder, claimsFolder), store.repeat(12), memory),
	};
}

const elsewhere = { ...realMachine().self, host: 'another', boot: 'f00d' };

test('a key is claimed by one run, whichever store it is in, until it is released', () => {
	const folder = newFolder();
	const [first, second] = [open(folder, 'a').claims, open(folder, 'b').claims];
	assert.deepEqual(states(first.take(keys(0, 4), 1)), ['ours', 'ours', 'ours', 'ours']);
	assert.deepEqual(states(first.take(keys(0, 1), 1)), ['ours'], 'confirmed');
	assert.deepEqual(states(first.take(keys(0, 1), 2)), ['theirs'], 'another run of the same store');
	assert.deepEqual(states(second.look(keys(2, 6), 1)), ['theirs', 'theirs', 'free', 'free']);
	assert.deepEqual(states(second.take(keys(2, 6), 1)), ['theirs', 'theirs', 'ours', 'ours']);
	first.release(keys(0, 3), 1);
	first.flush();
	assert.deepEqual(states(second.look(keys(0, 4), 1)), ['free', 'free', 'free', 'theirs']);
	first.leave();
	assert.deepEqual(states(second.take(keys(0, 4), 1)), ['ours', 'ours', 'ours', 'ours']);
	second.leave();
	assert.deepEqual(fs.readdirSync(folder), [], 'nothing is left');
});

test('the claims of a dead process fall at once, and so do those of a store that is over in a living one', () => {
	const folder = newFolder();
	const dead = { ...realMachine().self, pid: 999_999_999 };
	open(folder, 'a', { self: dead }).claims.take(keys(0, 3), 1);
	const crashed = open(folder, 'b').claims;
	crashed.take(keys(3, 6), 1);
	const third = open(folder, 'c').claims;
	assert.deepEqual(states(third.look(keys(0, 6), 1)), ['free', 'free', 'free', 'theirs', 'theirs', 'theirs']);
	crashed.vanish();
	assert.deepEqual(states(third.take(keys(0, 6), 1)), Array(6).fill('ours'));
	third.leave();
	assert.deepEqual(fs.readdirSync(folder), [], 'nothing is left of the dead');
});

test("another machine's claims fall only when it stood still while this one watched", () => {
	const folder = newFolder();
	let now = 0;
	const far = open(folder, 'a', { self: elsewhere });
	far.claims.take(keys(0, 2), 1);
	const here = open(folder, 'b', { monotonic: () => now, now: () => 0 }).claims;
	assert.deepEqual(states(here.look(keys(0, 1), 1)), ['theirs']);
	now += expiresAfter - 1;
	far.beat();
	assert.deepEqual(states(here.look(keys(0, 1), 1)), ['theirs'], 'its clock says that it has moved');
	now += expiresAfter - 1;
	assert.deepEqual(states(here.look(keys(0, 1), 1)), ['theirs']);
	now += 2;
	assert.deepEqual(states(here.take(keys(0, 1), 1)), ['ours']);
	// It continues, finds its claims void, and does not take what was taken.
	assert.deepEqual(states(far.claims.take(keys(0, 2), 1)), ['theirs', 'ours']);
});

test('an entry that was renamed after it was listed keeps its claims', () => {
	const folder = newFolder();
	let now = 0;
	const far = open(folder, 'a', { self: elsewhere });
	far.claims.take(keys(0, 1), 1);
	const place = path.join(folder, claimsFolder);
	const old = fs.readdirSync(place);
	// On a network file system the list of files may be a minute old.
	const files = { ...realFiles, readdirSync: () => old };
	const here = open(folder, 'b', { monotonic: () => now, files }).claims;
	assert.deepEqual(states(here.look(keys(0, 1), 1)), ['theirs']);
	far.beat();
	now += expiresAfter + 1;
	assert.deepEqual(states(here.take(keys(0, 1), 1)), ['theirs']);
});

test('a line that a kill cut off, and a ledger that is gone or written anew, lose no claim of the living', () => {
	const folder = newFolder();
	const [first, second] = [open(folder, 'a').claims, open(folder, 'b').claims];
	first.take(keys(0, 2), 1);
	const ledger = path.join(folder, claimsFolder, 'ledger');
	fs.appendFileSync(ledger, `+ ${'a'.repeat(12)} 1 ${key(7).slice(0, 9)}`);
	assert.deepEqual(states(second.take(keys(1, 3), 1)), ['theirs', 'ours']);
	assert.deepEqual(states(first.take(keys(2, 4), 1)), ['theirs', 'ours']);
	// Long use: most lines are outdated, and the ledger is written anew with what holds.
	for (let n = 0; n < 300; n++) {
		const some = keys(1000 + n * 200, 1200 + n * 200);
		first.take(some, 1);
		first.release(some, 1);
	}
	first.flush();
	assert.ok(fs.statSync(ledger).size < 1 << 20, String(fs.statSync(ledger).size));
	assert.deepEqual(states(open(folder, 'c').claims.look(keys(0, 5), 1)), [
		'theirs',
		'theirs',
		'theirs',
		'theirs',
		'free',
	]);
	// Somebody deletes it: claims made from then on hold.
	fs.rmSync(ledger);
	second.take(keys(10, 11), 1);
	assert.deepEqual(states(first.take(keys(10, 12), 1)), ['theirs', 'ours']);
});

test('a ledger of garbage or a link in its place is no claim and no way out of the project', () => {
	const folder = newFolder();
	const place = path.join(folder, claimsFolder);
	fs.mkdirSync(place);
	fs.writeFileSync(path.join(place, 'ledger'), 'nonsense\n+ x 1 y\n');
	const { claims } = open(folder, 'a');
	assert.deepEqual(states(claims.take(keys(0, 1), 1)), ['ours']);
	assert.deepEqual(states(open(folder, 'b').claims.look(keys(0, 1), 1)), ['theirs']);
	claims.leave();
	fs.rmSync(place, { recursive: true, force: true });
	const outside = newFolder();
	fs.symlinkSync(outside, place);
	assert.throws(() => open(folder, 'c').claims.take(keys(0, 1), 1), { code: 'store.link' });
	assert.deepEqual(fs.readdirSync(outside), []);
});

test("a forged claim whose entry cannot be removed, or that is no file, falls like another machine's dead one", () => {
	for (const make of [
		(entry: string) => fs.mkdirSync(entry),
		(entry: string) => fs.symlinkSync('nowhere', entry),
		(entry: string) => fs.writeFileSync(entry, ''),
	]) {
		const folder = newFolder();
		let now = 0;
		open(folder, 'a', { self: elsewhere }).claims.take(keys(0, 2), 1);
		const place = path.join(folder, claimsFolder);
		const [name = ''] = fs.readdirSync(place).filter((file) => file !== 'ledger');
		const entry = path.join(place, name);
		fs.rmSync(entry);
		make(entry);
		const refuse = (file: string) => {
			if (file === entry) {
				throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
			}
			realFiles.unlinkSync(file);
		};
		const files = { ...realFiles, unlinkSync: refuse };
		const here = open(folder, 'b', { monotonic: () => now, files }).claims;
		assert.deepEqual(states(here.look(keys(0, 2), 1)), ['theirs', 'theirs']);
		now += 2 * expiresAfter + 1;
		assert.deepEqual(states(here.look(keys(0, 2), 1)), ['free', 'free']);
		assert.deepEqual(states(here.take(keys(0, 2), 1)), ['ours', 'ours']);
	}
});

test("another machine's dead claim that a look found expired is free for the claim that follows", () => {
	const folder = newFolder();
	let now = 0;
	const far = open(folder, 'a', { self: elsewhere });
	far.claims.take(keys(0, 2), 1);
	const here = open(folder, 'b', { monotonic: () => now }).claims;
	assert.deepEqual(states(here.look(keys(0, 1), 1)), ['theirs']);
	now += expiresAfter;
	assert.deepEqual(states(here.look(keys(0, 1), 1)), ['free']);
	assert.deepEqual(states(here.look(keys(0, 1), 1)), ['free']);
	assert.deepEqual(states(here.take(keys(0, 1), 1)), ['ours']);
	assert.deepEqual(states(far.claims.take(keys(0, 2), 1)), ['theirs', 'ours'], 'it continues as a new one');
	assert.deepEqual(states(here.look(keys(1, 2), 1)), ['theirs']);
});
