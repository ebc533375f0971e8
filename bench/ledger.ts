import type { ComparedQuestion } from '../src/core/rounds/comparison.ts';
import { compareRounds } from '../src/core/rounds/comparison.ts';
import { wilsonInterval } from '../src/core/stats/interval.ts';
import { findingOf, skillLedger } from '../src/core/rounds/ledger.ts';
import { formatPercent } from '../src/core/text/formatNumber.ts';
import { skillKey } from '../src/core/skills/skill.ts';
import { outcomes, smallRounds, uniform, worldSkill } from '../test/fixtures/roundsWorld.ts';

interface Setting {
	readonly name: string;
	readonly skills: number;
	/** Number of questions per skill. */
	readonly questions: number;
	readonly samples: number;
	readonly planted: readonly number[];
	readonly gain: number;
}

const runs = 1000;
const common = { skills: 18, questions: 50, samples: 1, planted: [], gain: 0 };
const settings: readonly Setting[] = [
	{ ...common, name: 'no change anywhere' },
	{ ...common, name: 'no change, 4 answers a question', samples: 4 },
	{ ...common, name: 'no change, 128 skills of 20 questions', skills: 128, questions: 20 },
	{ ...common, name: 'no change, 128 skills of 20 questions, 4 answers', skills: 128, questions: 20, samples: 4 },
	{ ...common, name: '3 of 18 gain 20 points', planted: smallRounds.planted, gain: 0.2 },
	{ ...common, name: '3 of 18 gain 40 points', planted: smallRounds.planted, gain: 0.4 },
	{ ...common, name: '3 of 18 gain 60 points', planted: smallRounds.planted, gain: 0.6 },
	{ ...common, name: '3 of 18 gain 20 points, 4 answers', planted: smallRounds.planted, gain: 0.2, samples: 4 },
	{
		...common,
		name: '3 of 18 gain 20 points, 200 questions',
		questions: 200,
		planted: smallRounds.planted,
		gain: 0.2,
	},
	{
		...common,
		name: '3 of 18 gain 7 points, 1,000 questions',
		questions: 1000,
		planted: smallRounds.planted,
		gain: 0.07,
	},
];

/**
 * Runs the skill ledger on two generated rounds a thousand times. Reports how often it names a skill that did not
 * change (at most 5% by its rule), how many of the planted skills it finds, and how often it reports "no useful gain"
 * for skills that gained and for skills that did not.
 */
function main(): void {
	console.log(
		`${runs} pairs of rounds each; answers flip for no reason with a chance of ${smallRounds.noise}, ` +
			`so a planted gain is ${1 - 2 * smallRounds.noise} of what is named.\n`,
	);
	console.log(
		'| world | runs with a wrong finding | 95 % | planted found | “no useful gain” of planted | of the ' +
			'others |\n| --- | ---: | ---: | ---: | ---: | ---: |',
	);
	for (const setting of settings) {
		const counts = { wrong: 0, found: 0, fruitlessPlanted: 0, fruitlessOthers: 0 };
		const planted = new Set(setting.planted.map((index) => skillKey(worldSkill(index))));
		const bought = new Map(
			Array.from({ length: setting.skills }, (_, index) => [skillKey(worldSkill(index)), 100]),
		);
		for (let seed = 0; seed < runs; seed++) {
			const { skills } = compareRounds(worldOf(setting, seed), new Map());
			const rows = skillLedger({
				profile: { questions: 0, skills: [] },
				dataset: { name: '', rows: 100 * setting.skills, bought, needing: bought, links: 1, cost: null },
				gains: skills,
				controls: [],
			});
			const found = skills.filter((change) => findingOf(change) !== null);
			counts.wrong += found.some((change) => !planted.has(skillKey(change))) ? 1 : 0;
			counts.found += found.filter((change) => planted.has(skillKey(change))).length;
			counts.fruitlessPlanted += rows.filter((row) => row.fruitless && planted.has(skillKey(row))).length;
			counts.fruitlessOthers += rows.filter((row) => row.fruitless && !planted.has(skillKey(row))).length;
		}
		const [low, high] = wilsonInterval(counts.wrong, runs);
		const of = (count: number, skills: number) => (skills === 0 ? '–' : formatPercent(count / (runs * skills)));
		console.log(
			`| ${setting.name} | ${formatPercent(counts.wrong / runs)} | ${formatPercent(low)} to ` +
				`${formatPercent(high)} | ${of(counts.found, planted.size)} | ` +
				`${of(counts.fruitlessPlanted, planted.size)} | ` +
				`${of(counts.fruitlessOthers, setting.skills - planted.size)} |`,
		);
	}
}

function worldOf({ skills, questions, samples, planted, gain }: Setting, seed: number): ComparedQuestion[] {
	const random = uniform(seed, 'ledger');
	return Array.from({ length: skills * questions }, (_, index) => {
		const skill = index % skills;
		const [before = [], after = []] = outcomes(random, skill, { planted, gain, samples, noise: smallRounds.noise });
		const score = (right: readonly boolean[]) => ({ right: right.filter(Boolean).length, of: right.length });
		return {
			questionId: String(index),
			subject: null,
			level: null,
			benchmark: null,
			skills: [worldSkill(skill)],
			before: score(before),
			after: score(after),
		};
	});
}

main();
