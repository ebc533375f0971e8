import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const storeSentences = {
	'store.noProject': '{folder} contains no STAT project: create one there first',
	'store.readOnly': 'the project is open read-only: nothing can be stored',
	'store.locked':
		'the project is in use by process {pid} on {host} since {since}: wait for it to finish, or end that process',
	'store.lockFailed': "the project's lock {file} cannot be taken: check that the folder is writable",
	'store.lockTaken': sentence(
		"another machine or container took over the project's lock because this process had stopped responding: ",
		'the change being written here was not stored',
	),
	'store.closed': 'the store has been closed',
	'store.crashed': 'the store stopped: {reason}; everything confirmed is on disk: open the project again',
	'store.cannotWrite':
		'nothing more can be stored: {reason}. Everything confirmed so far is safe: fix this and try again',
	'store.newer': sentence(
		'{file} was written by a newer version of STAT Studio ({part} {version}; this version ',
		'supports up to {known}): ',
		'update STAT Studio to open this project',
	),
	'store.notMigrated': sentence(
		'{file} (schema {from}) could not be migrated to schema {to}: {reason}. Nothing was changed: ',
		'use the version of STAT Studio that wrote it, and report this',
	),
	'store.notApplied': sentence(
		'stat.journal: record {record} ({operation}): {reason}. The record is intact but could not ',
		'be applied; ',
		'nothing was changed or set aside: update STAT Studio, or report this',
	),
	'store.link': '{file} is a symbolic link; STAT Studio reads and writes only its own files: remove the link',
	'store.notFile': '{file} is not a regular file; STAT Studio reads and writes only its own files: move it away',
	'store.outside':
		'.stat/{name} is a link that leads out of the project folder; STAT Studio does not write there: remove the link',
	'store.textDamaged':
		'.stat/texts/{file} is damaged at byte {offset}: restore the file from a backup, or import again',
	'store.textMissing':
		'.stat/texts/{file} is missing or too short at byte {offset}: restore the file from a backup, or import again',
	'store.input': '{operation}: {reason}',
	'store.tooMany': '{operation}: at most {limit} IDs are allowed at a time, but there are {count}',
	'store.noQuestion': 'question {question} is not in the project',
	'store.noSample': '{student} has no sample {sample} for question {question} in round {round}',
	'store.quoteMismatch': 'the answer does not contain the quoted text from {start} to {end}: select it again',
	'store.annotationExists': 'annotation {annotation} already exists',
	'store.noAnnotation': 'there is no annotation {annotation}',
	'store.otherAnnotation': 'annotation {annotation} belongs to another answer',
	'store.noItem': 'dataset {dataset} has no item {question}; nothing was decided',
	'store.roundExists': 'round {round} already exists: choose another number, or replace it',
	'store.roundTrained': 'round {round}, trained on {dataset}, already exists: choose another number, or replace it',
	'store.roundCycle': 'round {parent} cannot be the parent of round {round}: a round cannot be its own ancestor',
	'store.datasetName':
		'dataset name {name}: expected at most 80 letters, digits, ".", "_" and "-", not starting with "."',
	'store.noDataset': 'there is no dataset {dataset}: build it first',
	'store.datasetExists': 'dataset {dataset} already exists: choose another name, or replace it',
	'store.card': '{file} is not a dataset card ({reason}): build the dataset again',
	'store.datasetFile': '{file} is not a regular file: build the dataset again',
	'store.row': '{file}:{line}: not a dataset row ({reason}): build the dataset again',
	'store.newRow': 'dataset row {row}: {reason}',
	'store.noRow': '{file} has {rows} rows, counted from 0: there is no row {row}',
} as const;

export const storeKinds = {
	'store.noProject': 'usage',
	'store.readOnly': 'read-only',
	'store.locked': 'locked',
	'store.lockFailed': 'locked',
	'store.newer': 'newer-schema',
	'store.roundExists': 'usage',
	'store.roundTrained': 'usage',
	'store.roundCycle': 'usage',
	'store.datasetName': 'usage',
	'store.noDataset': 'usage',
	'store.datasetExists': 'usage',
	'store.noRow': 'usage',
} as const satisfies Partial<Record<keyof typeof storeSentences, ErrorKind>>;
