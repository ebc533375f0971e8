import { describeRule } from '../difficulty/difficulty.ts';
import type { NeighbourFacts } from './paperPreset.ts';
import { neighbourDeviations, paperBuild, paperSynthesis, paperTeacher } from './paperPreset.ts';
import type { SynthesisFilters } from './synthesis.ts';

/** Facts about a STAT-Syn build that the paper also specifies. */
export interface SynthesisFacts {
	readonly method: 'syn' | 'embed-syn';
	readonly references: number;
	readonly new: number;
	readonly solutions: number;
	readonly agree: number;
	readonly rounds: number;
	readonly pairs: number;
	readonly difficultRequested: number;
	readonly difficultUsed: number;
	readonly filters: SynthesisFilters;
	readonly rule: string | null;
	readonly ruleSettings: Readonly<Record<string, number | string | null>>;
	readonly skillsPerQuestion: number;
	readonly onlySomeSkills: boolean;
	readonly corrected: number;
	/** Models that diagnosed, proposed or solved questions. */
	readonly teachers: readonly string[];
	/** Number of (difficult question, missing skill) targets, and how many were bought, over all rounds. */
	readonly targets: number;
	readonly targetsBought: number;
	/** Number of training questions that are no references because they need a figure. */
	readonly unfitReferences: number;
	readonly setAside: number;
	readonly isOverBudget: boolean;
	/** Embed-Syn: how references were found. */
	readonly neighbours?: NeighbourFacts | undefined;
}

/** Describes in prose, for the card, where a STAT-Syn build departs from the paper (sec. 2.3, B, C.3.3). */
export function synthesisDeviations(facts: SynthesisFacts): string[] {
	const { filters } = facts;
	const bySkill = facts.method === 'syn';
	const paper = { ...paperSynthesis, new: bySkill ? paperSynthesis.new : paperSynthesis.embedNew };
	const section = bySkill ? 'sec. 2.3' : 'C.2';
	const dropping = Object.entries(filters)
		.filter(([, action]) => action === 'drop')
		.map(([name]) => name);
	const deviations: (string | false)[] = [
		facts.rule !== null &&
			facts.rule !== 'reward' &&
			`difficult questions ${describeRule(facts.rule, facts.ruleSettings)}, not by process rewards (sec. 2.1)`,
		facts.difficultRequested !== paperBuild.difficult &&
			`up to ${facts.difficultRequested} difficult questions, not ${paperBuild.difficult} (B.2)`,
		facts.difficultUsed < Math.min(facts.difficultRequested, paperBuild.difficult) &&
			`${facts.difficultUsed} difficult questions with missing skills, where the paper has ` +
				`${paperBuild.difficult} (B.2)`,
		...(['references', 'new', 'solutions', 'agree'] as const).map(
			(name) => facts[name] !== paper[name] && `${facts[name]} for "${name}", not ${paper[name]} (${section})`,
		),
		facts.new > 1 &&
			(bySkill
				? 'one call for each new question (the paper asks for two at once)'
				: 'one call for each new question'),
		facts.rounds > paper.rounds &&
			(bySkill
				? `${facts.rounds} passes over the missing skills: one pass cannot reach the 9.5k pairs the ` +
					'paper reports (500 × 3 × 2 × 3 = 9,000 before filtering)'
				: `${facts.rounds} passes over the difficult questions: one pass cannot reach 9.5k pairs ` +
					'(500 × 5 × 3 = 7,500 before filtering)'),
		facts.pairs !== paperBuild.pairs && `cut to ${facts.pairs} pairs, not ${paperBuild.pairs} (B.2)`,
		dropping.length > 0 && `dropped by filters the paper does not have: ${dropping.join(', ')}`,
		facts.unfitReferences > 0 &&
			`${facts.unfitReferences} training questions that need a figure are never references`,
		facts.targetsBought < facts.targets &&
			!facts.isOverBudget &&
			`${facts.targetsBought} of ${facts.targets} ${bySkill ? 'missing skills' : 'difficult questions'}, ` +
				'drawn at random: they brought enough pairs',
		bySkill &&
			facts.skillsPerQuestion < 1.5 &&
			`a Skill-Map of ${facts.skillsPerQuestion.toFixed(2)} skills a question, where the paper's ` +
				'teacher names up to five (C.3.1)',
		facts.onlySomeSkills && 'only the skills chosen by hand',
		facts.corrected > 0 && `${facts.corrected} diagnoses corrected by people`,
		facts.teachers.some((model) => model !== paperTeacher && model !== 'gpt-4o') &&
			`teacher ${facts.teachers.join(', ')}, not ${paperTeacher} and gpt-4o (C.3)`,
		facts.setAside > 0 && `${facts.setAside} replies set aside`,
		facts.isOverBudget && 'ended by the budget',
		...(facts.neighbours ? neighbourDeviations(facts.neighbours) : []),
	];
	return deviations.filter((deviation) => deviation !== false);
}
