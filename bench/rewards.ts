import { spawnSync } from 'node:child_process';

/**
 * Compares process rewards from one pass per answer with those from one pass per step, in one run on the CPU. Needs a
 * Python with the trainer's packages (STAT_PYTHON).
 */
function main(): void {
	const python = process.env['STAT_PYTHON'];
	if (!python) {
		console.log('skipped: STAT_PYTHON names no interpreter with the trainer’s packages');
		return;
	}
	const { stdout, stderr, status } = spawnSync(python, ['-W', 'ignore', 'bench/rewardsPeer.py'], {
		encoding: 'utf8',
		env: { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error' },
	});
	if (status !== 0) {
		throw new Error(stderr.slice(-2000));
	}
	console.log(
		'8 answers, a 6-layer model of width 512 from a configuration, one CPU thread, float32.\n\n| steps ' +
			'an answer | one pass, s | a pass a step, s | times faster | largest difference of a score |\n| ' +
			'--- | --- | --- | --- | --- |',
	);
	for (const line of stdout.trim().split('\n')) {
		const { steps, ours, apart, worst } = JSON.parse(line) as Record<'steps' | 'ours' | 'apart' | 'worst', number>;
		console.log(
			`| ${steps} | ${ours.toFixed(2)} | ${apart.toFixed(2)} | ${(apart / ours).toFixed(1)} | ` +
				`${worst.toExponential(1)} |`,
		);
	}
}

main();
