/**
 * A question's first sample's verdict beside its tally, so that lists filter without visiting answers.
 * 0 wrong, 1 right, 2 unsure; NULL: there is no first sample.
 */
export const firstVerdicts = `
ALTER TABLE tally ADD COLUMN first INTEGER;
UPDATE tally SET first = (SELECT coalesce(a.verdict, 2) FROM answer a WHERE a.scope = tally.scope AND a.question = tally.question AND a.sample = 0);
`;
