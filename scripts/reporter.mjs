// A node:test reporter that prints one line per failure or skip and the files that took longer than ten seconds, and
// writes the totals as JSON to STAT_TEST_TOTALS.
import { appendFileSync } from 'node:fs';
import path from 'node:path';

export default async function* report(source) {
	const totals = { passed: 0, failed: 0, skipped: [], failures: [] };
	const seconds = new Map();
	for await (const { type, data } of source) {
		if (type === 'test:stderr' || type === 'test:stdout') {
			if (process.env.STAT_TEST_VERBOSE) {
				yield data.message;
			}
			continue;
		}
		if (type !== 'test:pass' && type !== 'test:fail') {
			continue;
		}
		const place = path.relative('.', data.file ?? '');
		if (data.nesting === 0) {
			seconds.set(place, (seconds.get(place) ?? 0) + data.details.duration_ms / 1000);
		}
		if (data.details?.type === 'suite') {
			continue;
		}
		const name = `${place} › ${data.name}`;
		if (data.skip !== undefined || data.todo !== undefined) {
			const why = data.skip ?? data.todo;
			totals.skipped.push(`${place} › ${data.name}`);
			yield `  skipped  ${name}${typeof why === 'string' && why !== '' ? `: ${why}` : ''}\n`;
		} else if (type === 'test:pass') {
			totals.passed++;
		} else {
			totals.failed++;
			totals.failures.push(name);
			const error = data.details?.error;
			const cause = error?.cause ?? error;
			yield `  FAILED   ${name}\n${String(cause?.stack ?? cause ?? '')
				.split('\n')
				.map((line) => `           ${line}`)
				.join('\n')}\n`;
		}
	}
	for (const [place, took] of [...seconds].sort(([, one], [, other]) => other - one)) {
		if (took > 10) {
			yield `  ${took.toFixed(0).padStart(6)} s ${place}\n`;
		}
	}
	if (process.env.STAT_TEST_TOTALS) {
		appendFileSync(process.env.STAT_TEST_TOTALS, `${JSON.stringify(totals)}\n`);
	}
}
