import type { TransportReply } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import type { Completion } from '../wire/completion.ts';
import { wireError, WireFailure } from '../wire/endpointClient.ts';
import { readCompletion } from '../wire/openAiTransport.ts';
import { oneLine } from '../wire/wireErrors.ts';
import type { RequestPurpose } from '../wire/wireErrors.ts';

/** Returns the line of a batch's input for one chat completion. */
export function requestLine(key: string, body: object): string {
	return `${JSON.stringify({ custom_id: key, method: 'POST', url: '/v1/chat/completions', body })}\n`;
}

/** What a batch has for one request: its reply, or why there is none. */
export type LineOutcome = { readonly reply: TransportReply } | { readonly failure: WireFailure };

/**
 * Reads the lines of a batch's output and error files, in any order. Lines of requests that are not in `keys`, second
 * lines of one request, and lines that are no JSON are left out; their number is `foreign`.
 */
export function readOutput(
	text: string,
	keys: ReadonlySet<string>,
	purpose: RequestPurpose,
): { readonly outcomes: ReadonlyMap<string, LineOutcome>; readonly foreign: number } {
	const outcomes = new Map<string, LineOutcome>();
	let foreign = 0;
	for (let start = 0; start < text.length;) {
		const newline = text.indexOf('\n', start);
		const end = newline < 0 ? text.length : newline;
		const line = text.slice(start, end).trim();
		start = end + 1;
		if (line === '') {
			continue;
		}
		const fields = parsedLine(line);
		const key = fields?.['custom_id'];
		if (fields === undefined || typeof key !== 'string' || !keys.has(key) || outcomes.has(key)) {
			foreign++;
		} else {
			outcomes.set(key, outcomeOf(fields, purpose));
		}
	}
	return { outcomes, foreign };
}

/** Returns the failure of a request for which the endpoint reports nothing, in a batch that ended like this. */
export function missingFailure(ended: 'completed' | 'expired' | 'cancelled' | 'failed'): WireFailure {
	const [why, billed] =
		ended === 'completed'
			? ['the batch holds no reply to it', true]
			: [`the batch ${past[ended]} before it`, false];
	return new WireFailure(new TransportError('transient', why, billed ? { maybeBilled: true } : {}), undefined, 0);
}

const past = { expired: 'expired', cancelled: 'was cancelled', failed: 'failed' };

type Fields = Readonly<Record<string, unknown>>;

function parsedLine(line: string): Fields | undefined {
	try {
		return asFields(JSON.parse(line));
	} catch {
		return undefined;
	}
}

function asFields(value: unknown): Fields | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function outcomeOf({ response, error }: Fields, purpose: RequestPurpose): LineOutcome {
	const answered = asFields(response);
	const status = Number(answered?.['status_code'] ?? 0);
	const body = asFields(answered?.['body']);
	if (body && status >= 200 && status < 300) {
		try {
			return { reply: { ...readCompletion(body as Completion, noHeaders, purpose), tier: 'batch' } };
		} catch (thrown) {
			return { failure: asFailure(thrown) };
		}
	}
	const { code, message } = asFields(error) ?? asFields(body?.['error']) ?? {};
	const reported = { code: String(code ?? ''), message: String(message ?? '') };
	if (status < 400) {
		// `batch_expired` or `batch_cancelled`: the request was not begun.
		const says = oneLine(purpose.redact(`${reported.code} ${reported.message}`));
		return { failure: new WireFailure(new TransportError('transient', `not answered (${says})`), undefined, 0) };
	}
	return { failure: wireError(status, reported, noHeaders, purpose) };
}

function asFailure(thrown: unknown): WireFailure {
	if (thrown instanceof WireFailure) {
		return thrown;
	}
	const error = thrown instanceof TransportError ? thrown : new TransportError('transient', String(thrown));
	return new WireFailure(error, undefined, 0);
}

const noHeaders = { get: () => null };
