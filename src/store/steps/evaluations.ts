/** Benchmarks and evaluations of a student. */
export const evaluations = ``;
