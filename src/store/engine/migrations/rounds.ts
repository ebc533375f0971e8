/**
 * Rounds: lineage of checkpoints and what belongs to each. `body` is a RoundEntry as JSON. A round may be known before
 * it has answers, so it is named, not joined.
 */
export const rounds = `
CREATE TABLE round (student TEXT NOT NULL, round INTEGER NOT NULL, body NOT NULL, PRIMARY KEY (student, round)) WITHOUT ROWID;
`;
