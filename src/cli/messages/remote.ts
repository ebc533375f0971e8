import type { remoteSentences } from '../../core/errors/sentences/remote.ts';

export const remoteMessages: Readonly<Record<keyof typeof remoteSentences, string | null>> = {
	'remote.hostName': null,
	'remote.hostRoot': null,
	'remote.hostsFile': null,
	'remote.unconfirmed':
		'host {host} has not been confirmed on this machine. A project must not decide which hosts you connect to, ' +
		'so confirm it first: run train with --host {host} --yes',
	'remote.unreachable': null,
	'remote.loginNeeded': null,
	'remote.hostKey': null,
	'remote.unknownHost': null,
	'remote.noAnswer': null,
	'remote.tooMuchOutput': null,
	'remote.argument': null,
	'remote.token': null,
	'remote.hash': null,
	'remote.fileName': null,
	'remote.sendTrainer': null,
	'remote.environment': null,
	'remote.interpreter': null,
	'remote.packages': null,
	'remote.noModelFiles': null,
	'remote.modelPath': null,
	'remote.modelName': null,
	'remote.download': null,
	'remote.hubName': null,
	'remote.hubTooLarge':
		'{repository} contains {size} MB of rows, more than any benchmark: import its files with ' +
		'"import questions"',
	'remote.hubFile': null,
	'remote.hubFileGone': null,
	'remote.uploadFolder': null,
	'remote.uploadCut': null,
	'remote.uploadChanged': null,
	'remote.place': null,
	'remote.start': null,
	'remote.resume': null,
	'remote.cancel': null,
	'remote.states': null,
	'remote.results': null,
	'remote.changingFile': null,
};
