/** What the trainer can do on a host. */
export const recipes = ['sft', 'grpo', 'generate', 'score', 'xray'] as const;
export type Recipe = (typeof recipes)[number];
