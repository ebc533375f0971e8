import type { Query as ReadName, Reads } from '../../core/ports/store/store.ts';
import type { TeacherReply } from '../../core/ports/teacher.ts';
import { annotations, classification, diagnosedIds, diagnosis, missingSkills } from './diagnoses.ts';
import { answers, digests, students } from './answers.ts';
import {
	item,
	itemCounts,
	itemFacets,
	itemIds,
	itemRows,
	items,
	itemsById,
	itemsHolding,
	itemVerdicts,
} from './items.ts';
import { damagedTexts } from './damagedTexts.ts';
import { diagnoses, opinions } from './opinions.ts';
import { presentSkills, skillEdits } from './skillEdits.ts';
import { benchmarkEntries, benchmarkQuestions, evaluationQuestions, evaluations } from './evaluations.ts';
import { questionGroups, questionPosition, questions } from './questionLists.ts';
import { question, questionsById, questionsOfSplit } from './questions.ts';
import { knownReplies, reply } from './replies.ts';
import { replyTotals } from './replyTotals.ts';
import { rounds, scores } from './rounds.ts';
import { labels, skillList, skillMap, skills, subjects } from './skills.ts';
import { benchmarks, setAside, setAsideOperations, setting, status } from './totals.ts';
import type { Context } from './verb.ts';

/** The reads that core declares, and two for the reply log. */
export interface Queries {
	reply: { params: { key: string }; result: TeacherReply | undefined };
	knownReplies: { params: { keys: readonly string[] }; result: readonly string[] };
}
export type QueryName = ReadName | keyof Queries;
type AllReads = Reads & Queries;

/** All the reads that exist. */
export const queries: {
	readonly [Q in QueryName]: (context: Context, params: AllReads[Q]['params']) => AllReads[Q]['result'];
} = {
	status,
	students,
	skills,
	questions,
	questionPosition,
	questionGroups,
	question,
	questionsById,
	questionsOfSplit,
	answers,
	digests,
	classification,
	diagnosis,
	annotations,
	diagnosedIds,
	missingSkills,
	skillMap,
	skillList,
	labels,
	skillEdits,
	presentSkills,
	opinions,
	diagnoses,
	setAside,
	setAsideOperations,
	items,
	item,
	itemsById,
	itemIds,
	itemRows,
	itemFacets,
	itemsHolding,
	itemCounts,
	itemVerdicts,
	rounds,
	scores,
	benchmarkEntries,
	benchmarkQuestions,
	evaluations,
	evaluationQuestions,
	replyTotals,
	setting,
	damagedTexts,
	subjects,
	benchmarks,
	reply,
	knownReplies,
};
