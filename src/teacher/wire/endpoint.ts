import { StatError } from '../../core/errors/statError.ts';

/**
 * What people are shown and keys are filed under: scheme, host and port. @throws StatError where it is no http(s) URL.
 */
export function endpointOrigin(baseUrl: string): string {
	return parsed(baseUrl).origin;
}

/**
 * Checks the base URL of a teacher or a served student before anything is sent to it, and returns it without trailing
 * slashes.
 * @throws StatError (usage) in one line: not http(s), credentials or a query inside it, or a key that would travel
 * unencrypted.
 */
export function checkEndpoint(baseUrl: string, apiKey: string | null): string {
	const url = parsed(baseUrl);
	if (url.username !== '' || url.password !== '') {
		throw new StatError('unsorted.usage', {
			problem:
				`the address ${url.origin} must hold no user name or password; the key is given apart: in the ` +
				`environment, or in the editor's key prompt`,
		});
	}
	if (url.search !== '' || url.hash !== '') {
		throw new StatError('unsorted.usage', {
			problem: `the address must end with its path, without “?” or “#”; expected something like ${url.origin}/v1`,
		});
	}
	if (apiKey !== null && apiKey !== '' && url.protocol === 'http:' && !isLoopback(url.hostname)) {
		throw new StatError('unsorted.usage', {
			problem:
				`the key would be sent unencrypted to ${url.origin}; use https, an SSH tunnel to 127.0.0.1, or ` +
				'leave the key out',
		});
	}
	return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function parsed(baseUrl: string): URL {
	let url: URL;
	try {
		url = new URL(baseUrl.trim());
	} catch (error) {
		throw new StatError(
			'unsorted.usage',
			{
				problem:
					`the address “${withoutCredentials(baseUrl).slice(0, 200)}” is not a URL; expected something ` +
					'like https://api.openai.com/v1 or http://127.0.0.1:8000/v1',
			},
			{ cause: error },
		);
	}
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw new StatError('unsorted.usage', {
			problem: `the address must begin with http:// or https://, not ${url.protocol}`,
		});
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
