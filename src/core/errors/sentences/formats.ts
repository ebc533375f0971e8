import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const formatsSentences = {
	'formats.folder': '{file}: is a folder; a file is expected here',
	'formats.specialFile': '{file}: not a regular file: give a .json or .jsonl file',
	'formats.gzip': '{file}: is gzip-compressed: unpack it first (gunzip)',
	'formats.zstd': '{file}: is Zstandard-compressed: unpack it first (unzstd)',
	'formats.zip': '{file}: is a zip archive: unpack it first (an Inspect log is read under its own extension, .eval)',
	'formats.parquetName': '{file}: is Parquet: name it .parquet',
	'formats.utf16': '{file}: is UTF-16 text: save it as UTF-8',
	'formats.empty': '{file}: the file is empty',
	'formats.notJson':
		'{file}: neither JSON nor JSON Lines: the first character is {found}, expected an object or a list ({extension})',
	'formats.noRowList':
		'{file}: one object of more than {limit} MB without a list of rows ({lists}): write its rows as JSON Lines',
	'formats.noRows': '{file}: holds no rows',
	'formats.noFiles': '{file}: no .json, .jsonl, .csv, .eval or .parquet file in this folder',
	'formats.tooManyFiles': '{file}: more than {limit} files: import its folders one by one',
	'formats.bothSplits':
		'{file}: holds both train/ and test/, which belong to different splits: import {train} and {test} one by one',
	'formats.skillBank': '{file}: this is a skill bank: import it as skills',
	'formats.unknown': sentence(
		'{file}: not a known format of {reads}. Its first row has {found}; looked for {formats}. ',
		'Name the format, or which of its fields hold question and answer',
	),
	'formats.noFormat': 'no format “{format}” holds {reads}; there are {formats}',
	'formats.noPart': 'only {formats} have parts (the filter or scorer whose verdicts are imported)',
	'formats.mappingNeedsPlain':
		'a mapping of fields is for the format plain: leave out the format {format}, or the mapping',
	'formats.mappedField': 'mapping: {field} is not a field of STAT Studio; there are {fields}',
	'formats.tooManyColumns': '{file}: {columns} columns; at most {limit} are read',
	'formats.columnTwice': '{file}: two columns are called {column}: rename one',
	'formats.parquetRows': '{file}: claims to hold {rows} rows; at most {limit} are read',
	'formats.parquet': '{file}: not a sound Parquet file: {reason}',
	'formats.archiveEntries': '{file}: an archive of {entries} entries; at most {limit} are read',
	'formats.archive': '{file}: not a sound archive: {reason}',
	'formats.noSamples': sentence(
		'{file}: an archive without samples/…json, so no Inspect log with samples (log_samples): ',
		'unpack other archives first',
	),
	'formats.noExportFormat': 'no export format “{format}”; there are {formats}',
	'formats.noExportTarget': 'the file or folder to write to is missing: name one',
	'formats.exportExists': '{file} exists: choose another file, or overwrite it',
	'formats.noExportFolder': 'there is no folder {folder}: create it first',
	'formats.exportNeedsFolder': '{file}: is a file; {format} is written to a folder',
	'formats.exportNeedsFile': '{file}: is a folder or a device; a file is written there: choose another file',
	'formats.emptyField': 'row {row} of the dataset has no {field}; it would train on nothing: build the dataset again',
	'formats.datasetInfo': sentence(
		'{file}: this dataset_info.json cannot be extended ({reason}): repair it, or export to another folder. ',
		'Nothing was written',
	),
} as const;

export const formatsKinds = {
	'formats.noFormat': 'usage',
	'formats.noPart': 'usage',
	'formats.mappingNeedsPlain': 'usage',
	'formats.mappedField': 'usage',
	'formats.noExportFormat': 'usage',
	'formats.noExportTarget': 'usage',
} as const satisfies Partial<Record<keyof typeof formatsSentences, ErrorKind>>;
