import type { ErrorCode } from '../core/errors/sentences.ts';
import { StatError } from '../core/errors/statError.ts';

const codes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'remote.unreachable',
	'remote.loginNeeded',
	'remote.hostKey',
	'remote.unknownHost',
	'remote.noAnswer',
]);

/** Whether an error means that the connection failed, which reveals nothing about the state of the host. */
export function isUnreachable(error: unknown): error is StatError {
	return error instanceof StatError && codes.has(error.code);
}

/** Returns the error for an ssh client that ended before its script; `reason` is one line of its output. */
export function unreachable(host: string, reason: string, stderr: string): StatError {
	if (/permission denied|too many authentication/i.test(reason)) {
		return new StatError('remote.loginNeeded', { host, reason });
	}
	if (/host key verification failed|REMOTE HOST IDENTIFICATION/i.test(stderr)) {
		return new StatError('remote.hostKey', { host, reason });
	}
	if (/could not resolve/i.test(reason)) {
		return new StatError('remote.unknownHost', { host, reason });
	}
	return new StatError('remote.unreachable', { host, reason });
}
