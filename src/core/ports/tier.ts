/** At which price and speed an endpoint answers: `batch` within a day, the others by their `service_tier`. */
export const tiers = ['default', 'flex', 'priority', 'batch'] as const;
export type Tier = (typeof tiers)[number];

/** The tiers that are requested by `service_tier`. */
export const serviceTiers = ['flex', 'default', 'priority'] as const satisfies readonly Tier[];
