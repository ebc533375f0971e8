import type { Command } from './command.ts';

interface Entry {
	readonly summary: string;
	/** Loaded when called: `status` need not load a teacher's client. */
	readonly load: () => Promise<Command>;
}

/** All commands, in the order of the loop. */
export const commands: Readonly<Record<string, Entry>> = {
	init: { summary: 'make a project (.stat) here', load: async () => (await import('./init.ts')).init },
	'import skills': {
		summary: 'skill banks: skills, their questions, the Skill-Map',
		load: async () => (await import('./importSkills.ts')).importSkillsCommand,
	},
	'import questions': {
		summary: 'training or evaluation questions',
		load: async () => (await import('./importQuestions.ts')).importQuestionsCommand,
	},
	'import answers': {
		summary: "a student's answers from evaluation logs, graded",
		load: async () => (await import('./importAnswers.ts')).importAnswersCommand,
	},
	catalog: {
		summary: 'skill lists from the questions alone, made by the teacher',
		load: async () => (await import('./catalog.ts')).catalogCommand,
	},
	label: {
		summary: 'the teacher labels questions with skills of the lists',
		load: async () => (await import('./label.ts')).labelCommand,
	},
	'skills list': {
		summary: 'the skills, their questions, how many miss them',
		load: async () => (await import('./skills.ts')).listSkills,
	},
	'skills merge': {
		summary: 'several skills become one; everything follows',
		load: async () => (await import('./skills.ts')).mergeSkills,
	},
	'skills split': {
		summary: 'one skill becomes several, by hand or by the teacher',
		load: async () => (await import('./skills.ts')).splitSkill,
	},
	'skills rename': {
		summary: 'a skill by another name',
		load: async () => (await import('./skills.ts')).renameSkill,
	},
	'skills describe': {
		summary: 'what a skill is, in words',
		load: async () => (await import('./skills.ts')).describeSkill,
	},
	'skills retire': { summary: 'skills off the list', load: async () => (await import('./skills.ts')).retireSkills },
	'skills undo': {
		summary: 'takes an edit of the skill list back',
		load: async () => (await import('./skills.ts')).undoSkills,
	},
	'skills history': {
		summary: 'who edited the skill list, when and how',
		load: async () => (await import('./skills.ts')).skillsHistory,
	},
	classify: {
		summary: 'difficult or not, by one of five rules',
		load: async () => (await import('./classify.ts')).classifyCommand,
	},
	grid: {
		summary: 'accuracy, precision and recall for a grid of thresholds',
		load: async () => (await import('./grid.ts')).grid,
	},
	diagnose: {
		summary: 'the teacher names the missing skills of difficult questions',
		load: async () => (await import('./diagnose.ts')).diagnoseCommand,
	},
	correct: {
		summary: 'your word on a diagnosis: agree, dispute, other skills',
		load: async () => (await import('./correct.ts')).correct,
	},
	jury: {
		summary: 'a second teacher reads a sample of the diagnosed answers',
		load: async () => (await import('./jury.ts')).juryCommand,
	},
	'jury list': {
		summary: 'where the jury reads otherwise, to be settled by you',
		load: async () => (await import('./jury.ts')).listDisagreements,
	},
	quality: {
		summary: "the teacher's precision, recall and agreement",
		load: async () => (await import('./jury.ts')).qualityCommand,
	},
	profile: {
		summary: 'the Missing-Skill-Profile, most missed first',
		load: async () => (await import('./profile.ts')).profileCommand,
	},
	build: {
		summary: 'a training set: STAT-Sel, STAT-Syn or a baseline',
		load: async () => (await import('./build.ts')).buildCommand,
	},
	curate: {
		summary: 'synthesized problems: list, accept, edit, reject, undo, repair',
		load: async () => (await import('./curate.ts')).curateCommand,
	},
	leaks: {
		summary: 'training questions or a dataset against every evaluation question',
		load: async () => (await import('./leaks.ts')).leaksCommand,
	},
	export: {
		summary: 'a dataset as files other trainers read',
		load: async () => (await import('./export.ts')).exportCommand,
	},
	why: {
		summary: 'the chain behind a row: skill, question, answer, diagnosis',
		load: async () => (await import('./why.ts')).whyCommand,
	},
	dataset: {
		summary: 'list datasets, show the card of one',
		load: async () => (await import('./dataset.ts')).dataset,
	},
	'set-aside': {
		summary: 'rows and replies that were set aside, with their text',
		load: async () => (await import('./setAside.ts')).setAside,
	},
	grade: {
		summary: 'are two final answers the same? JSONL on stdin',
		load: async () => (await import('./gradeCommand.ts')).gradeCommand,
	},
	drill: {
		summary: 'planted weaknesses: how well the loop recovers them',
		load: async () => (await import('./drill.ts')).drillCommand,
	},
	train: {
		summary: 'a dataset to a GPU host, over SSH: SFT, then GRPO',
		load: async () => (await import('./train.ts')).trainCommand,
	},
	sample: {
		summary: 'the student answers questions on a host',
		load: async () => (await import('./sample.ts')).sampleCommand,
	},
	score: {
		summary: 'a process reward model scores answers on a host',
		load: async () => (await import('./score.ts')).scoreCommand,
	},
	'jobs list': {
		summary: 'jobs of this project and where they stand',
		load: async () => (await import('./jobs.ts')).listCommand,
	},
	'jobs log': {
		summary: "a job's event log, as it is written",
		load: async () => (await import('./jobs.ts')).logCommand,
	},
	'jobs cancel': {
		summary: 'end a job and all its processes',
		load: async () => (await import('./jobs.ts')).cancelCommand,
	},
	'jobs resume': {
		summary: 'a failed, cancelled or lost job goes on from its checkpoint',
		load: async () => (await import('./jobs.ts')).resumeCommand,
	},
	'jobs fetch': {
		summary: "a job's results; answers and scores come into the project",
		load: async () => (await import('./jobs.ts')).fetchCommand,
	},
	'jobs clean': {
		summary: 'what ended jobs take on their hosts, and away with it',
		load: async () => (await import('./jobs.ts')).cleanCommand,
	},
	'benchmarks list': {
		summary: "the paper's benchmarks and your own, with their settings",
		load: async () => (await import('./benchmarks.ts')).benchmarksListCommand,
	},
	'benchmarks cached': {
		summary: 'benchmarks in the Hugging Face cache here or of a host',
		load: async () => (await import('./benchmarks.ts')).benchmarksCachedCommand,
	},
	'benchmarks add': {
		summary: 'a benchmark from your own files or that cache',
		load: async () => (await import('./benchmarks.ts')).benchmarksAddCommand,
	},
	evaluate: {
		summary: 'a student answers benchmarks, at an endpoint or on a host',
		load: async () => (await import('./evaluate.ts')).evaluateCommand,
	},
	'rounds list': {
		summary: 'rounds as a tree: base, STAT-Sel, GRPO',
		load: async () => (await import('./rounds.ts')).roundsListCommand,
	},
	'rounds show': {
		summary: 'a round and what belongs to it',
		load: async () => (await import('./rounds.ts')).roundsShowCommand,
	},
	'rounds start': {
		summary: 'say where a round comes from',
		load: async () => (await import('./rounds.ts')).roundsStartCommand,
	},
	'rounds correct': {
		summary: 'correct where a round comes from, or what it is meant for',
		load: async () => (await import('./rounds.ts')).roundsCorrectCommand,
	},
	'rounds next': {
		summary: 'the next round from a finished training job',
		load: async () => (await import('./rounds.ts')).roundsNextCommand,
	},
	compare: {
		summary: 'two rounds: what changed, by skill, and whether it is noise',
		load: async () => (await import('./compare.ts')).compareCommand,
	},
	ledger: {
		summary: 'predicted gap, rows bought, cost, gain: by skill',
		load: async () => (await import('./ledger.ts')).ledgerCommand,
	},
	report: {
		summary: 'a round as Markdown for a paper',
		load: async () => (await import('./ledger.ts')).reportCommand,
	},
	'hosts list': {
		summary: 'hosts confirmed on this machine',
		load: async () => (await import('./hosts.ts')).listHosts,
	},
	'hosts add': {
		summary: 'confirm a host and say how it is used',
		load: async () => (await import('./hosts.ts')).addHost,
	},
	'hosts check': {
		summary: 'what a host has, what it lacks and how to mend that',
		load: async () => (await import('./hosts.ts')).checkHost,
	},
	status: { summary: 'totals of the project', load: async () => (await import('./status.ts')).statusCommand },
};

/**
 * The command at the start of `argv` and its remaining arguments; the longest name wins, and a group's name alone is no
 * command.
 */
export function findCommand(
	argv: readonly string[],
): { readonly name: string; readonly rest: readonly string[] } | null {
	for (const length of [2, 1]) {
		const name = argv.slice(0, length).join(' ');
		if (argv.length >= length && Object.hasOwn(commands, name)) {
			return { name, rest: argv.slice(length) };
		}
	}
	return null;
}

/**
 * Commands whose names begin with this word: `rounds` is no command itself, but heads five. Empty if there are none.
 */
export function commandsUnder(group = ''): readonly string[] {
	return Object.keys(commands).filter((name) => name.startsWith(`${group} `));
}
