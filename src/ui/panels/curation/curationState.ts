import type {
	ItemState,
	QueueState,
	RepairOffer,
	ShownContent,
	ShownFlag,
	ShownDecision,
} from '../../../../webview/curation/protocol.ts';
import type { CurationDecision, ItemContent, ItemFilter } from '../../../core/curation/curation.ts';
import {
	contentInForce,
	decisionsInForce,
	flagsInForce,
	isEdited,
	itemInForce,
} from '../../../core/curation/curation.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { Repair } from '../../../core/curation/repair.ts';
import type { Run } from '../../../core/run.ts';
import { largestGroup } from '../../../core/datasets/synthesis.ts';
import { demandedWaiting } from '../../../workflow/curation/curationDemand.ts';
import { gradeContent } from '../../../workflow/curation/gradeContent.ts';
import { repairAll } from '../../../workflow/curation/repairAll.ts';

type Reading = Pick<Parts, 'store' | 'grader'>;
type Repairing = Pick<Parts, 'store' | 'grader' | 'datasets'>;

/**
 * Returns a user's text as the panel shows it. Its solutions are graded now, so that agreement follows from the
 * answers.
 */
export async function shownContent(
	parts: Reading,
	content: Pick<ItemContent, 'question' | 'solutions'>,
): Promise<ShownContent> {
	const { answers, agree } = await gradeContent(parts, content);
	const { members } = largestGroup(answers, await parts.grader.groups(answers));
	return {
		question: content.question,
		solutions: content.solutions.map((text, index) => ({
			text,
			answer: answers[index] ?? null,
			agrees: members.has(index),
			isTrainedOn: true,
		})),
		agreement: { agree, of: content.solutions.length },
	};
}

/** Reads everything that the panel shows about an item; returns `null` if the item is no longer in the queue. */
export async function readItemState(
	parts: Reading,
	at: {
		readonly dataset: string;
		readonly questionId: QuestionId;
		readonly version: number;
		readonly index: number;
		readonly asking: boolean;
	},
): Promise<ItemState | null> {
	const { store } = parts;
	const found = await store.read('item', { dataset: at.dataset, questionId: at.questionId });
	if (!found) {
		return null;
	}
	const { status, decision, history } = found;
	const item = itemInForce(found.item, history);
	const content = contentInForce(item, history);
	const noticed = flagsInForce(found.item, history);
	const likes = noticed.flatMap((flag) => flag.with ?? []);
	const questions = new Map(
		(
			await store.read('questionsById', {
				ids: [
					...new Set([...item.references, ...likes, ...(item.forQuestion ? [item.forQuestion] : [])]),
				].slice(0, 2000),
			})
		).map((question) => [question.id, question]),
	);
	// Ids that belong to no question of the project may belong to other new questions in the same queue.
	const others = new Map(
		(
			await store.read('itemsById', {
				dataset: at.dataset,
				ids: likes.filter((id) => !questions.has(id)).slice(0, 500),
			})
		).map((other) => [other.item.questionId, other.item.question]),
	);
	const likeOf = (id: QuestionId): ShownFlag['like'] => {
		const question = questions.get(id);
		if (question) {
			const where =
				question.split === 'train' ? 'training question' : `${question.benchmark ?? 'evaluation'} question`;
			return { id, text: question.text, where, known: true };
		}
		const text = others.get(id);
		return text === undefined ? null : { id, text, where: 'new question of this queue', known: false };
	};
	const flags = noticed.map(({ kind, score, with: like }): ShownFlag => ({
		kind,
		score,
		like: like === null ? null : likeOf(like),
	}));
	const forText = item.forQuestion === null ? undefined : questions.get(item.forQuestion)?.text;
	return {
		version: at.version,
		index: at.index,
		questionId: at.questionId,
		status,
		reason: status === 'rejected' ? (decision?.reason ?? null) : null,
		content: isEdited(history)
			? await shownContent(parts, content)
			: {
					question: item.question,
					solutions: item.solutions.map(({ text, answer, agrees }) => ({
						text,
						answer,
						agrees,
						isTrainedOn: agrees,
					})),
					agreement: item.agreement,
				},
		isEdited: isEdited(history),
		skill: item.skill,
		forQuestion:
			item.forQuestion !== null && forText !== undefined ? { id: item.forQuestion, text: forText } : null,
		references: item.references.flatMap((id) => {
			const text = questions.get(id)?.text;
			return text === undefined ? [] : [{ id, text }];
		}),
		flags,
		history: historyOf(history),
		model: item.model,
		promptVersion: item.promptVersion,
		asking: at.asking,
	};
}

function historyOf(history: readonly CurationDecision[]): ShownDecision[] {
	const standing = new Set(decisionsInForce(history));
	return history.map((decision) => ({
		verdict: decision.verdict,
		reason: decision.reason,
		note: decision.note,
		author: decision.author,
		at: decision.at,
		hint: decision.made?.hint ?? null,
		before:
			decision.after && decision.after.question !== decision.before.question ? decision.before.question : null,
		withdrawn: decision.verdict !== 'withdrawn' && !standing.has(decision),
	}));
}

/** Reads the state of a queue, regardless of the filter; `ids` is the filtered list. */
export async function readQueueState(
	parts: Pick<Parts, 'store'>,
	at: {
		readonly dataset: string;
		readonly filter: ItemFilter;
		readonly version: number;
		readonly total: number;
		readonly start: number;
		readonly undo: string | null;
		readonly readOnly: string | null;
		readonly trusted: boolean;
	},
): Promise<QueueState> {
	const [counts, facets, { demand, waiting: demanded }] = await Promise.all([
		parts.store.read('itemCounts', {}),
		parts.store.read('itemFacets', { dataset: at.dataset }),
		demandedWaiting(parts, at.dataset),
	]);
	const {
		waiting: unseen,
		accepted,
		edited,
		rejected,
	} = counts.find(({ dataset }) => dataset === at.dataset) ?? { waiting: 0, accepted: 0, edited: 0, rejected: 0 };
	return {
		kind: 'queue',
		...at,
		counts: { waiting: unseen, accepted, edited, rejected },
		...facets,
		demand,
		demanded,
	};
}

const shownExamples = 5;

/** Returns what the same repair would do to all other items that contain the passage; returns `null` if none does. */
export async function readRepairOffer(
	parts: Repairing,
	dataset: string,
	repair: Repair,
	but: QuestionId,
	run: Pick<Run, 'now' | 'signal' | 'progress'>,
): Promise<RepairOffer | null> {
	const ids = (await parts.store.read('itemsHolding', { dataset, text: repair.find })).filter((id) => id !== but);
	if (ids.length === 0) {
		return null;
	}
	const { items } = await repairAll(
		parts,
		{ dataset, ...repair, questionIds: ids.slice(0, shownExamples), author: '', apply: false },
		run,
	);
	return {
		...repair,
		matched: ids.length,
		examples: items.flatMap(({ questionId, before, after }) => {
			const texts = [before.question, ...before.solutions];
			const mended = [after.question, ...after.solutions];
			const first = texts.findIndex((text, index) => text !== mended[index]);
			return first < 0 ? [] : [{ questionId, ...around(texts[first] ?? '', mended[first] ?? '', repair) }];
		}),
	};
}

/** Returns the passage with a few words before and after it, in both versions. */
function around(text: string, mended: string, { find, replace }: Repair): { before: string; after: string } {
	const at = text.indexOf(find);
	const from = Math.max(0, at - 60);
	const cut = (whole: string, length: number) => {
		const to = at + length + 60;
		return `${from > 0 ? '…' : ''}${whole.slice(from, to)}${to < whole.length ? '…' : ''}`;
	};
	return { before: cut(text, find.length), after: cut(mended, replace.length) };
}
