/** A second teacher's verdicts. */
export const jury = ``;
