import type { Command } from './command.ts';

interface Entry {
	readonly summary: string;
	/** Called when the command is run: `status` need not load a teacher's client. */
	readonly load: () => Promise<Command>;
}

/** All commands, in the order of the loop. */
export const commands: Readonly<Record<string, Entry>> = {
	init: { summary: 'create a project (.stat) here', load: async () => (await import('./init.ts')).init },
	plan: {
		summary: 'what the whole loop will cost from here, and what has been paid',
		load: async () => (await import('./plan.ts')).planCommand,
	},
	import: {
		summary: 'find out what files and folders are, and import them; --dry-run shows a preview',
		load: async () => (await import('./importFiles.ts')).importFilesCommand,
	},
	'import skills': {
		summary: 'import skill banks: skills, their questions, the Skill-Map',
		load: async () => (await import('./importSkills.ts')).importSkillsCommand,
	},
	'import questions': {
		summary: 'import training or evaluation questions',
		load: async () => (await import('./importQuestions.ts')).importQuestionsCommand,
	},
	'import answers': {
		summary: "import a student's answers from evaluation logs, and grade them",
		load: async () => (await import('./importAnswers.ts')).importAnswersCommand,
	},
	catalog: {
		summary: 'have the teacher make skill lists from the questions alone',
		load: async () => (await import('./catalog.ts')).catalogCommand,
	},
	label: {
		summary: 'have the teacher label questions with skills of the lists',
		load: async () => (await import('./label.ts')).labelCommand,
	},
	batches: {
		summary: 'list or cancel the batches that steps with --batch have sent',
		load: async () => (await import('./batches.ts')).batchesCommand,
	},
	'skills list': {
		summary: 'list the skills, their questions, and how many miss them',
		load: async () => (await import('./skills.ts')).listSkills,
	},
	'skills merge': {
		summary: 'merge several skills into one',
		load: async () => (await import('./skills.ts')).mergeSkills,
	},
	'skills split': {
		summary: 'split a skill into several, by hand or by the teacher',
		load: async () => (await import('./skills.ts')).splitSkill,
	},
	'skills rename': {
		summary: 'rename a skill',
		load: async () => (await import('./skills.ts')).renameSkill,
	},
	'skills describe': {
		summary: 'describe a skill in words',
		load: async () => (await import('./skills.ts')).describeSkill,
	},
	'skills retire': {
		summary: 'take skills off the list',
		load: async () => (await import('./skills.ts')).retireSkills,
	},
	'skills undo': {
		summary: 'undo an edit of the skill list',
		load: async () => (await import('./skills.ts')).undoSkills,
	},
	'skills history': {
		summary: 'list who edited the skill list, when and how',
		load: async () => (await import('./skills.ts')).skillsHistory,
	},
	classify: {
		summary: 'classify questions as difficult or not, by one of five rules',
		load: async () => (await import('./classify.ts')).classifyCommand,
	},
	grid: {
		summary: 'accuracy, precision and recall for a grid of thresholds',
		load: async () => (await import('./grid.ts')).grid,
	},
	diagnose: {
		summary: 'have the teacher name the missing skills of difficult questions',
		load: async () => (await import('./diagnose.ts')).diagnoseCommand,
	},
	correct: {
		summary: 'correct a diagnosis: agree, dispute, or name other skills',
		load: async () => (await import('./correct.ts')).correct,
	},
	jury: {
		summary: 'have a second teacher read a sample of the diagnosed answers',
		load: async () => (await import('./jury.ts')).juryCommand,
	},
	'jury list': {
		summary: "list the jury's disagreements for you to settle",
		load: async () => (await import('./jury.ts')).listDisagreements,
	},
	quality: {
		summary: "the teacher's precision, recall and agreement",
		load: async () => (await import('./jury.ts')).qualityCommand,
	},
	profile: {
		summary: 'print the Missing-Skill-Profile, most missed first',
		load: async () => (await import('./profile.ts')).profileCommand,
	},
	build: {
		summary: 'build a training set: STAT-Sel, STAT-Syn or a baseline',
		load: async () => (await import('./build.ts')).buildCommand,
	},
	curate: {
		summary: 'curate synthesized problems: list, accept, edit, reject, undo, repair',
		load: async () => (await import('./curate.ts')).curateCommand,
	},
	leaks: {
		summary: 'compare training questions or a dataset with every evaluation question',
		load: async () => (await import('./leaks.ts')).leaksCommand,
	},
	export: {
		summary: 'export a dataset as files for other trainers',
		load: async () => (await import('./export.ts')).exportCommand,
	},
	why: {
		summary: 'explain a row: skill, question, answer, diagnosis',
		load: async () => (await import('./why.ts')).whyCommand,
	},
	dataset: {
		summary: 'list datasets, show the card of one',
		load: async () => (await import('./dataset.ts')).dataset,
	},
	'set-aside': {
		summary: 'list rows and replies that were set aside, with their text',
		load: async () => (await import('./setAside.ts')).setAside,
	},
	grade: {
		summary: 'compare two final answers: JSONL on stdin',
		load: async () => (await import('./gradeCommand.ts')).gradeCommand,
	},
	regrade: {
		summary: 'grade stored answers again: by another rule, a checker of your own, or the teacher as judge',
		load: async () => (await import('./regrade.ts')).regradeCommand,
	},
	consents: {
		summary: 'list what you allowed on this machine: checkers and hosts',
		load: async () => (await import('./consents.ts')).listConsents,
	},
	'consents withdraw': {
		summary: 'withdraw a consent',
		load: async () => (await import('./consents.ts')).withdrawConsent,
	},
	drill: {
		summary: 'test how well the loop recovers planted weaknesses',
		load: async () => (await import('./drill.ts')).drillCommand,
	},
	train: {
		summary: 'train on a GPU host, over SSH: SFT, then GRPO',
		load: async () => (await import('./train.ts')).trainCommand,
	},
	sample: {
		summary: 'have the student answer questions on a host',
		load: async () => (await import('./sample.ts')).sampleCommand,
	},
	score: {
		summary: 'have a process reward model score answers on a host',
		load: async () => (await import('./score.ts')).scoreCommand,
	},
	'jobs list': {
		summary: "list this project's jobs with their states",
		load: async () => (await import('./jobs.ts')).listCommand,
	},
	'jobs log': {
		summary: "print a job's event log as it is written",
		load: async () => (await import('./jobs.ts')).logCommand,
	},
	'jobs cancel': {
		summary: 'end a job and all its processes',
		load: async () => (await import('./jobs.ts')).cancelCommand,
	},
	'jobs resume': {
		summary: 'resume a failed, cancelled or lost job from its checkpoint',
		load: async () => (await import('./jobs.ts')).resumeCommand,
	},
	'jobs fetch': {
		summary: "fetch a job's results; import its answers and scores",
		load: async () => (await import('./jobs.ts')).fetchCommand,
	},
	'jobs clean': {
		summary: 'show and remove what ended jobs take on their hosts',
		load: async () => (await import('./jobs.ts')).cleanCommand,
	},
	'benchmarks list': {
		summary: "list the paper's benchmarks and your own, with their settings",
		load: async () => (await import('./benchmarks.ts')).benchmarksListCommand,
	},
	'benchmarks cached': {
		summary: 'list benchmarks in the Hugging Face cache here or on a host',
		load: async () => (await import('./benchmarks.ts')).benchmarksCachedCommand,
	},
	'benchmarks add': {
		summary: 'add a benchmark from your own files or that cache',
		load: async () => (await import('./benchmarks.ts')).benchmarksAddCommand,
	},
	evaluate: {
		summary: 'have a student answer benchmarks, at an endpoint or on a host',
		load: async () => (await import('./evaluate.ts')).evaluateCommand,
	},
	'rounds list': {
		summary: 'list rounds as a tree: base, STAT-Sel, GRPO',
		load: async () => (await import('./rounds.ts')).roundsListCommand,
	},
	'rounds show': {
		summary: 'show a round and what belongs to it',
		load: async () => (await import('./rounds.ts')).roundsShowCommand,
	},
	'rounds start': {
		summary: 'record the lineage of a round',
		load: async () => (await import('./rounds.ts')).roundsStartCommand,
	},
	'rounds correct': {
		summary: 'correct the parent or the benchmark of a round',
		load: async () => (await import('./rounds.ts')).roundsCorrectCommand,
	},
	'rounds next': {
		summary: 'start the next round from a finished training job',
		load: async () => (await import('./rounds.ts')).roundsNextCommand,
	},
	compare: {
		summary: 'compare two rounds: what changed, by skill, and whether it is noise',
		load: async () => (await import('./compare.ts')).compareCommand,
	},
	ledger: {
		summary: 'predicted gap, rows bought, cost and gain by skill',
		load: async () => (await import('./ledger.ts')).ledgerCommand,
	},
	report: {
		summary: 'write a report of a round as Markdown for a paper',
		load: async () => (await import('./ledger.ts')).reportCommand,
	},
	'hosts list': {
		summary: 'list the hosts confirmed on this machine',
		load: async () => (await import('./hosts.ts')).listHosts,
	},
	'hosts add': {
		summary: 'confirm a host and store its settings',
		load: async () => (await import('./hosts.ts')).addHost,
	},
	'hosts check': {
		summary: 'check a host: what it has, what it lacks and how to fix that',
		load: async () => (await import('./hosts.ts')).checkHost,
	},
	check: {
		summary: 'what is damaged in the project, and what to do',
		load: async () => (await import('./check.ts')).check,
	},
	status: { summary: 'totals of the project', load: async () => (await import('./status.ts')).statusCommand },
};

/**
 * Returns the command at the start of `argv` and the remaining arguments; the longest name wins, and the name of a
 * group alone is not a command.
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
 * Returns the commands whose names begin with this word: `rounds` is not a command itself, but begins the names of
 * five. Empty if there are none.
 */
export function commandsUnder(group = ''): readonly string[] {
	return Object.keys(commands).filter((name) => name.startsWith(`${group} `));
}
