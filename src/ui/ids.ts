/**
 * Every id that package.json and the code share, declared once. test/manifest checks both directions: a command that is
 * declared but never registered, or registered but never declared, fails a test before a user sees it.
 */
export const commandIds = {
	initialise: 'stat.initialise',
	openSample: 'stat.openSample',
	loadSample: 'stat.loadSample',
	importSkills: 'stat.importSkills',
	importQuestions: 'stat.importQuestions',
	importAnswers: 'stat.importAnswers',
	catalog: 'stat.catalog',
	mergeSkills: 'stat.mergeSkills',
	splitSkill: 'stat.splitSkill',
	renameSkill: 'stat.renameSkill',
	describeSkill: 'stat.describeSkill',
	retireSkill: 'stat.retireSkill',
	undoSkillEdit: 'stat.undoSkillEdit',
	openSkillHistory: 'stat.openSkillHistory',
	askJury: 'stat.askJury',
	settleDisagreements: 'stat.settleDisagreements',
	openQuality: 'stat.openQuality',
	label: 'stat.label',
	classify: 'stat.classify',
	diagnose: 'stat.diagnose',
	diagnoseQuestion: 'stat.diagnoseQuestion',
	build: 'stat.build',
	buildWith: 'stat.buildWith',
	export: 'stat.export',
	curate: 'stat.curate',
	demandCuration: 'stat.demandCuration',
	exportCuration: 'stat.exportCuration',
	regenerateItem: 'stat.regenerateItem',
	finishEdit: 'stat.finishEdit',
	showProfile: 'stat.showProfile',
	openDiagnosis: 'stat.openDiagnosis',
	nextFailed: 'stat.nextFailed',
	previousFailed: 'stat.previousFailed',
	openQuestion: 'stat.openQuestion',
	openAnswers: 'stat.openAnswers',
	openCard: 'stat.openCard',
	openData: 'stat.openData',
	openSetAside: 'stat.openSetAside',
	why: 'stat.why',
	changeSkills: 'stat.changeSkills',
	agree: 'stat.agree',
	dispute: 'stat.dispute',
	withdraw: 'stat.withdraw',
	annotate: 'stat.annotate',
	editAnnotation: 'stat.editAnnotation',
	acceptAnnotation: 'stat.acceptAnnotation',
	dismissAnnotation: 'stat.dismissAnnotation',
	switchScope: 'stat.switchScope',
	cancelRun: 'stat.cancelRun',
	setKey: 'stat.setKey',
	clearKey: 'stat.clearKey',
	chooseTeacher: 'stat.chooseTeacher',
	chooseModel: 'stat.chooseModel',
	testTeacher: 'stat.testTeacher',
	filterQuestions: 'stat.filterQuestions',
	searchQuestions: 'stat.searchQuestions',
	clearFilter: 'stat.clearFilter',
	groupQuestions: 'stat.groupQuestions',
	showQuestions: 'stat.showQuestions',
	showMissing: 'stat.showMissing',
	chooseAll: 'stat.chooseAll',
	chooseNone: 'stat.chooseNone',
	dispatchTraining: 'stat.dispatchTraining',
	evaluate: 'stat.evaluate',
	showRounds: 'stat.showRounds',
	nextRound: 'stat.nextRound',
	correctRound: 'stat.correctRound',
	report: 'stat.report',
	openJob: 'stat.openJob',
	openJobLog: 'stat.openJobLog',
	cancelJob: 'stat.cancelJob',
	resumeJob: 'stat.resumeJob',
	fetchJob: 'stat.fetchJob',
	refreshJobs: 'stat.refreshJobs',
	refresh: 'stat.refresh',
	consents: 'stat.consents',
	showLog: 'stat.showLog',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = {
	skills: 'stat.skills',
	questions: 'stat.questions',
	datasets: 'stat.datasets',
	jobs: 'stat.jobs',
} as const;

export const panelIds = {
	diagnosis: 'stat.diagnosis',
	profile: 'stat.profile',
	job: 'stat.job',
	curation: 'stat.curation',
	rounds: 'stat.rounds',
} as const;
export type PanelId = (typeof panelIds)[keyof typeof panelIds];

/** Keys used in when clauses. */
export const contextKeys = {
	/** `none`: no folder contains `.stat`; `open`: one does. Unset until this is known. */
	project: 'stat.project',
	/** Whether the folder contains a sample.json. */
	sampleHere: 'stat.sampleHere',
	hasSkills: 'stat.hasSkills',
	hasQuestions: 'stat.hasQuestions',
	hasAnswers: 'stat.hasAnswers',
	classified: 'stat.classified',
	diagnosed: 'stat.diagnosed',
	hasDatasets: 'stat.hasDatasets',
	hasTeacher: 'stat.hasTeacher',
	filtered: 'stat.filtered',
	/** Which questions the Questions view shows; see views/questionView.ts. */
	shown: 'stat.shown',
	running: 'stat.running',
	/** Set if the project could not be opened. */
	failed: 'stat.failed',
	walkthroughProfile: 'stat.walkthrough.profile',
	walkthroughDiagnosis: 'stat.walkthrough.diagnosis',
} as const;

export const settingIds = {
	teacherKind: 'stat.teacher.kind',
	teacherBaseUrl: 'stat.teacher.baseUrl',
	teacherModel: 'stat.teacher.model',
	teacherEmbeddingModel: 'stat.teacher.embeddingModel',
	teacherRequestFields: 'stat.teacher.requestFields',
	teacherTier: 'stat.teacher.tier',
	teacherConcurrency: 'stat.teacher.concurrency',
	teacherScripted: 'stat.teacher.scripted',
	teacherBudget: 'stat.teacher.budget',
	teacherBudgetCalls: 'stat.teacher.budgetCalls',
	author: 'stat.author',
	remoteSshPath: 'stat.remote.sshPath',
	remoteSshConfig: 'stat.remote.sshConfig',
	inlineEnabled: 'stat.inline.enabled',
} as const;

/** Keys of workspace state and global state. */
export const mementoKeys = {
	scope: 'scope',
	untickedSkills: 'untickedSkills',
	questionView: 'questionView',
	recentSkills: 'recentSkills',
	buildChoices: 'buildChoices',
	importChoices: 'importChoices',
	exportChoices: 'exportChoices',
	classifyChoices: 'classifyChoices',
	trainChoices: 'trainChoices',
	evaluateChoices: 'evaluateChoices',
	evaluateOrigins: 'evaluateOrigins',
	envKeyOrigins: 'envKeyOrigins',
} as const;

export const toolIds = { profile: 'stat_readProfile', diagnosis: 'stat_readDiagnosis' } as const;
export type ToolId = (typeof toolIds)[keyof typeof toolIds];

export const documentScheme = 'stat';
/** URI scheme of synthesized problems in an editor; saving one is an edit. */
export const editScheme = 'stat-edit';
/** Language ID of `stat:` documents. It is our own, so that the Markdown preview never renders untrusted text. */
export const documentLanguage = 'stat-document';
export const walkthroughId = 'stat.start';
