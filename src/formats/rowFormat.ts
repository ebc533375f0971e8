import type { FileDescription } from '../core/ports/files.ts';
import type { ImportedAnswers, ImportedQuestion } from '../core/questions/imported.ts';
import type { Row, RowReport } from './rowReport.ts';

/** What a file is read for. */
export type Reads = 'questions' | 'answers';

/**
 * One tool's way to write a row (an object a line, or an element of a list). A new one is a file that exports a
 * RowFormat and a line in {@link ./registry.ts}. Readers never throw on content: a row that is not sound is set aside
 * through the report, a field that is not is left out.
 */
export interface RowFormat {
	/** The name by which a person selects it. */
	readonly name: string;
	/** The fields it is known by, for the message that nothing fits. */
	readonly looksFor: string;
	/** Does this row look like one of its own? Cheap; the first rows of a file decide for all of it. */
	fits(row: Row, reads: Reads): boolean;
	question(row: Row, report: RowReport): ImportedQuestion | null;
	/** Absent: files of this format hold no student answers. */
	answers?(row: Row, report: RowReport): ImportedAnswers | null;
	/** What the file, or what lies beside it, says of all its rows. */
	describe?(file: string, firstRow: Row): Promise<Omit<FileDescription, 'format'>>;
}

/** The first of these fields that is there and not null, and its name. Own fields only. */
export function firstOf(row: Row, names: readonly string[]): { readonly name: string; readonly value: unknown } {
	for (const name of names) {
		const value = row[name];
		if (value !== undefined && value !== null && Object.hasOwn(row, name)) {
			return { name, value };
		}
	}
	return { name: names[0] ?? '', value: undefined };
}
