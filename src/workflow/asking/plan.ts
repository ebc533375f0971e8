/** What a paid step would do, before it does it. */
export interface Plan {
	calls: number;
	cached: number;
	tokens: { input: number; output: number };
	cost: number | null;
	rows: number;
	notes: string[];
}
