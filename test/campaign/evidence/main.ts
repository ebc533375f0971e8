// npm run evidence [-- OPTIONS]: see docs/evidence.md. Runs everything that has no result yet, then writes the report.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openProduct } from './product.ts';
import { runSeed } from './oneSeed.ts';
import { collect, report } from './report.ts';
import type { Arm, WorldName } from './settings.ts';
import { arms, fullSettings, smallSettings } from './settings.ts';

const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '8' },
		first: { type: 'string', default: '101' },
		small: { type: 'boolean', default: false },
		out: { type: 'string', default: 'evidence/new' },
		work: { type: 'string', default: path.join(os.tmpdir(), 'stat-evidence') },
		dist: { type: 'string', default: 'dist' },
		worlds: { type: 'string', default: 'gap,level' },
		arms: { type: 'string' },
		lr: { type: 'string' },
		processes: { type: 'string', default: '2' },
		tune: { type: 'boolean', default: false },
		grpo: { type: 'boolean', default: false },
		report: { type: 'boolean', default: false },
		cold: { type: 'boolean', default: false },
	},
});

async function main(): Promise<void> {
	if (values.report) {
		console.log(report(collect(values.out)));
		return;
	}
	const python = process.env['STAT_PYTHON'];
	if (python === undefined) {
		throw new Error('STAT_PYTHON names no Python with the trainer’s packages');
	}
	const settings = values.small ? smallSettings : fullSettings;
	const selected = values.grpo ? ['sel', 'augment'] : values.arms?.split(',');
	const rates = values.lr?.split(',');
	const chosen: Arm[] = arms
		.filter(({ name }) => selected === undefined || selected.includes(name))
		.flatMap((arm) => rates?.map((lr) => ({ ...arm, name: `${arm.name}-lr${lr}`, lr: Number(lr) })) ?? [arm]);
	// GRPO runs after base, Augment and STAT-Sel, and only in the world with the gap.
	const worlds = values.grpo ? ['gap'] : values.worlds.split(',');
	const seeds = Array.from({ length: Number(values.seeds) }, (_, n) => Number(values.first) + n);
	const work = path.resolve(values.work);
	mkdirSync(work, { recursive: true });
	// For every seed, the arms of the hypotheses come first, so that an interrupted run lacks arms rather than seeds.
	const tasks = [
		...([1, 2, 3] as const).flatMap((tier) =>
			(['gap', 'level'] as const)
				.filter((world) => worlds.includes(world))
				.flatMap((world) =>
					seeds.map((seed) => ({ world, seed, arms: chosen.filter((arm) => arm.tier === tier) })),
				),
		),
	] satisfies { world: WorldName; seed: number; arms: Arm[] }[];
	const product = await openProduct({
		dist: path.resolve(values.dist),
		home: path.join(work, 'home'),
		python,
		warm: !values.cold,
	});
	const began = performance.now();
	const log = (text: string) =>
		console.log(`${String(Math.round((performance.now() - began) / 1000)).padStart(5)} s  ${text}`);
	// If two tasks belong to one project (its arms of two tiers), one waits for the other.
	const busy = new Map<string, Promise<void>>();
	try {
		await Promise.all(
			Array.from({ length: Number(values.processes) }, async () => {
				for (let task = tasks.shift(); task; task = tasks.shift()) {
					const [key, seedRun] = [
						`${task.world}-${task.seed}`,
						{
							product,
							settings,
							work,
							out: path.resolve(values.out),
							tune: values.tune,
							grpo: values.grpo,
							log,
							...task,
						},
					];
					const turn = (busy.get(key) ?? Promise.resolve()).then(() => runSeed(seedRun));
					busy.set(key, turn);
					await turn;
				}
			}),
		);
	} finally {
		product.close();
	}
	writeFileSync(path.join(values.out, 'report.md'), report(collect(values.out)));
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
