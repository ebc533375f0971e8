import type { CommandId } from '../ids.ts';
import { commandIds } from '../ids.ts';
import { notifyError } from '../kit/notify.ts';
import type { Command, Studio } from '../session/studio.ts';
import { build } from './build.ts';
import { cancelRun } from './cancelRun.ts';
import { classify } from './classify.ts';
import { agree, changeSkills, dispute, withdraw } from './corrections.ts';
import { curate, demandCuration, exportCuration, finishEdit, regenerateItem } from './curation.ts';
import { openCard, openData, openSetAside, why } from './datasetDocuments.ts';
import { dispatchTraining } from './dispatchTraining.ts';
import { exportDataset } from './exportDataset.ts';
import { importAnswers, importQuestions, importSkills } from './imports.ts';
import { initialise } from './initialise.ts';
import { cancelJob, fetchJob, openJob, openJobLog, resumeJob } from './jobs.ts';
import { openSample } from './openSample.ts';
import {
	nextFailed,
	openAnswers,
	openDiagnosis,
	openQuestion,
	previousFailed,
	showProfile,
} from './questionDocuments.ts';
import { clearFilter, filterQuestions, groupQuestions, searchQuestions, showQuestions } from './questionView.ts';
import { chooseAll, chooseNone, showMissing } from './skills.ts';
import { switchScope } from './switchScope.ts';
import { diagnose, diagnoseQuestion, label } from './teacherRuns.ts';
import { chooseModel, chooseTeacher, clearKey, setKey, testTeacher } from './teachers.ts';
import { messageOf } from '../../core/errors/statError.ts';

const refresh: Command = async (studio) => {
	await studio.project.look();
	await studio.facts.read();
	studio.skills.resort();
	studio.questions.resort();
	for (const tree of [studio.skills, studio.questions, studio.datasets]) {
		tree.refresh();
	}
};

const showLog: Command = async ({ log }) => log.show(true);

/**
 * Every command by id. The type turns a missing command into an error, and test/manifest compares the ids with
 * package.json.
 */
const commands: Record<CommandId, Command> = {
	[commandIds.initialise]: initialise,
	[commandIds.openSample]: openSample,
	[commandIds.loadSample]: async (...args) => (await import('./loadSample.ts')).loadSample(...args),
	[commandIds.importSkills]: importSkills,
	[commandIds.importQuestions]: importQuestions,
	[commandIds.importAnswers]: importAnswers,
	[commandIds.catalog]: async (...args) => (await import('./catalog.ts')).catalog(...args),
	[commandIds.mergeSkills]: async (...args) => (await import('./skillEdits.ts')).mergeSkills(...args),
	[commandIds.splitSkill]: async (...args) => (await import('./skillEdits.ts')).splitSkill(...args),
	[commandIds.renameSkill]: async (...args) => (await import('./skillEdits.ts')).renameSkill(...args),
	[commandIds.describeSkill]: async (...args) => (await import('./skillEdits.ts')).describeSkill(...args),
	[commandIds.retireSkill]: async (...args) => (await import('./skillEdits.ts')).retireSkill(...args),
	[commandIds.undoSkillEdit]: async (...args) => (await import('./skillEdits.ts')).undoSkillEdit(...args),
	[commandIds.openSkillHistory]: async (...args) => (await import('./skillEdits.ts')).openSkillHistory(...args),
	[commandIds.askJury]: async (...args) => (await import('./jury.ts')).askJury(...args),
	[commandIds.settleDisagreements]: async (...args) => (await import('./jury.ts')).settleDisagreements(...args),
	[commandIds.openQuality]: async (...args) => (await import('./jury.ts')).openQuality(...args),
	[commandIds.label]: label,
	[commandIds.classify]: classify,
	[commandIds.diagnose]: diagnose,
	[commandIds.diagnoseQuestion]: diagnoseQuestion,
	[commandIds.build]: build,
	[commandIds.buildWith]: async (...args) => (await import('./buildWith.ts')).buildWith(...args),
	[commandIds.export]: exportDataset,
	[commandIds.curate]: curate,
	[commandIds.demandCuration]: demandCuration,
	[commandIds.exportCuration]: exportCuration,
	[commandIds.regenerateItem]: regenerateItem,
	[commandIds.finishEdit]: finishEdit,
	[commandIds.showProfile]: showProfile,
	[commandIds.openDiagnosis]: openDiagnosis,
	[commandIds.nextFailed]: nextFailed,
	[commandIds.previousFailed]: previousFailed,
	[commandIds.openQuestion]: openQuestion,
	[commandIds.openAnswers]: openAnswers,
	[commandIds.openCard]: openCard,
	[commandIds.openData]: openData,
	[commandIds.openSetAside]: openSetAside,
	[commandIds.why]: why,
	[commandIds.changeSkills]: changeSkills,
	[commandIds.agree]: agree,
	[commandIds.dispute]: dispute,
	[commandIds.withdraw]: withdraw,
	[commandIds.annotate]: async (...args) => (await import('../inline/annotateCommands.ts')).annotate(...args),
	[commandIds.editAnnotation]: async (...args) =>
		(await import('../inline/annotateCommands.ts')).editAnnotation(...args),
	[commandIds.acceptAnnotation]: async (...args) =>
		(await import('../inline/annotateCommands.ts')).acceptAnnotation(...args),
	[commandIds.dismissAnnotation]: async (...args) =>
		(await import('../inline/annotateCommands.ts')).dismissAnnotation(...args),
	[commandIds.switchScope]: switchScope,
	[commandIds.cancelRun]: cancelRun,
	[commandIds.setKey]: setKey,
	[commandIds.clearKey]: clearKey,
	[commandIds.chooseTeacher]: chooseTeacher,
	[commandIds.chooseModel]: chooseModel,
	[commandIds.testTeacher]: testTeacher,
	[commandIds.filterQuestions]: filterQuestions,
	[commandIds.searchQuestions]: searchQuestions,
	[commandIds.clearFilter]: clearFilter,
	[commandIds.groupQuestions]: groupQuestions,
	[commandIds.showQuestions]: showQuestions,
	[commandIds.showMissing]: showMissing,
	[commandIds.chooseAll]: chooseAll,
	[commandIds.chooseNone]: chooseNone,
	[commandIds.dispatchTraining]: dispatchTraining,
	[commandIds.evaluate]: async (...args) => (await import('./evaluate.ts')).evaluate(...args),
	[commandIds.showRounds]: async (...args) => (await import('./rounds.ts')).showRounds(...args),
	[commandIds.nextRound]: async (...args) => (await import('./rounds.ts')).nextRound(...args),
	[commandIds.correctRound]: async (...args) => (await import('./rounds.ts')).correctRound(...args),
	[commandIds.report]: async (...args) => (await import('./rounds.ts')).report(...args),
	[commandIds.openJob]: openJob,
	[commandIds.openJobLog]: openJobLog,
	[commandIds.cancelJob]: cancelJob,
	[commandIds.resumeJob]: resumeJob,
	[commandIds.fetchJob]: fetchJob,
	[commandIds.refreshJobs]: async ({ jobs }) => jobs.watch.look(),
	[commandIds.refresh]: refresh,
	[commandIds.consents]: async (...args) => (await import('./consents.ts')).consents(...args),
	[commandIds.showLog]: showLog,
};

/**
 * Runs a command. This is the only place where a command's error becomes a message. Resolves with the error's text, or
 * undefined on success.
 */
export async function runCommand(studio: Studio, id: CommandId, args: readonly unknown[]): Promise<string | undefined> {
	try {
		await commands[id](studio, ...args);
		return undefined;
	} catch (error) {
		// Not awaited, because a message may stay open for minutes and the caller need not wait for it.
		void notifyError(studio.log, id, error);
		return messageOf(error);
	}
}
