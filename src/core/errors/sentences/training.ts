import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const trainingSentences = {
	'training.unknownSetting': '{recipe} has no setting {key}; its settings are {keys}',
	'training.settingValue': '{key}={value}: expected {expected}',
	'training.noModel': 'the model is missing: name tiny, a directory on the host, or a model on a hub',
	'training.resultElsewhere':
		'the result of job {job} is on {ran}, not on {host}: copy it there and name its directory',
	'training.noResult': 'job {job} is a {recipe} job, so it produced no model to start from',
	'training.otherModel': 'job {job} adapted {model}, not {other}: leave the model out',
	'training.unpinnedCode':
		'a model’s own code is run only at a pinned revision: name a commit whose code you have read',
	'training.foreignJob': sentence(
		'job {job} was not started on this machine. It would run model {model} (revision {revision}, ',
		'trust_remote_code: {code}) on {host}: confirm it first',
	),
	'training.foreignCode': sentence(
		'job {job} was not started on this machine, and its record has the own code of model {model} ',
		'(revision {revision}) run: read that code, then allow it',
	),
	'training.hostUnfit': '{host} cannot run a job: {missing}',
	'training.oneProcess':
		'{recipe} runs in one process, not on several GPUs; vLLM, if installed, uses every GPU it finds',
	'training.unevenAccumulation':
		'{gpus} GPUs cannot share {accumulation} accumulation steps evenly: set batch to 1 and accumulation to {batch}',
	'training.unevenBatch':
		'{gpus} GPUs cannot share an effective batch of {batch} evenly: choose a number of GPUs that divides it',
	'training.unevenMiniBatch':
		'{gpus} GPUs cannot share a mini-batch of {passes} passes evenly: choose another microBatch',
	'training.jobDone': 'job {job} is done: there is nothing left to do',
	'training.cleanedUp': 'the folder of job {job} on {host} was removed together with its checkpoints: train again',
	'training.dataMissing': 'job {job} was never sent, and its data is not on this machine: train again',
	'training.noSweep': 'job {job} does not belong to a sweep',
	'training.tooFewRates': 'a sweep needs at least two learning rates between 0 and 1',
	'training.sweepOnlySft': 'a sweep compares learning rates only for SFT',
	'training.rateInSweep': 'a sweep sets the learning rate: leave it out of the other settings',
	'training.emptyDataset': 'dataset {dataset} is empty: there is nothing to train on',
	'training.noValidation':
		'a sweep chooses by validation accuracy, and no validation question has a gold answer: import some first',
	'training.noReward': 'no question of dataset {dataset} has a gold answer, so GRPO has no reward',
} as const;

export const trainingKinds = {
	'training.unknownSetting': 'usage',
	'training.settingValue': 'usage',
	'training.noModel': 'usage',
	'training.resultElsewhere': 'usage',
	'training.noResult': 'usage',
	'training.otherModel': 'usage',
	'training.unpinnedCode': 'usage',
	'training.oneProcess': 'usage',
	'training.unevenAccumulation': 'usage',
	'training.unevenBatch': 'usage',
	'training.unevenMiniBatch': 'usage',
	'training.foreignJob': 'consent',
	'training.foreignCode': 'consent',
	'training.jobDone': 'usage',
	'training.noSweep': 'usage',
	'training.tooFewRates': 'usage',
	'training.sweepOnlySft': 'usage',
	'training.rateInSweep': 'usage',
	'training.emptyDataset': 'usage',
	'training.noValidation': 'usage',
	'training.noReward': 'usage',
} as const satisfies Partial<Record<keyof typeof trainingSentences, ErrorKind>>;
