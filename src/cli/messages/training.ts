import type { trainingSentences } from '../../core/errors/sentences/training.ts';

export const trainingMessages: Readonly<Record<keyof typeof trainingSentences, string | null>> = {
	'training.unknownSetting': '--set {key}=…: {recipe} has no such setting; its settings are {keys}',
	'training.settingValue': '--set {key}={value}: expected {expected}',
	'training.noModel': '--model is missing: give tiny, a directory on the host, or the name of a model on a hub',
	'training.resultElsewhere':
		'the result of job {job} is on {ran}, not on {host}: copy it there and name the directory with ' +
		'--adapter PATH',
	'training.noResult': null,
	'training.otherModel': 'job {job} adapted {model}, not {other}: leave --model out',
	'training.unpinnedCode': '--trust-remote-code needs --revision: a pinned commit whose code you have read',
	'training.foreignJob':
		'job {job} was not started on this machine. It would run model {model} (revision {revision}, ' +
		'trust_remote_code: {code}) on {host}: if you trust it, repeat with --yes',
	'training.foreignCode':
		'job {job} was not started on this machine, and its record has the own code of model {model} (revision ' +
		'{revision}) run: read that code, then repeat with --trust-remote-code',
	'training.hostUnfit': null,
	'training.oneProcess': '--gpus: {recipe} runs in one process; vLLM, if installed, uses every GPU it finds',
	'training.unevenAccumulation':
		'{gpus} GPUs cannot share {accumulation} accumulation steps evenly: use --set batch=1 --set ' +
		'accumulation={batch}, with which the effective batch stays {batch}',
	'training.unevenBatch':
		'{gpus} GPUs cannot share an effective batch of {batch} evenly: choose a number of --gpus ' +
		'that divides {batch}',
	'training.unevenMiniBatch':
		'{gpus} GPUs cannot share a mini-batch of {passes} passes evenly: choose another ' + '--set microBatch',
	'training.jobDone': null,
	'training.cleanedUp': null,
	'training.dataMissing': null,
	'training.noSweep': null,
	'training.tooFewRates': null,
	'training.sweepOnlySft': null,
	'training.rateInSweep': '--set lr=… cannot be combined with a sweep over learning rates',
	'training.emptyDataset': null,
	'training.noValidation': null,
	'training.noReward': null,
};
