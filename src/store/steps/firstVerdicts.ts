/** A question's first sample's verdict beside its tally, so that lists filter without visiting answers. */
export const firstVerdicts = ``;
