import type { FileDescription } from '../core/ports/files.ts';
import type { ImportedAnswers, ImportedQuestion } from '../core/questions/imported.ts';
import type { Row, RowReader } from './rowReader.ts';

/** What a file is read as. */
export type Reads = 'questions' | 'answers';

/**
 * How one tool writes a row (an object per line, or an element of a list). A new one is a file that exports a RowFormat
 * and a line in {@link ./registry.ts}. Readers never throw on content: an invalid row is set aside through the report,
 * an invalid field is omitted.
 */
export interface RowFormat {
	/** The name by which a person selects it. */
	readonly name: string;
	/** The fields by which it is recognised, for the message that nothing fits. */
	readonly looksFor: string;
	/** Whether this row looks like one of its own. Cheap; the first rows of a file decide for all of it. */
	fits(row: Row, reads: Reads): boolean;
	question(row: Row, reader: RowReader): ImportedQuestion | null;
	/** Absent: files of this format contain no student answers. */
	answers?(row: Row, reader: RowReader): ImportedAnswers | null;
	/** What the file, or a file beside it, says about all its rows. */
	describe?(file: string, firstRow: Row): Promise<Omit<FileDescription, 'format'>>;
}

/** The first of these fields that is present and not null, with its name. Own fields only. */
export function firstOf(row: Row, names: readonly string[]): { readonly name: string; readonly value: unknown } {
	for (const name of names) {
		const value = row[name];
		if (value !== undefined && value !== null && Object.hasOwn(row, name)) {
			return { name, value };
		}
	}
	return { name: names[0] ?? '', value: undefined };
}
