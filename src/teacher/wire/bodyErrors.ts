import { TransportError } from '../../core/ports/transport.ts';
import { wireError } from './endpointClient.ts';
import type { HeaderSource } from './send.ts';
import type { RequestPurpose } from './wireErrors.ts';
import { isLimit, oneLine, statusError } from './wireErrors.ts';

/** What is reported by a failed choice, or by a body that is not a completion. */
interface ReportedError {
	readonly message?: string;
	readonly code?: string | number;
	readonly type?: string;
	readonly param?: string;
}

/**
 * Returns the error for a 200 without a completion: some gateways put an error into it, with a status, a message, or
 * neither. `missing` says what the body lacks, for bodies that give no reason.
 */
export function bodyError(body: object, missing: string, headers: HeaderSource, purpose: RequestPurpose): Error {
	const reported = reportedError(body);
	const message = purpose.redact(reported.message ?? '');
	const status = statusIn(reported.code) ?? (isLimit(message) ? 429 : undefined);
	if (status !== undefined) {
		return wireError(status, reported, headers, purpose);
	}
	const isEmpty = message === '' && ('choices' in body || 'data' in body || isCompletion(body));
	return isEmpty
		? new TransportError('transient', `the endpoint sent ${missing}`, { maybeBilled: true })
		: noCompletion(message === '' ? purpose.redact(JSON.stringify(body)) : message);
}

function isCompletion(body: object): boolean {
	return 'object' in body && body.object === 'chat.completion';
}

/**
 * Returns the error for a choice that failed at the provider behind a gateway. Any partial text it sent is not a reply.
 */
export function choiceError(error: unknown, headers: HeaderSource, purpose: RequestPurpose): Error {
	const reported = reportedError(error);
	const status = statusIn(reported.code);
	const read = statusError(status ?? 500, reported, headers, purpose);
	const isFilter = read.kind === 'refused' && (status === undefined || status === 403);
	if (read.kind === 'rate' || isFilter) {
		return read;
	}
	const says = oneLine(purpose.redact(reported.message ?? 'it says no more'));
	return new TransportError(
		'transient',
		`the model's provider failed (${status === undefined ? says : `status ${status}: ${says}`})`,
		{ maybeBilled: true, ...(read.kind === 'transient' || read.kind === 'busy' ? {} : { tries: 2 }) },
	);
}

/** Returns the HTTP status named in the error of a 200. */
function statusIn(code: string | number | undefined): number | undefined {
	const status = Number(code);
	return Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
}

/**
 * Returns the error for a complete body that is something else. Its message is reported, and more than one retry is not
 * worthwhile.
 */
export function noCompletion(says: string): TransportError {
	return new TransportError('transient', `the endpoint sent no completion: ${oneLine(says)}`, {
		tries: 2,
		maybeBilled: true,
	});
}

/** Reads the error in a body that is not a completion, under any of the names that servers use for it. */
function reportedError(body: unknown): ReportedError {
	if (typeof body === 'string') {
		return { message: body };
	}
	if (Array.isArray(body)) {
		return reportedError(body[0]);
	}
	if (typeof body !== 'object' || body === null) {
		return {};
	}
	const fields = body as Readonly<Record<string, unknown>>;
	const inner = ['error', 'errors', 'base_resp', 'detail']
		.map((name) => fields[name])
		.filter((value) => value !== undefined && value !== null)
		.map(reportedError)
		.find(({ message }) => message !== undefined);
	const own = ['message', 'msg', 'status_msg', 'error_msg', 'error_message', 'errorMessage']
		.map((name) => fields[name])
		.find((value) => typeof value === 'string' && value.trim() !== '') as string | undefined;
	const message = withCause(own, fields['metadata']) ?? inner?.message;
	const code = [fields['code'], fields['status_code'], fields['status'], inner?.code].find(isCode);
	const type = [fields['type'], inner?.type].find((value) => typeof value === 'string');
	const param = [fields['param'], inner?.param].find((value) => typeof value === 'string');
	return {
		...(message === undefined ? {} : { message }),
		...(code === undefined ? {} : { code }),
		...(type === undefined ? {} : { type }),
		...(param === undefined ? {} : { param }),
	};
}

/** A gateway's own message is general, so the provider's message is added to it. */
function withCause(message: string | undefined, metadata: unknown): string | undefined {
	const raw = typeof metadata === 'object' && metadata !== null && 'raw' in metadata ? metadata.raw : undefined;
	return message !== undefined && typeof raw === 'string' && raw.trim() !== '' ? `${message}: ${raw}` : message;
}

function isCode(value: unknown): value is string | number {
	return typeof value === 'string' || typeof value === 'number';
}
