import { StatError } from '../../core/errors/statError.ts';

/**
 * Further fields of a chat completion's body that a user sets for one teacher, e.g. `reasoning_effort` or
 * `chat_template_kwargs`. They are sent as they are.
 */
export type RequestFields = Readonly<Record<string, unknown>>;

/** Fields that the product sets itself, or that change what a reply is. */
const ownFields = new Set([
	'model',
	'messages',
	'stream',
	'stream_options',
	'n',
	'best_of',
	'temperature',
	'top_p',
	'max_tokens',
	'max_completion_tokens',
	'tools',
	'tool_choice',
	'functions',
	'response_format',
	'logprobs',
	'top_logprobs',
	'input',
	'prompt',
]);

/** Fields that change the price, the speed or the bookkeeping of a reply, and nothing in it. */
const withoutEffect = new Set([
	'service_tier',
	'user',
	'metadata',
	'store',
	'priority',
	'usage',
	'safety_identifier',
	'prompt_cache_key',
	'prompt_cache_retention',
]);

const longest = 20_000;

/**
 * Returns the fields if they may be sent, or `undefined` if there are none. Throws a StatError that names the field if
 * one is set by the product itself, is not JSON, or if all of them together are too long.
 */
export function checkFields(fields: RequestFields | undefined): RequestFields | undefined {
	const names = Object.keys(fields ?? {});
	const own = names.find((name) => ownFields.has(name));
	if (own !== undefined) {
		throw new StatError('teacher.fieldOwn', { field: own });
	}
	const nameless = names.find((name) => !/^[A-Za-z0-9_.-]{1,100}$/.test(name));
	if (nameless !== undefined) {
		throw new StatError('teacher.fieldName', { field: nameless.slice(0, 100) });
	}
	if (JSON.stringify(fields ?? {}).length > longest) {
		throw new StatError('teacher.fieldsTooLong', { longest });
	}
	return names.length === 0 ? undefined : fields;
}

/**
 * Returns the model under which replies are filed: with the fields that change a reply, in any order, and just the
 * model if none is set, so replies filed before stay valid.
 */
export function keyModelOf(model: string, fields: RequestFields | undefined): string {
	const changing = Object.entries(fields ?? {}).filter(([name]) => !withoutEffect.has(name));
	return changing.length === 0 ? model : `${model}\n${JSON.stringify(sorted(Object.fromEntries(changing)))}`;
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(sorted);
	}
	if (typeof value !== 'object' || value === null) {
		return value;
	}
	return Object.fromEntries(
		Object.entries(value)
			.sort(([left], [right]) => (left < right ? -1 : 1))
			.map(([name, inner]) => [name, sorted(inner)]),
	);
}
