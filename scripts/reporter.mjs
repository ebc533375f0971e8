// A node:test reporter that prints one line per failure or skip and the names of slow files, and writes the totals as
// JSON to STAT_TEST_TOTALS.
import { appendFileSync } from 'node:fs';

export default async function* report(source) {
	const totals = { passed: 0, failed: 0, skipped: [], failures: [] };
	for await (const { type, data } of source) {
		if (type === 'test:stderr' || type === 'test:stdout') {
			if (process.env.STAT_TEST_VERBOSE) {
				yield data.message;
			}
			continue;
		}
		if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') {
			continue;
		}
		const place = `${data.file ?? ''}`.replace(/^.*\/out\/test\//, '').replace(/\.js$/, '');
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
	if (process.env.STAT_TEST_TOTALS) {
		appendFileSync(process.env.STAT_TEST_TOTALS, `${JSON.stringify(totals)}\n`);
	}
}
