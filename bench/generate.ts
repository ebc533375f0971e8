import { spawnSync } from 'node:child_process';

/**
 * Compares a student answering many questions at once with the student answering one at a time, in one run on the CPU.
 * Needs a Python with the trainer's packages (STAT_PYTHON).
 */
function main(): void {
	const python = process.env['STAT_PYTHON'];
	if (!python) {
		console.log('skipped: STAT_PYTHON names no interpreter with the trainer’s packages');
		return;
	}
	const { stdout, stderr, status } = spawnSync(python, ['-W', 'ignore', 'bench/generatePeer.py'], {
		encoding: 'utf8',
		env: { ...process.env, OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error' },
	});
	if (status !== 0) {
		throw new Error(stderr.slice(-2000));
	}
	console.log(
		'64 questions, 64 tokens an answer, the tiny student, one CPU thread.\n\n| samples | answers at a ' +
			'time | questions/s | a question at a time, questions/s | times faster | same text |\n| --- | --- ' +
			'| --- | --- | --- | --- |',
	);
	for (const line of stdout.trim().split('\n')) {
		const { samples, batch, ours, apart, same } = JSON.parse(line) as Record<
			'samples' | 'batch' | 'ours' | 'apart',
			number
		> & { readonly same: number | null };
		console.log(
			`| ${samples} | ${batch} | ${ours.toFixed(1)} | ${apart.toFixed(1)} | ` +
				`${(ours / apart).toFixed(1)} | ${same === null ? 'drawn by other seeds' : `${same} of 64`} |`,
		);
	}
}

main();
