/**
 * Merges, splits, renames and descriptions of skills, with their history. `label_given`: labels as they were given,
 * kept once there is an edit; `label` then holds what they mean now.
 */
export const skillEdits = `
CREATE TABLE skill_edit (id INTEGER PRIMARY KEY, body NOT NULL, undone, labels INTEGER NOT NULL, findings INTEGER NOT NULL);
CREATE TABLE label_given (question INTEGER NOT NULL, skill INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (question, skill, source)) WITHOUT ROWID;
CREATE INDEX label_given_skill ON label_given (skill, question);
CREATE TABLE skill_gone (skill INTEGER PRIMARY KEY);
CREATE TABLE skill_about (skill INTEGER PRIMARY KEY, text NOT NULL);
`;
