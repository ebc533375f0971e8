/** A second teacher's verdicts, beside the diagnoses in force. */
export const jury = `
CREATE TABLE verdict (scope INTEGER NOT NULL, question INTEGER NOT NULL, juror TEXT NOT NULL, body NOT NULL, PRIMARY KEY (scope, question, juror)) WITHOUT ROWID;
`;
