import { StatError } from '../core/run.ts';

/** `--map text=prompt,gold=meta.answer`: our field → the file's. */
export function readMapping(text: string | undefined): Readonly<Record<string, string>> | undefined {
	if (text === undefined) {
		return undefined;
	}
	return Object.fromEntries(
		text.split(',').map((pair) => {
			const [ours, theirs, ...rest] = pair.split('=').map((word) => word.trim());
			if (!ours || !theirs || rest.length > 0) {
				throw new StatError(`--map takes OURS=THEIRS pairs with commas between them, e.g. text=prompt,gold=answer; "${pair}" is none`, 'usage');
			}
			return [ours, theirs];
		}),
	);
}
