/** Merges, splits, renames and descriptions of skills, with their history. */
export const skillEdits = ``;
