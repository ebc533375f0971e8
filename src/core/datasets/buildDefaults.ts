/** Our defaults for a training set. The paper's numbers are in `paperBuild`; a card lists where a build departs. */
export const buildDefaults = {
	seed: 0,
	pairs: 9500,
	difficult: 500,
	perSkill: 5,
	answers: 3,
	nearest: 5,
	repeats: 'keep',
	mix: 0,
	rank: 'share',
} as const;
