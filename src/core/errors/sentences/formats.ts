import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const formatsSentences = {
	'formats.folder': '{file}: this is a folder; a file is expected here',
	'formats.specialFile': '{file}: not a regular file: give a .json or .jsonl file',
	'formats.zip': '{file}: this is a zip archive: unpack it first (an Inspect log must have its own extension, .eval)',
	'formats.parquetName': '{file}: this is a Parquet file: give it the extension .parquet',
	'formats.utf16': '{file}: this is UTF-16 text: save it as UTF-8',
	'formats.empty': '{file}: the file is empty',
	'formats.notJson':
		'{file}: neither JSON nor JSON Lines: the first character is {found}, expected an object or a list ({extension})',
	'formats.noRowList': sentence(
		'{file}: the file is a single JSON object of more than {limit} MB, and none of the expected lists of rows ',
		'({lists}) is in it: write its rows as JSON Lines',
	),
	'formats.noRows': '{file}: the file contains no rows',
	'formats.noSoundRow': '{file}: no row can be read; {problem}',
	'formats.noFiles': '{file}: there is no .json, .jsonl, .csv, .eval or .parquet file in this folder',
	'formats.tooManyFiles': '{file}: the folder has more than {limit} files: import its subfolders one by one',
	'formats.bothSplits':
		'{file}: the folder contains both train/ and test/, which belong to different splits: import {train} and {test} separately',
	'formats.skillBank': '{file}: this is a skill bank: import it as skills',
	'formats.unknown': sentence(
		'{file}: not a known format for {reads}. Its first row has {found}; looked for {formats}. ',
		'Name the format, or the fields that contain question and answer',
	),
	'formats.noResponseField':
		'{file}: the question is in “{question}”, but no field holds the student’s answer. Its fields: {found}. Name the one with the answer',
	'formats.noQuestionField':
		'{file}: “{other}” is read, but no field holds the question. Its fields: {found}. Name the one with the question',
	'formats.nothingInFolder': '{file}: none of the {files} files in this folder can be read. {first}: {reason}',
	'formats.noFormat': 'there is no format “{format}” for {reads}; choose from {formats}',
	'formats.noPart': sentence(
		'only the formats {formats} can be written as NAME:PART, ',
		'where PART is the filter or scorer whose verdicts are imported',
	),
	'formats.mappedField': 'mapping: {field} is not a field of STAT Studio; choose from {fields}',
	'formats.mappedMissing':
		'{file}: the mapping takes {field} from “{path}”, which none of the first rows has. Their fields: {found}',
	'formats.tooManyColumns': '{file}: the file has {columns} columns; at most {limit} are read',
	'formats.columnTwice': '{file}: two columns are called {column}: rename one of them',
	'formats.parquetRows': '{file}: the file claims to contain {rows} rows; at most {limit} are read',
	'formats.parquet': '{file}: not a valid Parquet file: {reason}',
	'formats.arrow': '{file}: not a valid Arrow file: {reason}',
	'formats.archiveEntries': '{file}: the archive has {entries} entries; at most {limit} are read',
	'formats.archive': '{file}: not a valid archive: {reason}',
	'formats.noInspectSamples':
		'{file}: this Inspect log holds no samples: log them (log_samples) and run the evaluation again',
	'formats.noSamples': sentence(
		'{file}: the archive contains no samples/…json, so it is not an Inspect log with samples ',
		'(log_samples): ',
		'unpack other archives first',
	),
	'formats.noExportFormat': 'there is no export format “{format}”; choose from {formats}',
	'formats.noExportTarget': 'the file or folder to write to is missing: name one',
	'formats.insideProject':
		'{file} is inside .stat, which holds the project’s own files: choose a place outside of it',
	'formats.exportExists': '{file} already exists: choose another file, or overwrite it',
	'formats.noExportFolder': 'there is no folder {folder}: create it first',
	'formats.exportNeedsFolder': '{file}: this is a file, but {format} is written to a folder',
	'formats.exportNeedsFile':
		'{file}: this is a folder or a device, so no file can be written there: choose another file',
	'formats.emptyField':
		'row {row} of the dataset has no {field}, so there would be nothing to train on: build the dataset again',
	'formats.datasetInfo': sentence(
		'{file}: this dataset_info.json cannot be extended ({reason}): repair it, or export to another folder. ',
		'Nothing was written',
	),
} as const;

export const formatsKinds = {
	'formats.noFormat': 'usage',
	'formats.noPart': 'usage',
	'formats.mappedField': 'usage',
	'formats.mappedMissing': 'usage',
	'formats.noExportFormat': 'usage',
	'formats.noExportTarget': 'usage',
} as const satisfies Partial<Record<keyof typeof formatsSentences, ErrorKind>>;
