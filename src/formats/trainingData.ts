import { dialogueOf, isDialogue } from './dialogue.ts';
import type { Found } from './fieldRoles.ts';
import { rolesOf } from './fieldRoles.ts';
import { plainView } from './plainView.ts';
import { lastUserTurn, withoutInstructions } from './promptText.ts';
import type { Reads } from './rowFormat.ts';
import type { Row, RowReader } from './rowReader.ts';
import { isRow, rowWithout } from './rowReader.ts';
import type { View } from './ours.ts';
import type { RowView } from './view.ts';

const dialogueFields: readonly string[] = ['messages', 'conversations', 'conversation', 'dialogue', 'chat', 'turns'];

function dialogueField(row: Row): string | undefined {
	return dialogueFields.find((name) => isDialogue(row[name]));
}

/** Chat data: `messages` (OpenAI, TRL, axolotl) or `conversations` (ShareGPT, LLaMA-Factory). */
export const messages: RowView = {
	name: 'messages',
	looksFor: 'messages or conversations (chat data of OpenAI, TRL, axolotl; ShareGPT, LLaMA-Factory)',
	isTraining: true,
	hasAnswers: true,
	fits(row, reads) {
		const field = dialogueField(row);
		const dialogue = field === undefined || hasQuestion(row) ? undefined : dialogueOf(row[field]);
		return dialogue?.question !== undefined && (reads === 'questions' || dialogue.answer !== undefined);
	},
	view(row, reader, reads) {
		const field = dialogueField(row) ?? 'messages';
		return fromDialogue(row, { value: row[field], from: field }, reader, reads);
	},
};

/** A dataset's own question, with its solution or answers, says more than the conversation made of it. */
function hasQuestion(row: Row): boolean {
	const { question, solution, gold, response } = rolesOf(row);
	return typeof question?.[0]?.value === 'string' && (solution ?? gold ?? response) !== undefined;
}

/** Returns the row's own fields with the question and answer of a conversation in it. */
function fromDialogue(row: Row, { value, from }: Found, reader: RowReader, reads: Reads): View | null {
	const dialogue = dialogueOf(value);
	if (dialogue === undefined || dialogue.question === undefined) {
		return reader.aside(
			from,
			'a list of messages, each with a role and a content, and one by the user is expected',
		);
	}
	if (dialogue.otherParts) {
		return reader.aside(from, 'the question has an image or another part that is no text');
	}
	if (dialogue.tools > 0) {
		reader.without(from, `${dialogue.tools} turns of tools: only the last text of the model is read as the answer`);
	}
	if (dialogue.earlier > 0) {
		reader.without(from, `${dialogue.earlier} earlier questions of the conversation: only the last one is read`);
	}
	const rest = rowWithout(row, from);
	const answer = { value: dialogue.answer, from };
	return answered(
		plainView(rest, reads, reader),
		{ value: withoutInstructions(dialogue.question), from },
		answer,
		reads,
	);
}

/** Puts a question and its answer into a view: a solution, or the student's where answers are read. */
function answered(view: View, question: Found, answer: Found, reads: Reads): View {
	return {
		...view,
		question: view.question !== undefined && typeof view.question.value === 'string' ? view.question : question,
		...(reads === 'answers' ? { response: answer } : { solution: view.solution ?? solutionOf(answer) }),
	};
}

function solutionOf({ value, from }: Found): Found {
	return { value: typeof value === 'string' ? withoutThought(value) : value, from };
}

/** A solution is what follows the thought. */
function withoutThought(text: string): string | undefined {
	const end = text.lastIndexOf('</think>');
	if (end >= 0) {
		return text.slice(end + '</think>'.length).trim();
	}
	return text.startsWith('<think>') ? undefined : text;
}

/** Alpaca: `instruction`, `input` that may be empty, `output`. */
export const alpaca: RowView = {
	name: 'alpaca',
	looksFor: 'instruction and output (Alpaca, LLaMA-Factory)',
	isTraining: true,
	hasAnswers: true,
	fits: (row, reads) =>
		typeof row['instruction'] === 'string' &&
		(typeof row['output'] === 'string' || (reads === 'questions' && 'input' in row)),
	view: (row, reader, reads) =>
		withSolution(plainView(row, reads, reader), { value: row['output'], from: 'output' }, reads),
};

function withSolution(view: View, answer: Found, reads: Reads): View {
	return reads === 'answers' || view.solution !== undefined ? view : { ...view, solution: solutionOf(answer) };
}

/**
 * TRL's `prompt` and `completion`, texts or lists of messages; of `chosen` and `rejected` the former. Where a row has
 * more than these, it is a log.
 */
export const trl: RowView = {
	name: 'trl',
	looksFor: 'prompt and completion or chosen, and nothing else of an evaluation (TRL)',
	isTraining: true,
	hasAnswers: true,
	fits(row) {
		const { prompt, completion, chosen } = row;
		const answer = completion ?? chosen;
		const isPair =
			(typeof prompt === 'string' || isDialogue(prompt)) && (typeof answer === 'string' || isDialogue(answer));
		return isPair && !isLog(row);
	},
	view(row, reader, reads) {
		const { prompt, completion, chosen } = row;
		const rest = rowWithout(row, 'prompt', 'completion', 'chosen', 'rejected');
		const from = completion === undefined || completion === null ? 'chosen' : 'completion';
		const last = completion ?? chosen;
		const answer = { value: dialogueOf(last)?.answer ?? (isDialogue(last) ? onlyModel(last) : last), from };
		if (!isDialogue(prompt)) {
			const text = typeof prompt === 'string' ? withoutInstructions(lastUserTurn(prompt)) : prompt;
			return answered(plainView(rest, reads, reader), { value: text, from: 'prompt' }, answer, reads);
		}
		const view = fromDialogue({ ...rest, prompt }, { value: prompt, from: 'prompt' }, reader, reads);
		return view === null
			? null
			: answered(
					{ ...view, solution: undefined, response: undefined },
					{ value: undefined, from: 'prompt' },
					answer,
					reads,
				);
	},
};

/** Returns the text of a completion, which has no user turn of its own. */
function onlyModel(turns: readonly Row[]): unknown {
	return dialogueOf([{ role: 'user', content: '' }, ...turns])?.answer;
}

function isLog(row: Row): boolean {
	const roles = rolesOf(row);
	return [
		roles.gold,
		roles.lateGold,
		roles.verdictOrGold,
		roles.verdict,
		roles.extracted,
		roles.finish,
		roles.student,
	].some((found) => found !== undefined);
}

/** axolotl's `input_output`: segments of text, of which those to train on are labelled. */
export const segments: RowView = {
	name: 'segments',
	looksFor: 'segments with label and text (axolotl, input_output)',
	isTraining: true,
	hasAnswers: true,
	fits: (row) => partsOf(row['segments']) !== undefined,
	view(row, reader, reads) {
		const parts = partsOf(row['segments']);
		if (parts === undefined) {
			return reader.aside('segments', 'a list of segments, each with a label and a text, is expected');
		}
		const text = (label: boolean) =>
			parts
				.filter((part) => (part['label'] === true) === label)
				.map((part) => String(part['text']))
				.join('');
		const rest = rowWithout(row, 'segments');
		const question = { value: withoutInstructions(lastUserTurn(text(false))), from: 'segments' };
		return answered(plainView(rest, reads, reader), question, { value: text(true), from: 'segments' }, reads);
	},
};

function partsOf(value: unknown): readonly Row[] | undefined {
	return Array.isArray(value) &&
		value.length > 1 &&
		value.every((part) => isRow(part) && typeof part['text'] === 'string' && 'label' in part)
		? value
		: undefined;
}
