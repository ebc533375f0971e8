import type { ChainRow, DatasetCard, DatasetRow } from '../datasets/dataset.ts';

/** Datasets on disk, `.stat/datasets/NAME/`. Implemented by the store. */
export interface Datasets {
	/**
	 * Writes data.jsonl and chain.jsonl to a temporary folder, calls `card` for the card, and renames the folder into
	 * place. Refuses an existing name unless `replace` is set. A name has at most 80 letters, digits, `.`, `_` or `-`,
	 * and no leading dot.
	 */
	write(
		name: string,
		rows: AsyncIterable<readonly [DatasetRow, ChainRow]> | Iterable<readonly [DatasetRow, ChainRow]>,
		card: (written: { sha256: string; rows: number }) => DatasetCard,
		replace: boolean,
	): Promise<{ card: DatasetCard; path: string }>;
	card(name: string): Promise<DatasetCard>;
	list(): Promise<DatasetCard[]>;
	rows(name: string, signal: AbortSignal): AsyncIterable<DatasetRow>;
	/** `index` counts from 0, in file order. */
	row(name: string, index: number): Promise<{ row: DatasetRow; chain: ChainRow }>;
	path(name: string): string;
}
