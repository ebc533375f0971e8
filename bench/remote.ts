import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileHash, upload } from '../src/remote/launch.ts';
import { tail } from '../src/remote/jobs.ts';
import { status } from '../src/remote/status.ts';
import { createShell } from '../src/remote/shell.ts';
import { quiet, tinyJob } from '../test/unit/remote/jobFixtures.ts';
import { noSshd, openSshd } from '../test/fixtures/sshd.ts';

/**
 * Measures over a real sshd on loopback: uploads, alternating with scp and `ssh cat` of the same file; the lag of a
 * followed log; the cost of reading job states; and memory with a long log.
 */
const megabytes = 100;

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Returns the CPU milliseconds that reading job states costs the host without ssh: only the script, run ten times. */
async function lookCost(home: string, records: Parameters<typeof status>[2]): Promise<number> {
	let script = '';
	const keeps = {
		host: 'local',
		run: (text: string) => ((script = text), Promise.resolve({ code: 0, stdout: Buffer.from(''), stderr: '' })),
		stream: () => {
			throw new Error('not asked');
		},
	};
	await status(
		keeps,
		{ name: 'local', root: path.join(home, '.stat-studio') },
		records,
		new AbortController().signal,
	);
	const { stdout } = spawnSync(
		'bash',
		['-c', `for i in 1 2 3 4 5 6 7 8 9 10; do sh -c "$1" >/dev/null 2>&1; done; times`, 'bash', script],
		{ encoding: 'utf8' },
	);
	const seconds = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
		(sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
		0,
	);
	return (seconds * 1000) / 10;
}

async function main(): Promise<void> {
	const why = noSshd();
	if (why) {
		console.log(`skipped: ${why}`);
		return;
	}
	const sshd = await openSshd('');
	const folder = mkdtempSync(path.join(os.tmpdir(), 'stat-bench-remote-'));
	const shell = createShell('gpu', { configFile: sshd.configFile });
	const sharing = createShell('gpu', { configFile: sshd.configFile, controlFolder: folder });
	const settings = { name: 'gpu' };
	try {
		const times: Record<string, number[]> = {
			ours: [],
			'ours, a connection of its own': [],
			scp: [],
			rsync: [],
			'ssh cat': [],
		};
		const hasRsync = spawnSync('rsync', ['--version']).status === 0;
		for (let round = 0; round < 3; round++) {
			const file = path.join(folder, 'data');
			writeFileSync(file, randomBytes(megabytes << 20));
			const sha = await fileHash(file);
			const timed = async (name: string, work: () => unknown) => {
				const began = performance.now();
				await work();
				times[name]?.push((performance.now() - began) / 1000);
			};
			await timed('ours', () => upload(sharing, settings, file, sha, quiet()));
			rmSync(path.join(sshd.home, '.stat-studio', 'blobs', sha));
			await timed('ours, a connection of its own', () => upload(shell, settings, file, sha, quiet()));
			await timed('scp', () => spawnSync('scp', ['-q', '-F', sshd.configFile, file, 'gpu:scp.data']));
			if (hasRsync) {
				await timed('rsync', () =>
					spawnSync('rsync', ['-e', `ssh -F ${sshd.configFile}`, file, 'gpu:rsync.data']),
				);
				rmSync(path.join(sshd.home, 'rsync.data'));
			}
			await timed('ssh cat', () =>
				spawnSync('sh', ['-c', `ssh -F '${sshd.configFile}' gpu 'cat > cat.data' < '${file}'`]),
			);
		}
		console.log(
			`${megabytes} MB of random bytes, median of 3, taken in turns. Ours also checks the hash on ` +
				`the host.\n\n| upload | MB/s | against scp |\n| --- | --- | --- |`,
		);
		const scp = median(times['scp'] ?? []);
		for (const [name, values] of Object.entries(times)) {
			if (values.length === 0) {
				console.log(`| ${name} | not installed | |`);
				continue;
			}
			console.log(
				`| ${name} | ${(megabytes / median(values)).toFixed(0)} | ${(scp / median(values)).toFixed(2)} |`,
			);
		}

		const { record } = tinyJob('gpu', 'sft', {});
		const place = path.join(sshd.home, '.stat-studio', 'jobs', record.id);
		mkdirSync(place, { recursive: true });
		writeFileSync(path.join(place, 'token'), `${record.token}\n`);
		const log = path.join(place, 'events.jsonl');
		writeFileSync(log, '');
		spawnSync('chown', ['-R', sshd.user, path.join(sshd.home, '.stat-studio')]);
		const abort = new AbortController();
		const lags: number[] = [];
		const writer = setInterval(() => appendFileSync(log, `${performance.now()}\n`), 300);
		try {
			for await (const { bytes } of tail(shell, settings, record, {
				file: 'events',
				offset: 0,
				follow: true,
				signal: abort.signal,
			})) {
				Buffer.from(bytes)
					.toString()
					.trim()
					.split('\n')
					.forEach((line) => lags.push(performance.now() - Number(line)));
				if (lags.length >= 40) {
					break;
				}
			}
		} finally {
			clearInterval(writer);
			abort.abort();
		}
		console.log(
			`\nLog lag from write to read, ${lags.length} lines: median ${median(lags).toFixed(0)} ms, ` +
				`longest ${Math.max(...lags).toFixed(0)} ms (the host is asked once a second).`,
		);

		writeFileSync(log, Buffer.alloc(100 << 20, '{"kind":"step","step":1,"loss":1.25}\n'));
		writeFileSync(path.join(place, 'exit'), '0\n');
		globalThis.gc?.();
		const before = process.memoryUsage().rss;
		let [bytesRead, peak] = [0, before];
		const began = performance.now();
		for await (const { bytes } of tail(shell, settings, record, {
			file: 'events',
			offset: 0,
			follow: false,
			signal: new AbortController().signal,
		})) {
			bytesRead += bytes.length;
			peak = Math.max(peak, process.memoryUsage().rss);
		}
		console.log(
			`A log of 100 MB read to its end: ${(bytesRead / 1048576).toFixed(0)} MB in ` +
				`${((performance.now() - began) / 1000).toFixed(1)} s, ` +
				`${((peak - before) / 1048576).toFixed(0)} MB more memory at its peak.`,
		);

		const records = Array.from({ length: 20 }, () => tinyJob('gpu', 'sft', {}).record);
		for (const { id, token } of records) {
			const folder = path.join(sshd.home, '.stat-studio', 'jobs', id);
			mkdirSync(path.join(folder, 'claimed'), { recursive: true });
			writeFileSync(path.join(folder, 'token'), `${token}\n`);
			writeFileSync(path.join(folder, 'heartbeat'), '');
			writeFileSync(path.join(folder, 'events.jsonl'), '{"kind":"step","step":1}\n');
		}
		spawnSync('chown', ['-R', sshd.user, path.join(sshd.home, '.stat-studio')]);
		const asks: number[] = [];
		for (let round = 0; round < 5; round++) {
			const start = performance.now();
			await status(shell, settings, [record, ...records], new AbortController().signal);
			asks.push(performance.now() - start);
		}
		const bare: number[] = [];
		for (let round = 0; round < 5; round++) {
			const start = performance.now();
			spawnSync('ssh', ['-F', sshd.configFile, 'gpu', 'true']);
			bare.push(performance.now() - start);
		}
		console.log(
			`States of 21 jobs in one round trip: median ${median(asks).toFixed(0)} ms; \`ssh host true\`: ` +
				`${median(bare).toFixed(0)} ms.`,
		);
		console.log(
			`The host's CPU for such a look: ` +
				`${(await lookCost(sshd.home, [record, ...records])).toFixed(0)} ms for 21 jobs, ` +
				`${(await lookCost(sshd.home, [record])).toFixed(0)} ms for one; the editor looks every 10 s ` +
				'while a job goes on.',
		);
	} finally {
		await sshd.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

void main();
