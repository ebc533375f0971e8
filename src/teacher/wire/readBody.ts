import { TransportError } from '../../core/ports/transport.ts';
import { withoutBareConstants } from '../../core/text/bareConstants.ts';
import { noCompletion } from './bodyErrors.ts';
import type { Completion } from './completion.ts';
import { textOf } from './completion.ts';

/**
 * Reads the body of a 200: JSON, including Python's bare NaN, or the events of a stream, which some servers send
 * without being asked. Throws a {@link TransportError} if it is neither.
 */
export function readBody(body: string, redact: (text: string) => string): object {
	const text = body.trim();
	if (text.startsWith('<')) {
		throw new TransportError(
			'transient',
			'the endpoint sent a web page in place of a reply (a proxy or a login page?)',
			{ unreachable: true },
		);
	}
	if (/^(?:data|event|id|retry)?:/.test(text)) {
		return joinEvents(text, redact);
	}
	if (text !== '' && !/^[[{"]/.test(text)) {
		throw noCompletion(redact(text));
	}
	const value = parseJson(text);
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw noCompletion(redact(text));
	}
	return value;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch (error) {
		try {
			return JSON.parse(withoutBareConstants(text)) as unknown;
		} catch {
			throw brokenOff(error);
		}
	}
}

function brokenOff(cause: unknown): TransportError {
	return new TransportError('transient', 'the reply broke off', { maybeBilled: true }, { cause });
}

/** Joins the events of a stream (`data: {…}`) into the equivalent completion. */
function joinEvents(text: string, redact: (text: string) => string): Completion {
	const parts = { content: '', reasoning: '', refusal: '' };
	const whole: { usage?: Completion['usage']; finish?: unknown; error?: unknown; choiceError?: unknown } = {};
	let [hasChoice, hasEnd] = [false, false];
	for (const line of text.split(/\r?\n/)) {
		const data = /^data:(.*)$/.exec(line)?.[1]?.trim() ?? '';
		if (data === '[DONE]') {
			hasEnd = true;
			break;
		}
		if (data === '') {
			continue;
		}
		const event = parseJson(data) as Completion | null;
		whole.usage = event?.usage ?? whole.usage;
		whole.error ??= event?.error;
		const choice = event?.choices?.[0];
		if (!choice) {
			continue;
		}
		hasChoice = true;
		const piece = choice.delta ?? choice.message;
		parts.content += textOf(piece?.content);
		parts.reasoning += textOf(piece?.reasoning_content ?? piece?.reasoning);
		parts.refusal += textOf(piece?.refusal);
		whole.finish = choice.finish_reason ?? whole.finish;
		whole.choiceError ??= choice.error;
	}
	if (!hasChoice) {
		if (whole.error == null) {
			throw noCompletion(redact(text));
		}
		return { error: whole.error };
	}
	// An error in the middle of a stream is a separate event, after those of the choice.
	const error = whole.choiceError ?? whole.error;
	if (!hasEnd && whole.finish === undefined && error == null) {
		throw brokenOff(undefined);
	}
	return {
		choices: [
			{
				message: {
					content: parts.content,
					reasoning_content: parts.reasoning,
					refusal: parts.refusal === '' ? null : parts.refusal,
				},
				finish_reason: whole.finish,
				error,
			},
		],
		usage: whole.usage ?? null,
	};
}
