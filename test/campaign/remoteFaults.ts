import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Host } from '../../src/core/ports/hosts.ts';
import type { JobRecord } from '../../src/core/training/job.ts';
import { openHost } from '../../src/remote/openHost.ts';
import { isUnreachable } from '../../src/remote/unreachable.ts';
import type { Sshd } from '../fixtures/sshd.ts';
import { processesOf } from '../fixtures/sshd.ts';
import { quiet, stateOf, temporary, tinyJob, until } from '../unit/remote/jobFixtures.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Life {
	readonly log: Buffer;
	readonly away: number;
	readonly starts: number;
	readonly resumes: number;
	/**
	 * Whether every step from 1 to the last was counted once. A step that a resumed trainer repeats counts in its last
	 * position.
	 */
	readonly gapless: boolean;
	readonly exact: boolean;
	readonly state: string;
}

/**
 * Runs jobs with one fault each, over a real sshd. Shows what a user sees, and whether one trainer did every step
 * exactly once. `told` receives each Markdown row.
 */
export async function faults(sshd: Sshd, told: (row: string) => void): Promise<void> {
	const open = (more: { sshPath?: string } = {}): Host =>
		openHost(
			{ name: 'gpu', python: sshd.python, prelude: 'export OMP_NUM_THREADS=1' },
			{ trainerFolder: path.resolve('trainer'), configFile: sshd.configFile, ...more },
		);
	const host = open();
	await host.prepare(quiet());
	const folderOf = (record: JobRecord): string => path.join(sshd.home, '.stat-studio', 'jobs', record.id);

	/** Launches one job and follows it from its first byte to its end while `trouble` happens. */
	const live = async (
		name: string,
		epochs: number,
		trouble: (record: JobRecord) => Promise<string>,
		by: Host = host,
		follow: Host = host,
	): Promise<void> => {
		const { record, data } = tinyJob('gpu', 'sft', { epochs, method: 'lora', save_every: 10 });
		await by.launch(record, data, quiet());
		let log = Buffer.alloc(0);
		let away = 0;
		let over = false;
		const reading = (async () => {
			// When a job is lost, the follower ends; the job is then resumed as a user would resume it, and followed
			// from where it stopped.
			while (!over) {
				for await (const { offset, bytes } of follow.tail(record, {
					file: 'events',
					offset: log.length,
					follow: true,
					signal: new AbortController().signal,
					onState: (state) => (away += state === 'unreachable' ? 1 : 0),
				})) {
					log = Buffer.concat([log.subarray(0, offset), bytes]);
				}
				over = ['done', 'failed', 'cancelled'].includes((await stateOf(host, record))?.state ?? '');
				await wait(over ? 0 : 500);
			}
		})();
		await until('its first steps', () => Promise.resolve(log.includes('"kind": "step"')));
		const seen = await trouble(record);
		await reading;
		const life = judge(
			log,
			readFileSync(path.join(folderOf(record), 'events.jsonl')),
			away,
			(await stateOf(host, record))?.state ?? '',
		);
		const trainers = processesOf(sshd.user).filter(({ command }) => /stat_trainer|run\.sh/.test(command)).length;
		const right = life.state === 'done' && life.gapless && life.exact && trainers === 0;
		const gap = life.gapless ? '' : 'gap, ';
		const difference = life.exact ? '' : 'bytes differ, ';
		const outcome = right ? 'yes' : `**no** (${life.state}, ${gap}${difference}${trainers} processes left)`;
		told(`| ${name} | ${seen} | ${life.starts} | ${life.resumes} | ${outcome} |`);
	};

	await live('host silent for a minute (every sshd process stopped)', 150, async (record) => {
		const stopped = [...processesOf(sshd.user), ...processesOf('root')]
			.filter(
				({ command }) =>
					command.includes('sshd') && (command.includes(sshd.folder) || command.includes(sshd.user)),
			)
			.map(({ pid }) => pid);
		stopped.forEach((pid) => process.kill(pid, 'SIGSTOP'));
		const meanwhile = await host.status([record], new AbortController().signal).then(
			([status]) => status?.state ?? '?',
			(error: unknown) => (isUnreachable(error) ? 'not reachable, nothing else is said' : String(error)),
		);
		await wait(60_000);
		stopped.forEach((pid) => {
			try {
				process.kill(pid, 'SIGCONT');
			} catch {
				// ssh gave up, and the follower ended.
			}
		});
		return meanwhile;
	});
	await live('sshd ended and started again', 30, async () => {
		await sshd.stop();
		await wait(2000);
		await sshd.start();
		return 'followed on';
	});
	await live('trainer killed -9', 30, async (record) => {
		await until('a checkpoint', () =>
			Promise.resolve(readFileSync(path.join(folderOf(record), 'events.jsonl'), 'utf8').includes('"checkpoint"')),
		);
		process.kill(Number(readFileSync(path.join(folderOf(record), 'heartbeat'), 'utf8').split(' ')[1]), 'SIGKILL');
		return 'went on from its checkpoint by itself';
	});
	await live('its whole process group killed -9, as by a power cut; resumed by three at once', 30, async (record) => {
		await until('a checkpoint', () =>
			Promise.resolve(readFileSync(path.join(folderOf(record), 'events.jsonl'), 'utf8').includes('"checkpoint"')),
		);
		process.kill(-Number(readFileSync(path.join(folderOf(record), 'identity'), 'utf8').split('\n')[0]), 'SIGKILL');
		await Promise.all([
			host.resume(record, quiet()),
			open().resume(record, quiet()),
			open().resume(record, quiet()),
		]);
		const runs = readdirSync(folderOf(record)).filter((name) => name.startsWith('claimed')).length;
		return `${runs} runs in all`;
	});
	// Every other reply is lost: the command has run to its end on the host, but nothing comes back.
	const forgetful = path.join(temporary('ssh'), 'ssh');
	writeFileSync(
		forgetful,
		`#!/bin/sh\ncase " $* " in *" -G "*) exec ssh "$@" ;; esac\nn=$(cat "$0.n" 2>/dev/null || echo 0); ` +
			`echo $((n + 1)) > "$0.n"\n[ $((n % 2)) = 1 ] && exec ssh "$@"\nssh "$@" > "$0.lost"; exit 255\n`,
	);
	chmodSync(forgetful, 0o755);
	await live(
		'every other reply lost, the launch’s too',
		20,
		() =>
			Promise.resolve(
				`${readFileSync(`${forgetful}.n`, 'utf8').trim()} commands for one ` +
					`launch${existsSync(`${forgetful}.lost`) ? '' : ', none lost'}`,
			),
		open({ sshPath: forgetful }),
	);
	await live(
		'the one who launched it is gone; another machine follows from the first byte',
		30,
		() => Promise.resolve('followed on'),
		open(),
		open(),
	);
}

function judge(log: Buffer, onHost: Buffer, away: number, state: string): Life {
	const events = log
		.toString()
		.split('\n')
		.filter((line) => line.endsWith('}'))
		.map((line) => JSON.parse(line) as { kind: string; step: number; steps: number });
	let steps: number[] = [];
	for (const { kind, step } of events) {
		if (kind === 'resumed') {
			steps = steps.filter((one) => one <= step);
		} else if (kind === 'step') {
			steps.push(step);
		}
	}
	const last = events.filter(({ kind }) => kind === 'step').at(-1)?.steps ?? -1;
	return {
		log,
		away,
		starts: events.filter(({ kind }) => kind === 'start').length,
		resumes: events.filter(({ kind }) => kind === 'resumed').length,
		gapless: steps.length === last && steps.every((value, index) => value === index + 1),
		exact: log.equals(onHost),
		state,
	};
}
