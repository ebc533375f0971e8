import { mappableFields } from '../formats/view.ts';
import { usageError } from './usageError.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** Options for reading other tools' files. */
export const fileOptions = {
	format: { type: 'string', value: 'F', help: 'a format of docs/formats.md; default: recognized by its fields' },
	map: {
		type: 'string',
		value: 'OURS=THEIRS,…',
		help:
			'overrides the guess, field by field: gold=label,response=outputs.*.text. OURS is one of ' +
			`${mappableFields.join(', ')}; THEIRS is a field or a path with dots, in which a number is a place in a ` +
			'list and * stands for all of them',
	},
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
