import type { formatsSentences } from '../../core/errors/sentences/formats.ts';

export const formatsMessages: Readonly<Record<keyof typeof formatsSentences, string | null>> = {
	'formats.folder': null,
	'formats.specialFile': null,
	'formats.zip': null,
	'formats.parquetName': null,
	'formats.utf16': null,
	'formats.empty': null,
	'formats.notJson': null,
	'formats.noRowList': null,
	'formats.noRows': null,
	'formats.noSoundRow': null,
	'formats.noFiles': null,
	'formats.tooManyFiles': null,
	'formats.bothSplits': null,
	'formats.skillBank': '{file}: this is a skill bank: import it with "import skills"',
	'formats.unknown':
		'{file}: not a known format for {reads}. Its first row has {found}; looked for {formats}. ' +
		'Name its fields with --map question=FIELD,gold=FIELD (dotted paths), or the format with ' +
		'--format',
	'formats.noResponseField':
		'{file}: the question is in "{question}", but no field holds the student\'s answer: name it with ' +
		'--map response=FIELD (fields here: {found})',
	'formats.noQuestionField':
		'{file}: "{other}" is read, but no field holds the question: name it with --map question=FIELD ' +
		'(fields here: {found})',
	'formats.nothingInFolder': null,
	'formats.noFormat': 'there is no format "{format}" for {reads}; --format takes {formats}',
	'formats.noPart':
		'--format NAME:PART works only with {formats}, where PART is the filter or scorer whose ' +
		'verdicts are imported',
	'formats.mappedField': '--map: {field} is not a field of STAT Studio; choose from {fields}',
	'formats.mappedMissing':
		'{file}: --map takes {field} from "{path}", which none of the first rows has (fields here: {found})',
	'formats.tooManyColumns': null,
	'formats.columnTwice': null,
	'formats.parquetRows': null,
	'formats.parquet': null,
	'formats.arrow': null,
	'formats.archiveEntries': null,
	'formats.archive': null,
	'formats.noInspectSamples': null,
	'formats.noSamples': null,
	'formats.noExportFormat': null,
	'formats.noExportTarget': 'give the file or folder to write to (--out PATH)',
	'formats.insideProject':
		'{file} is inside .stat, which holds the project’s own files: give --out a place outside of it',
	'formats.exportExists': '{file} already exists: give another --out, or add --replace to overwrite it',
	'formats.noExportFolder': 'there is no folder {folder}: create it first, or add --replace to create it',
	'formats.exportNeedsFolder': null,
	'formats.exportNeedsFile':
		'{file}: this is a folder or a device, so no file can be written there: give another --out',
	'formats.emptyField': null,
	'formats.datasetInfo': null,
};
