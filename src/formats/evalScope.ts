import { dialogueOf } from './dialogue.ts';
import type { Found } from './fieldRoles.ts';
import { plainView } from './plainView.ts';
import { studentOfFolder } from './studentOfFolder.ts';
import { withoutInstructions } from './promptText.ts';
import type { Row, RowReader } from './rowReader.ts';
import { isRow } from './rowReader.ts';
import type { View } from './ours.ts';
import type { RowView } from './view.ts';

/**
 * EvalScope's `predictions/MODEL/BENCHMARK_SUBSET.jsonl` (`model_output`, `messages`) and `reviews/…` (`sample_score`,
 * `target`, and `messages` or, up to version 1.0, `input`). A review holds the reference and the verdict as well. Before
 * version 1.0, both held the dataset's row (`raw_input`) and `choices`, in reviews with `review: {gold, pred, result}`.
 */
export const evalScope: RowView = {
	name: 'evalscope',
	looksFor: 'sample_score, or model_output and messages (EvalScope, reviews and predictions)',
	hasAnswers: true,
	fits: (row) =>
		isRow(row['sample_score']) ||
		(isRow(row['model_output']) && Array.isArray(row['messages']) && 'index' in row) ||
		isOld(row),
	describe: (file) => Promise.resolve(studentOfFolder(file)),
	view: (row, reader) => (isOld(row) ? oldView(row, reader) : currentView(row, reader)),
};

function isOld(row: Row): boolean {
	return isRow(row['raw_input']) && Array.isArray(row['choices']) && 'answer_id' in row;
}

function oldView(row: Row, reader: RowReader): View {
	const choices = (row['choices'] as readonly unknown[]).filter(isRow);
	const reviews = choices.map(({ review }) => (isRow(review) ? review : {}));
	const of = (name: string) => reviews.map((review) => review[name] ?? null);
	const about = plainView({ raw_input: row['raw_input'] }, 'answers', reader);
	const gold = reviews[0]?.['gold'];
	return {
		...about,
		...(about.gold === undefined && about.solution === undefined && gold !== undefined
			? { gold: { value: gold, from: 'choices' } }
			: {}),
		response: { value: choices, from: 'choices' },
		verdict: { value: of('result'), from: 'choices' },
		extracted: { value: of('pred'), from: 'choices' },
		student: { value: row['model'] ?? undefined, from: 'model' },
	};
}

function currentView(row: Row, reader: RowReader): View | null {
	const { metadata } = row;
	const dialogue = dialogueOf(row['messages']);
	const input = dialogue?.question ?? row['input'];
	const about: View = isRow(metadata) ? plainView({ metadata }, 'answers', reader) : {};
	const question =
		typeof about.question?.value === 'string'
			? about.question
			: { value: questionIn(input), from: dialogue?.question === undefined ? 'input' : 'messages' };
	if (question.value === undefined || question.value === null) {
		return reader.aside('messages', 'this prediction does not hold its question: import the reviews beside it');
	}
	const score = isRow(row['sample_score']) && isRow(row['sample_score']['score']) ? row['sample_score']['score'] : {};
	const outputs = row['model_output'];
	return {
		...about,
		question,
		gold: targetOf(row) ?? about.gold,
		student: { value: row['model'] ?? undefined, from: 'model' },
		response: isRow(outputs)
			? { value: outputs, from: 'model_output' }
			: { value: score['prediction'] ?? dialogue?.answer, from: 'sample_score' },
		extracted: { value: score['extracted_prediction'], from: 'sample_score' },
		verdict: { value: mainScore(score), from: 'sample_score' },
		sample: isRow(row['sample_score'])
			? { value: row['sample_score']['generation_index'], from: 'sample_score' }
			: undefined,
	};
}

/** Of several accepted answers, the first is the reference. */
function targetOf({ target }: Row): Found | undefined {
	const [first] = Array.isArray(target) ? (target as readonly unknown[]) : [target];
	return first === undefined || first === null ? undefined : { value: first, from: 'target' };
}

/** Reviews of version 1.0 print the turns of the prompt: `**User**: …`. */
function questionIn(input: unknown): unknown {
	const turns = dialogueOf(input);
	const text = turns === undefined ? input : turns.question;
	if (typeof text !== 'string') {
		return text;
	}
	const at = text.lastIndexOf('**User**:');
	return withoutInstructions(at < 0 ? text : text.slice(at + '**User**:'.length));
}

/** The main score is the one named, else the first. */
function mainScore(score: Row): unknown {
	const { value, main_score_name: main } = score;
	if (!isRow(value)) {
		return value;
	}
	return typeof main === 'string' && Object.hasOwn(value, main) ? value[main] : Object.values(value)[0];
}
