/** The cost of a paid step, estimated before it runs. */
export interface Plan {
	calls: number;
	cached: number;
	tokens: { input: number; output: number };
	cost: number | null;
	rows: number;
	notes: string[];
}
