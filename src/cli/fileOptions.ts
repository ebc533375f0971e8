import { usageError } from './usageError.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** Options for reading other tools' files. */
export const fileOptions = {
	format: { type: 'string', value: 'F', help: 'a format of docs/formats.md; default: recognized by its fields' },
	map: { type: 'string', value: 'OURS=THEIRS,…', help: 'fields of plain files, e.g. text=prompt,gold=meta.answer' },
} satisfies OptionSpecs;

export function readFileOptions(values: Values<typeof fileOptions>): {
	readonly format: string | undefined;
	readonly mapping: Readonly<Record<string, string>> | undefined;
} {
	return { format: values.text('format'), mapping: readMapping(values.text('map')) };
}

/** Parses `--map text=prompt,gold=meta.answer`: our field = the file's field. */
function readMapping(text: string | undefined): Readonly<Record<string, string>> | undefined {
	if (text === undefined) {
		return undefined;
	}
	return Object.fromEntries(
		text.split(',').map((pair) => {
			const [ours, theirs, ...rest] = pair.split('=').map((part) => part.trim());
			if (!ours || !theirs || rest.length > 0) {
				throw usageError(
					'--map takes OURS=THEIRS pairs with commas between them, e.g. text=prompt,gold=answer; ' +
						`"${pair}" is none`,
				);
			}
			return [ours, theirs];
		}),
	);
}
