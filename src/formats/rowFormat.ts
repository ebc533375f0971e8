import type { FileDescription } from '../core/ports/files.ts';
import type { ImportedAnswers, ImportedQuestion } from '../core/questions/imported.ts';
import type { Row, RowReader } from './rowReader.ts';
import type { View } from './ours.ts';

/** What a file is read as. */
export type Reads = 'questions' | 'answers';

/**
 * How one tool writes a row (an object per line, or an element of a list). To add a format, add a file that exports a
 * RowFormat and a line in {@link ./registry.ts}. Readers never throw because of content: an invalid row is set aside
 * and reported, and an invalid field is omitted.
 */
export interface RowFormat {
	/** The name by which the user selects the format. */
	readonly name: string;
	/** The fields by which the format is recognised, for the message that no format fits. */
	readonly looksFor: string;
	/** Whether its rows are written to train on: their answers are solutions unless the user names a student. */
	readonly isTraining: boolean;
	/**
	 * Whether this row looks like one of the format's own. Must be cheap. The first rows of a file decide for the whole
	 * file.
	 */
	fits(row: Row, reads: Reads): boolean;
	/** Returns a row in our fields, for previews; `null` if it was set aside. */
	view(row: Row, reader: RowReader, reads: Reads): View | null;
	question(row: Row, reader: RowReader): ImportedQuestion | null;
	/** Absent if files of this format contain no student answers. */
	answers?(row: Row, reader: RowReader): ImportedAnswers | null;
	/** Returns what the file, or a file next to it, says about all of its rows. */
	describe?(file: string, firstRow: Row): Promise<Omit<FileDescription, 'format'>>;
}
