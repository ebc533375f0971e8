import type { Verb as WriteName } from '../../core/ports/store.ts';
import type { Verb } from './verb.ts';
import { annotate } from '../verbs/annotations.ts';
import { addAnswers, setStepScores, setVerdicts } from '../verbs/answers.ts';
import { setClassification } from '../verbs/classification.ts';
import { addItems, decideAlike, decideItems, keepItems } from '../verbs/curation.ts';
import { addCorrection, addDiagnoses } from '../verbs/diagnoses.ts';
import { addLabels, addSkills } from '../verbs/labels.ts';
import { addQuestions } from '../verbs/questions.ts';
import { setBenchmark, setEvaluation } from '../verbs/evaluations.ts';
import { putReply, reindexReplies } from '../verbs/replies.ts';
import { setRound } from '../verbs/rounds.ts';
import { clearSetAside, setAside } from '../verbs/setAside.ts';
import { editSkills, undoSkillEdit } from '../verbs/skillEdits.ts';
import { setSetting } from '../verbs/settings.ts';
import { addVerdicts } from '../verbs/verdicts.ts';

/** Writes of core's list, and two of the store's own. */
export type VerbName = WriteName | 'putReply' | 'reindexReplies';

/** The closed list: a journal can name nothing else. */
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

/** A verb by a name from a file; own properties only. */
export function verbNamed(name: string): Verb | undefined {
	return Object.hasOwn(verbs, name) ? verbs[name as VerbName] : undefined;
}
