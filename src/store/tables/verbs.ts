import type { Verb as WriteName } from '../../core/ports/store/store.ts';
import type { Verb } from './verb.ts';
import { addCorrection, addDiagnoses, annotate } from './diagnoses.ts';
import { addAnswers, setVerdicts } from './answers.ts';
import { setStepScores } from './stepScores.ts';
import { setClassification } from './classification.ts';
import { decideAlike, decideItems } from './itemDecisions.ts';
import { addItems, keepItems } from './items.ts';
import { addLabels, addSkills } from './skills.ts';
import { addQuestions } from './questions.ts';
import { setBenchmark, setEvaluation } from './evaluations.ts';
import { putReply, reindexReplies } from './replies.ts';
import { setRound } from './rounds.ts';
import { clearSetAside, setAside } from './setAside.ts';
import { editSkills, undoSkillEdit } from './skillEdits.ts';
import { setSetting } from './settings.ts';
import { addVerdicts } from './opinions.ts';

/** The writes that core lists, and two of the store's own. */
export type VerbName = WriteName | 'putReply' | 'reindexReplies';

/** All the verbs that exist; a journal can name no others. */
export const verbs: Readonly<Record<VerbName, Verb>> = {
	addSkills,
	addQuestions,
	addLabels,
	addAnswers,
	setVerdicts,
	setStepScores,
	setClassification,
	addDiagnoses,
	addCorrection,
	annotate,
	editSkills,
	undoSkillEdit,
	addVerdicts,
	setAside,
	clearSetAside,
	addItems,
	keepItems,
	decideItems,
	decideAlike,
	setRound,
	setBenchmark,
	setEvaluation,
	setSetting,
	putReply,
	reindexReplies,
};

/** Returns the verb with a name from a file; only own properties count. */
export function verbNamed(name: string): Verb | undefined {
	return Object.hasOwn(verbs, name) ? verbs[name as VerbName] : undefined;
}
