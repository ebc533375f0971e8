// The comparisons, fixed before the new seeds were drawn (docs/evidence-protocol.md). Comparisons that are not primary
// are exploratory.
import type { WorldName } from './settings.ts';

export const measures = ['overall', 'rare', 'frequent', 'harder'] as const;
export type Measure = (typeof measures)[number];

export interface Contrast {
	readonly world: WorldName;
	readonly left: string;
	readonly right: string;
	/** Measures that belong to the family controlled by Holm's procedure. */
	readonly primary: readonly Measure[];
}

export const contrasts: readonly Contrast[] = [
	{ world: 'gap', left: 'train', right: 'base', primary: [] },
	{ world: 'gap', left: 'sel', right: 'train', primary: ['overall', 'rare', 'frequent', 'harder'] },
	{ world: 'gap', left: 'sel', right: 'uniform', primary: ['overall'] },
	{ world: 'gap', left: 'sel', right: 'shuffled', primary: ['overall'] },
	{ world: 'gap', left: 'sel-mix', right: 'train', primary: ['overall'] },
	{ world: 'gap', left: 'sel-mix', right: 'sel', primary: ['overall'] },
	{ world: 'gap', left: 'sel-rewritten', right: 'augment', primary: ['overall'] },
	{ world: 'gap', left: 'noisy', right: 'sel', primary: ['overall'] },
	{ world: 'gap', left: 'uniform', right: 'train', primary: [] },
	{ world: 'gap', left: 'shuffled', right: 'train', primary: [] },
	{ world: 'gap', left: 'augment', right: 'train', primary: [] },
	{ world: 'gap', left: 'syn', right: 'sel-rewritten', primary: ['overall'] },
	{ world: 'gap', left: 'syn', right: 'augment', primary: [] },
	{ world: 'gap', left: 'sel', right: 'embed-sel', primary: ['overall'] },
	{ world: 'gap', left: 'embed-sel', right: 'train', primary: [] },
	{ world: 'gap', left: 'sel', right: 'hard', primary: ['overall'] },
	{ world: 'gap', left: 'hard', right: 'train', primary: [] },
	{ world: 'gap', left: 'sel-exposure', right: 'sel', primary: ['overall'] },
	{ world: 'gap', left: 'base+grpo', right: 'base', primary: [] },
	{ world: 'gap', left: 'sel+grpo', right: 'sel', primary: [] },
	{ world: 'gap', left: 'augment+grpo', right: 'augment', primary: [] },
	{ world: 'gap', left: 'sel+grpo', right: 'augment+grpo', primary: [] },
	// Added after GRPO's results were seen (docs/evidence.md): shows how much of the repair remains after GRPO.
	{ world: 'gap', left: 'sel+grpo', right: 'base+grpo', primary: [] },
	{ world: 'level', left: 'train', right: 'base', primary: [] },
	{ world: 'level', left: 'sel', right: 'train', primary: ['overall'] },
	{ world: 'level', left: 'sel-mix', right: 'train', primary: ['overall'] },
	{ world: 'level', left: 'uniform', right: 'train', primary: [] },
	{ world: 'level', left: 'sel', right: 'uniform', primary: [] },
];
