/**
 * Benchmarks, and student evaluations with the questions they used. Each body is a BenchmarkEntry or an
 * EvaluationEntry, as JSON.
 */
export const evaluations = `
CREATE TABLE benchmark (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body NOT NULL);
CREATE TABLE benchmark_question (benchmark INTEGER NOT NULL, question INTEGER NOT NULL, PRIMARY KEY (benchmark, question)) WITHOUT ROWID;
CREATE TABLE evaluation (id INTEGER PRIMARY KEY, eid TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL, body NOT NULL);
CREATE TABLE evaluation_question (evaluation INTEGER NOT NULL, benchmark TEXT NOT NULL, question INTEGER NOT NULL, PRIMARY KEY (evaluation, benchmark, question)) WITHOUT ROWID;
`;
/**
 * Stores the verdict on a question's first sample beside its tally, so that lists can be filtered without visiting the
 * answers: 0 wrong, 1 right, 2 unsure, NULL if there is no first sample.
 */
export const firstVerdicts = `
ALTER TABLE tally ADD COLUMN first INTEGER;
UPDATE tally SET first = (SELECT coalesce(a.verdict, 2) FROM answer a WHERE a.scope = tally.scope AND a.question = tally.question AND a.sample = 0);
`;
/** Stores second teachers' verdicts beside the diagnoses in force. */
export const jury = `
CREATE TABLE verdict (scope INTEGER NOT NULL, question INTEGER NOT NULL, juror TEXT NOT NULL, body NOT NULL, PRIMARY KEY (scope, question, juror)) WITHOUT ROWID;
`;
/**
 * Rounds: the lineage of checkpoints, and what belongs to each of them. `body` is a RoundEntry as JSON. Student and
 * number are stored as values, not as a reference, because a round may exist before it has answers.
 */
export const rounds = `
CREATE TABLE round (student TEXT NOT NULL, round INTEGER NOT NULL, body NOT NULL, PRIMARY KEY (student, round)) WITHOUT ROWID;
`;
/**
 * Merges, splits, renames and descriptions of skills, with their history. After the first edit, `label_given` holds the
 * labels as they were imported, and `label` what they mean now.
 */
export const skillEdits = `
CREATE TABLE skill_edit (id INTEGER PRIMARY KEY, body NOT NULL, undone, labels INTEGER NOT NULL, findings INTEGER NOT NULL);
CREATE TABLE label_given (question INTEGER NOT NULL, skill INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (question, skill, source)) WITHOUT ROWID;
CREATE INDEX label_given_skill ON label_given (skill, question);
CREATE TABLE skill_gone (skill INTEGER PRIMARY KEY);
CREATE TABLE skill_about (skill INTEGER PRIMARY KEY, text NOT NULL);
`;
/** The checksum of the text that an answer or a reply points to; NULL if version 0.1 wrote it. */
export const textSums = `
ALTER TABLE answer ADD COLUMN sum INTEGER;
ALTER TABLE reply ADD COLUMN sum INTEGER;
`;
