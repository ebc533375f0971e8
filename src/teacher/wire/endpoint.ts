import { StatError } from '../../core/errors/statError.ts';

/**
 * Returns the origin that is displayed and under which keys are stored: scheme, host and port.
 * @throws StatError if it is not an http(s) URL.
 */
export function endpointOrigin(baseUrl: string): string {
	return parsed(baseUrl).origin;
}

/**
 * Validates the base URL of a teacher or a served student before anything is sent to it. Returns it without trailing
 * slashes and without the `/chat/completions` of a full URL that was pasted.
 * @throws StatError (usage) if it is not http(s), contains credentials or a query (except Azure's api-version), or would
 * send a key unencrypted.
 */
export function checkEndpoint(baseUrl: string, apiKey: string | null): string {
	const url = parsed(baseUrl);
	if (url.username !== '' || url.password !== '') {
		throw new StatError('teacher.addressCredentials', { origin: url.origin });
	}
	if (url.hash !== '' || !isVersion(url)) {
		throw new StatError('teacher.addressQuery', { origin: url.origin });
	}
	if (apiKey !== null && apiKey !== '' && url.protocol === 'http:' && !isLoopback(url.hostname)) {
		throw new StatError('teacher.addressUnencrypted', { origin: url.origin });
	}
	const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
	return `${url.origin}${path}${url.search}`;
}

/** Azure's dated URLs end in `?api-version=2024-10-21`. */
function isVersion({ search }: URL): boolean {
	return search === '' || /^\?api-version=[\w.-]{1,40}$/.test(search);
}

/**
 * Splits a URL from {@link checkEndpoint} into the base URL and its API version, which belongs at the end of each
 * request's URL.
 */
export function splitVersion(address: string): { readonly baseUrl: string; readonly apiVersion: string | null } {
	const url = new URL(address);
	return {
		baseUrl: address.slice(0, address.length - url.search.length),
		apiVersion: url.searchParams.get('api-version'),
	};
}

function parsed(baseUrl: string): URL {
	let url: URL;
	try {
		url = new URL(baseUrl.trim());
	} catch (error) {
		throw new StatError(
			'teacher.addressNotUrl',
			{ address: withoutCredentials(baseUrl).slice(0, 200) },
			{ cause: error },
		);
	}
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw new StatError('teacher.addressProtocol', { protocol: url.protocol });
	}
	return url;
}

function isLoopback(hostname: string): boolean {
	return (
		hostname === 'localhost' ||
		hostname.endsWith('.localhost') ||
		hostname === '[::1]' ||
		/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
	);
}

function withoutCredentials(text: string): string {
	return text.replace(/\/\/[^/@]*@/, '//…@');
}
