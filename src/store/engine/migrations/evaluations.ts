/**
 * Benchmarks, and evaluations of students with the questions they asked. Bodies are a BenchmarkEntry and an
 * EvaluationEntry as JSON.
 */
export const evaluations = `
CREATE TABLE benchmark (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body NOT NULL);
CREATE TABLE benchmark_question (benchmark INTEGER NOT NULL, question INTEGER NOT NULL, PRIMARY KEY (benchmark, question)) WITHOUT ROWID;
CREATE TABLE evaluation (id INTEGER PRIMARY KEY, eid TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL, body NOT NULL);
CREATE TABLE evaluation_question (evaluation INTEGER NOT NULL, benchmark TEXT NOT NULL, question INTEGER NOT NULL, PRIMARY KEY (evaluation, benchmark, question)) WITHOUT ROWID;
`;
