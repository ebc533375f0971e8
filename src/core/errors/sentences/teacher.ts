import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const teacherSentences = {
	'teacher.noModelName': 'no teacher model is set: name one',
	'teacher.keyCharacters':
		'the key contains a space, a line break or another character that is never part of a key: paste it again',
	'teacher.fieldOwn': 'the request field “{field}” is set by STAT Studio itself: remove it from the further fields',
	'teacher.fieldName': sentence(
		'“{field}” is not the name of a request field: ',
		'expected letters, digits, “_”, “-” and “.”, such as reasoning_effort',
	),
	'teacher.fieldsTooLong': 'the further request fields are longer than {longest} characters: shorten them',
	'teacher.addressNotUrl': sentence(
		'the address “{address}” is not a URL: ',
		'expected something like https://api.openai.com/v1 or http://127.0.0.1:8000/v1',
	),
	'teacher.addressProtocol': 'the address must begin with http:// or https://, not {protocol}',
	'teacher.addressCredentials':
		'the address {origin} must contain no user name or password: the key is set separately',
	'teacher.addressQuery': sentence(
		'the address must end with its path, without “?” or “#” (except Azure’s ?api-version=…): ',
		'expected something like {origin}/v1',
	),
	'teacher.addressUnencrypted':
		'the key would be sent unencrypted to {origin}: use https, an SSH tunnel to 127.0.0.1, or no key',
	'teacher.keyMissing': '{endpoint}: a key is required ({reason}): set one',
	'teacher.keyRefused': '{endpoint}: the key was refused ({reason}): set a valid key',
	'teacher.forbidden': '{endpoint}: access was refused ({reason}): check that this key may use {model}',
	'teacher.paymentRequired':
		'{endpoint}: payment is required ({reason}): add credit, then run the step again; the replies so far are stored',
	'teacher.creditUsedUp': sentence(
		"{endpoint}: the account's credit is used up ({reason}): ",
		'add credit, then run the step again; the replies so far are stored',
	),
	'teacher.noChat': sentence(
		'{endpoint}: there is no model “{model}”, or this address does not serve chat completions ',
		'({reason}): ',
		'check the name of the model, and that the address ends as its server requires (often /v1)',
	),
	'teacher.noEmbeddings': sentence(
		'{endpoint}: there is no model “{model}”, or this address does not serve embeddings ',
		'({reason}): ',
		'check the name of the model, and that the address ends as its server requires (often /v1)',
	),
	'teacher.noBatches':
		'{endpoint}: this address does not serve batches ({reason}): send the requests one by one, or use another one',
	'teacher.batchRefused': '{endpoint}: the batch was refused ({reason}): send the requests of {model} one by one',
	'teacher.batchFailed': '{endpoint}: the batch failed as a whole, before any request ({reason})',
	'teacher.batchGone': sentence(
		'{endpoint}: there is no batch {reason}: check that the key is that of the account and project that sent it; ',
		'if it is gone, delete .stat/lock.batches and run the step again, which pays for its requests again',
	),
	'teacher.batchCancelled': sentence(
		'{endpoint}: batch {reason} was cancelled there; the replies so far are stored: ',
		'run the step again to request the others',
	),
	'teacher.embedsTokens': sentence(
		'{endpoint}: “{model}” sends {reason}, as a model does that embeds each token: ',
		'serve it with pooling over the text (mean or last), or choose a model made for embeddings',
	),
	'teacher.redirected':
		'{endpoint}: the endpoint redirects to {reason}: if that is the intended endpoint, give its address',
	'teacher.untrustedCertificate': sentence(
		'{endpoint}: the endpoint’s certificate is not trusted ({reason}): ',
		"set NODE_EXTRA_CA_CERTS to your organisation's certificate",
	),
	'teacher.notTls':
		'{endpoint}: the endpoint does not speak TLS ({reason}): check whether its address should begin with http:// or https://',
	'teacher.blockedPort': '{endpoint}: requests to this port are blocked ({reason}): check the port in the address',
	'teacher.modelGone': '{endpoint}: the model “{model}” is not available ({reason}): choose another one',
	'teacher.modelDenied':
		'{endpoint}: STAT Studio may not use the model “{model}” ({reason}): allow it, or choose another one',
	'teacher.requestFailed': '{endpoint}: {reason}',
	'teacher.allRefused': '{endpoint}: the first {count} calls were all refused; the last one: {reason}',
	'teacher.unreachable':
		'{endpoint}: no answer ({reason}): check that the endpoint is running and that its address is right',
	'teacher.stopped':
		'{endpoint}: the endpoint stopped answering ({reason}): the replies so far are stored; run the step again to continue',
	'teacher.scriptUnreadable': '{file}: the file of scripted replies cannot be read ({reason})',
	'teacher.scriptLine': '{file}:{line}: not a JSON object on one line ({reason}); see docs/scripted-teacher.md',
	'teacher.scriptField': '{file}:{line}: {field}: {reason}; see docs/scripted-teacher.md',
	'teacher.scriptTarget': '{file}:{line}: expected either question or about',
	'teacher.scriptAbout':
		'{file}:{line}: skill and n are allowed only in lines with question: put them into about instead',
	'teacher.scriptTwice': sentence(
		'{file}:{line}: this line answers the same calls as line {earlier}: ',
		'distinguish them by skill, n, sample, attempt or contains, or remove one of them',
	),
	'teacher.promptStart':
		'{file}:1: expected name, version and sampling between two --- lines: copy the built-in prompt again',
	'teacher.promptName': '{file}: name is “{name}”, expected {task}',
	'teacher.promptVersion': '{file}: version must be a whole number of at least 1',
	'teacher.promptMissing': '{file}: the prompt lacks {names}; it must contain exactly these placeholders: {expected}',
	'teacher.promptUnknown': sentence(
		'{file}: the prompt must not contain {names}; ',
		'it must contain exactly these placeholders: {expected}',
	),
	'teacher.promptField': '{file}:{line}: expected one of {fields}, each as “field: value”',
	'teacher.promptNumber': '{file}:{line}: {field} must be a number of at least 0, not “{value}”',
	'teacher.promptText': '{file}:{line}: there is text before the first “# System” or “# User” line',
	'teacher.promptNoUser': '{file}: there is no “# User” section',
	'teacher.promptTooLarge': '{file}: {size} MB is too large for a prompt: delete the file to use the built-in prompt',
	'teacher.modelTable': '{file}: cannot be read as JSON ({reason}): correct it or delete it',
	'teacher.modelTableField': sentence(
		'{file}: {field}: {reason}; expected a list "models" of objects with "match", "input", "output", …, ',
		'prices in USD per million tokens',
	),
} as const;

export const teacherKinds = {
	'teacher.noModelName': 'usage',
	'teacher.keyCharacters': 'usage',
	'teacher.fieldOwn': 'usage',
	'teacher.fieldName': 'usage',
	'teacher.fieldsTooLong': 'usage',
	'teacher.addressNotUrl': 'usage',
	'teacher.addressProtocol': 'usage',
	'teacher.addressCredentials': 'usage',
	'teacher.addressQuery': 'usage',
	'teacher.addressUnencrypted': 'usage',
	'teacher.scriptUnreadable': 'usage',
	'teacher.scriptLine': 'usage',
	'teacher.scriptField': 'usage',
	'teacher.scriptTarget': 'usage',
	'teacher.scriptAbout': 'usage',
	'teacher.scriptTwice': 'usage',
} as const satisfies Partial<Record<keyof typeof teacherSentences, ErrorKind>>;
