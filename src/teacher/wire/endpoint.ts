import { StatError } from '../../core/errors/statError.ts';

/**
 * The origin that is displayed and that keys are filed under: scheme, host and port. @throws StatError if it is not an
 * http(s) URL.
 */
export function endpointOrigin(baseUrl: string): string {
	return parsed(baseUrl).origin;
}

/**
 * Validates the base URL of a teacher or served student before anything is sent to it, and returns it without trailing
 * slashes. @throws StatError (usage): not http(s), credentials or a query inside it, or a key that would travel
 * unencrypted.
 */
export function checkEndpoint(baseUrl: string, apiKey: string | null): string {
	const url = parsed(baseUrl);
	if (url.username !== '' || url.password !== '') {
		throw new StatError('teacher.addressCredentials', { origin: url.origin });
	}
	if (url.search !== '' || url.hash !== '') {
		throw new StatError('teacher.addressQuery', { origin: url.origin });
	}
	if (apiKey !== null && apiKey !== '' && url.protocol === 'http:' && !isLoopback(url.hostname)) {
		throw new StatError('teacher.addressUnencrypted', { origin: url.origin });
	}
	return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
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
