import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const remoteSentences = {
	'remote.hostName':
		'host {host}: expected a name that OpenSSH knows (letters, digits and . _ - @ :, not starting with -)',
	'remote.hostRoot': 'host root {root}: expected an absolute path or one under ~/, without ..',
	'remote.hostsFile': '{file}: {reason}: correct it or move it away',
	'remote.consentsFile': '{file}: {reason}: correct it, or delete it and consent again to what you use',
	'remote.noConsent': 'there is no consent {id}: list them to see their ids',
	'remote.unconfirmed': sentence(
		'host {host} has not been confirmed on this machine. ',
		'A project must not decide which hosts you connect to, so confirm it first',
	),
	'remote.unreachable': '{host}: cannot be reached: {reason}',
	'remote.loginNeeded': sentence(
		'{host}: cannot be reached: {reason}: ',
		'log in once in a terminal (ssh-add, or open a connection that ControlMaster shares)',
	),
	'remote.hostKey': sentence(
		'{host}: cannot be reached: {reason}: ',
		'the host key is unknown or has changed: check it, then connect once in a terminal',
	),
	'remote.unknownHost': '{host}: cannot be reached: {reason}: check that it is in your ssh config',
	'remote.noAnswer': '{host}: no answer within {seconds} s',
	'remote.tooMuchOutput': '{host}: more than {limit} MB of output',
	'remote.argument': 'a command argument contains a NUL character',
	'remote.token': 'a job record contains a token that was not written by STAT Studio',
	'remote.hash': '{hash} is not a hash',
	'remote.fileName':
		'the host offers a file called {name}, which is not a plain relative name, so it was not fetched',
	'remote.sendTrainer': '{host}: sending the trainer failed: {reason}: check the free space on the host',
	'remote.environment': '{host}: creating the environment failed: {reason}',
	'remote.interpreter': '{host}: {python} does not run: name another interpreter for this host',
	'remote.packages':
		'{host}: {python} lacks {packages}: install them on the host, or let STAT Studio create an environment',
	'remote.noModelFiles': '{host}: model {model}: there is no config.json in that directory',
	'remote.modelPath': '{host}: model {model}: there is no config.json in that directory; give its absolute path',
	'remote.modelName':
		'model {model}: expected tiny, a directory on the host (an absolute path) or a model hub’s OWNER/NAME',
	'remote.download': sentence(
		'{host}: model {model} is not on the host and cannot be downloaded: {reason}: ',
		'set HF_TOKEN if it is gated, or copy it there and give its directory',
	),
	'remote.hubName': '{repository} is not the name (OWNER/NAME) of a Hub repository',
	'remote.hubTooLarge':
		'{repository} contains {size} MB of rows, more than any benchmark: import its files as questions',
	'remote.hubFile': '{host}: {file} of {repository}: {reason}',
	'remote.hubFileGone': '{host}: {file} of {repository} is no longer in the cache',
	'remote.uploadFolder': '{host}: the upload failed: {reason}',
	'remote.uploadCut':
		'{host}: the upload failed: {reason}; what was sent remains on the host, and the next attempt continues from there',
	'remote.uploadChanged': '{host}: the upload failed: the file is different every time it arrives (exit {exit})',
	'remote.place': '{host}: writing job {job} failed: {reason}: check the free space on the host',
	'remote.start': '{host}: starting job {job} failed: {reason}',
	'remote.resume': '{host}: job {job} cannot be resumed: {reason}',
	'remote.cancel': '{host}: cancelling job {job} failed: {reason}',
	'remote.states': '{host}: reading the job states failed: {reason}',
	'remote.results': '{host}: listing the results of job {job} failed: {reason}',
	'remote.changingFile':
		'{host}: {file} arrives with a different hash every time: wait until it has been written, then fetch it again',
} as const;

export const remoteKinds = {
	'remote.hostName': 'usage',
	'remote.hostRoot': 'usage',
	'remote.noConsent': 'usage',
	'remote.unconfirmed': 'consent',
	'remote.modelName': 'usage',
	'remote.hubName': 'usage',
} as const satisfies Partial<Record<keyof typeof remoteSentences, ErrorKind>>;
