/** Rounds: lineage of checkpoints and what belongs to each. */
export const rounds = ``;
