import { createHash } from 'node:crypto';
import type { JobRecord } from '../core/training/job.ts';

/**
 * Returns the SHA-256 (hex) of all that decides what a job runs, where, and on which data. Does not depend on the order
 * of a record's fields.
 */
export function jobHash({ token, host, launcher, gpus = 1, dataSha256, spec }: JobRecord): string {
	return createHash('sha256')
		.update(JSON.stringify(sorted({ token, host, launcher, gpus, dataSha256, spec })))
		.digest('hex');
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(sorted);
	}
	return typeof value === 'object' && value !== null
		? Object.entries(value)
				.sort(([one], [other]) => (one < other ? -1 : 1))
				.map(([name, inner]) => [name, sorted(inner)])
		: value;
}
