import type { BuildOptions } from 'esbuild';

type Entry = 'extension' | 'studio' | 'cli' | 'storeWorker' | 'gradingWorker';

export const productEntries: Readonly<Record<Entry, string>>;
export const productOptions: BuildOptions;
export const programOptions: BuildOptions;
export function bundleProduct(folder: string, names: readonly Entry[], options?: BuildOptions): void;
