import type { HeaderSource } from './send.ts';

/**
 * Returns the milliseconds to wait after a 429 or 503: `retry-after-ms`, `Retry-After` (seconds or a date), or the
 * reset time of the exhausted limit. `now` is epoch ms.
 */
export function retryAfterMs(headers: HeaderSource | undefined, now: number): number | undefined {
	if (!headers) {
		return undefined;
	}
	const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
	if (Number.isFinite(ms) && ms >= 0) {
		return ms;
	}
	const after = headers.get('retry-after')?.trim() ?? '';
	if (/^\d+(?:\.\d+)?$/.test(after)) {
		return Number(after) * 1000;
	}
	const date = after === '' ? NaN : Date.parse(after);
	if (Number.isFinite(date)) {
		return Math.max(0, date - now);
	}
	return pauseMs(headers, now);
}

/**
 * Returns the milliseconds until another request fits, according to the `x-ratelimit-*` headers; `undefined` if some of
 * the limit remains or the headers do not say.
 */
export function pauseMs(headers: HeaderSource | undefined, now: number): number | undefined {
	const pauses = ['requests', 'tokens', ''].map((what) => {
		const of = (part: string) => headers?.get(`x-ratelimit-${part}${what === '' ? '' : `-${what}`}`) ?? null;
		const [remaining, reset, limit] = [of('remaining'), of('reset'), Number(of('limit') ?? NaN)];
		if (remaining === null || reset === null || !(Number(remaining) <= 0)) {
			return undefined;
		}
		const whole = duration(reset, now);
		// `reset` is when the bucket is full again; a fiftieth of that time is enough to continue.
		if (whole === undefined) {
			return undefined;
		}
		if (Number.isFinite(limit) && limit > 0) {
			return whole * Math.min(1, Math.max(1 / limit, 0.02));
		}
		return whole;
	});
	const known = pauses.filter((pause) => pause !== undefined);
	return known.length === 0 ? undefined : Math.max(...known);
}

/** The size of a plain number shows whether it is seconds from now, epoch seconds or epoch milliseconds. */
function msUntil(number: number, now: number): number {
	if (number > 1e11) {
		return number - now;
	}
	return number > 1e8 ? number * 1000 - now : number * 1000;
}

/** Parses `6m0s`, `120ms`, `1.5` (seconds), or a time in epoch seconds or milliseconds. */
function duration(text: string, now: number): number | undefined {
	const number = Number(text);
	if (text.trim() !== '' && Number.isFinite(number)) {
		return Math.max(0, msUntil(number, now));
	}
	const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
	const parts = [...text.slice(0, 60).matchAll(/(?<!\d)(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
	return parts.length === 0
		? undefined
		: parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit ?? ''] ?? 0), 0);
}
