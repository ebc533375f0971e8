import type { Query as ReadName, Reads } from '../../core/ports/store.ts';
import type { TeacherReply } from '../../core/ports/teacher.ts';
import { annotations } from '../queries/annotations.ts';
import { answers, digests, students } from '../queries/answers.ts';
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
} from '../queries/curation.ts';
import { classification, diagnosedIds, diagnosis, missingSkills } from '../queries/diagnoses.ts';
import { diagnoses, opinions } from '../queries/opinions.ts';
import { presentSkills, skillEdits } from '../queries/skillEdits.ts';
import { benchmarkEntries, benchmarkQuestions, evaluationQuestions, evaluations } from '../queries/evaluations.ts';
import { questionGroups, questionPosition, questions } from '../queries/lists.ts';
import { question, questionsById, questionsOfSplit } from '../queries/questions.ts';
import { knownReplies, reply } from '../queries/replies.ts';
import { rounds, scores } from '../queries/rounds.ts';
import { labels, skillList, skillMap, skills, subjects } from '../queries/skills.ts';
import { benchmarks, setAside, setAsideOperations, setting, status } from '../queries/totals.ts';
import type { Context } from './verb.ts';

/** Core's reads, and the reply log's two. */
export interface Queries {
	reply: { params: { key: string }; result: TeacherReply | undefined };
	knownReplies: { params: { keys: readonly string[] }; result: readonly string[] };
}
export type QueryName = ReadName | keyof Queries;
type AllReads = Reads & Queries;

/** The closed list of reads. */
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
	setting,
	subjects,
	benchmarks,
	reply,
	knownReplies,
};
