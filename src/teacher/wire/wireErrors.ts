import type { FatalCode } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { retryAfterMs } from './rateHeaders.ts';
import type { HeaderSource } from './send.ts';

export interface ErrorBody {
	readonly message?: string;
	readonly code?: string | number | null;
	readonly type?: string | null;
	readonly param?: string | null;
}

/** The aspects of a request on which the meaning of its errors depends. */
export interface RequestPurpose {
	readonly hasKey: boolean;
	/** Code of the error that a 404 means. */
	readonly notFound: FatalCode;
	/** Removes secrets from a string. */
	readonly redact: (text: string) => string;
}

const usedUp = /exceeded your current quota|insufficient[ _](?:credit|quota|balance|funds)/i;

/** Whether an error without a status would have been a 429: too many requests, or an account without credit. */
export function isLimit(message: string): boolean {
	return usedUp.test(message) || /rate[ _-]?limit|too many requests/i.test(message);
}

/** Returns what an HTTP status means for this request and later ones. */
export function statusError(
	status: number,
	body: ErrorBody,
	headers: HeaderSource | undefined,
	{ hasKey, notFound, redact }: RequestPurpose,
): TransportError {
	const message = oneLine(redact(body.message ?? ''));
	const says = message === '' ? `status ${status}` : `status ${status}: ${message}`;
	const code = `${body.code ?? ''} ${body.type ?? ''}`;
	const wait = { retryAfterMs: retryAfterMs(headers, Date.now()) };
	if (
		/content_filter|content_policy|moderation|safety/i.test(code) ||
		(status === 403 && /flagged|moderation|content policy/i.test(message))
	) {
		return new TransportError('refused', `the content filter refused it (${says})`, { text: message });
	}
	switch (status) {
		case 401:
			return new TransportError('fatal', says, { code: hasKey ? 'teacher.keyRefused' : 'teacher.keyMissing' });
		case 402:
			return new TransportError('fatal', says, { code: 'teacher.paymentRequired' });
		case 403:
			return new TransportError('fatal', says, { code: 'teacher.forbidden' });
		case 404:
			return new TransportError('fatal', says, {
				code: notFound,
			});
		case 413:
			return new TransportError('refused', `the request is too large for the endpoint (${says})`, {
				text: message,
			});
		case 429:
			if (/insufficient_quota|billing|credit/i.test(code) || usedUp.test(message)) {
				return new TransportError('fatal', says, { code: 'teacher.creditUsedUp' });
			}
			return /resource[ _]?unavailable/i.test(`${code} ${message}`)
				? new TransportError('rate', `the tier has no capacity (${says})`, { ...wait, noCapacity: true })
				: new TransportError('rate', `too many requests (${says})`, wait);
		case 503:
		case 529:
			return wait.retryAfterMs === undefined
				? new TransportError('transient', `the endpoint is overloaded (${says})`)
				: new TransportError('busy', `the endpoint is overloaded (${says})`, wait);
		case 408:
		case 409:
		case 425:
			return new TransportError('transient', `the endpoint gave up (${says})`);
	}
	if (status >= 500) {
		// The endpoint may have done the work before it failed. An overloaded one (503, 529) has not begun.
		return new TransportError('transient', `the endpoint failed (${says})`, { maybeBilled: true });
	}
	return new TransportError('refused', `the endpoint refused it (${says})`, { text: message });
}

/** Returns the error for a request that never got a status: no connection, or a truncated or broken body. */
export function connectionError(error: unknown, redact: (text: string) => string): TransportError {
	const chain = causes(error);
	const own = chain.find((cause) => cause instanceof TransportError);
	if (own instanceof TransportError) {
		return own;
	}
	const code = chain.map(codeOf).find((value) => value !== '') ?? '';
	const last = chain.at(-1);
	const reason = last instanceof Error ? last.message : String(error);
	const message = oneLine(redact(code !== '' ? code : reason));
	if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
		return new TransportError('fatal', message, { code: 'teacher.untrustedCertificate' }, { cause: error });
	}
	if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL|EPROTO/.test(code)) {
		return new TransportError('fatal', message, { code: 'teacher.notTls' }, { cause: error });
	}
	if (message === 'bad port') {
		return new TransportError('fatal', message, { code: 'teacher.blockedPort' }, { cause: error });
	}
	if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/.test(code)) {
		return new TransportError('transient', `no connection (${message})`, { unreachable: true }, { cause: error });
	}
	// ECONNRESET, `terminated`, UND_ERR_SOCKET, or a body that is not JSON: the endpoint may have done the work before
	// the connection broke.
	return new TransportError(
		'transient',
		`the connection broke (${message})`,
		{ maybeBilled: true },
		{ cause: error },
	);
}

/** Shortens a message to at most 300 characters on one line. */
export function oneLine(text: string): string {
	const line = text.slice(0, 2000).replace(/\s+/g, ' ').trim();
	return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function causes(error: unknown): unknown[] {
	const chain: unknown[] = [];
	for (
		let cause = error;
		cause !== undefined && cause !== null && chain.length < 8;
		cause = cause instanceof Error ? cause.cause : undefined
	) {
		chain.push(cause);
		// If several addresses were tried, the first one's error is the informative one.
		if (cause instanceof AggregateError && cause.errors.length > 0) {
			chain.push(cause.errors[0]);
		}
	}
	return chain;
}

function codeOf(error: unknown): string {
	const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
	return typeof code === 'string' ? code : '';
}
