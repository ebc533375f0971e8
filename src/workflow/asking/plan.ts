/** The cost of a paid step, estimated before it runs. */
export interface Plan {
	calls: number;
	cached: number;
	tokens: { input: number; output: number };
	cost: number | null;
	rows: number;
	notes: string[];
}

/** Adds plans up. The cost is unknown if one of them is; of notes that occur twice, one remains. */
export function addPlans(plans: readonly Plan[]): Plan {
	const sum = (pick: (plan: Plan) => number): number => plans.reduce((total, plan) => total + pick(plan), 0);
	return {
		calls: sum(({ calls }) => calls),
		cached: sum(({ cached }) => cached),
		tokens: { input: sum(({ tokens }) => tokens.input), output: sum(({ tokens }) => tokens.output) },
		cost: plans.some(({ cost }) => cost === null) ? null : sum(({ cost }) => cost ?? 0),
		rows: sum(({ rows }) => rows),
		notes: [...new Set(plans.flatMap(({ notes }) => notes))],
	};
}
