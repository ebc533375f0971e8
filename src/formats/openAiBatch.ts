import { dialogueOf, textOfContent } from './dialogue.ts';
import { withoutInstructions } from './promptText.ts';
import type { Row } from './rowReader.ts';
import { isRow } from './rowReader.ts';
import type { RowView } from './view.ts';

/**
 * The Batch API of OpenAI: requests (`custom_id`, `body` with `messages` or `input`) and results (`custom_id`,
 * `response.body`, `error`). A result does not repeat its question, which is read from the requests: a file beside it
 * with the same identifiers, see batchRequests.ts.
 */
export const batch: RowView = {
	name: 'openai-batch',
	looksFor: 'custom_id with body or response (OpenAI Batch API)',
	hasAnswers: true,
	fits: (row, reads) => isResult(row) || (reads === 'questions' && isRequest(row)),
	view(row, reader) {
		if (isRequest(row)) {
			return { question: { value: questionOf(row), from: 'body' } };
		}
		const { response, error } = row;
		if (isRow(error)) {
			return reader.aside(
				'error',
				`this request failed: ${String(error['message'] ?? error['code']).slice(0, 200)}`,
			);
		}
		const body = isRow(response) && isRow(response['body']) ? response['body'] : undefined;
		const status = isRow(response) ? response['status_code'] : undefined;
		if (body === undefined || (typeof status === 'number' && status >= 400)) {
			return reader.aside(
				'response',
				`this request failed${typeof status === 'number' ? ` (status ${status})` : ''}`,
			);
		}
		const question = reader.questionOf(row['custom_id']);
		if (question === undefined) {
			return reader.aside(
				'custom_id',
				'a result does not hold its question: put the file of the requests into the same folder',
			);
		}
		return {
			question: { value: question, from: 'custom_id' },
			response: { value: Array.isArray(body['choices']) ? body : outputText(body), from: 'response' },
			student: { value: body['model'], from: 'response' },
		};
	},
};

export function isRequest(row: Row): boolean {
	return 'custom_id' in row && isRow(row['body']) && !('response' in row);
}

export function isResult(row: Row): boolean {
	return 'custom_id' in row && ('response' in row || 'error' in row) && !('body' in row);
}

/** Returns the question of a request: the last user turn of its messages. */
export function questionOf(row: Row): string | undefined {
	const body = isRow(row['body']) ? row['body'] : {};
	const input = body['messages'] ?? body['input'] ?? body['prompt'];
	const text = dialogueOf(input)?.question ?? textOfContent(input);
	return text === undefined ? undefined : withoutInstructions(text);
}

/** The Responses API: `output` holds messages of parts. */
function outputText(body: Row): unknown {
	const output = Array.isArray(body['output']) ? (body['output'] as readonly unknown[]).filter(isRow) : [];
	const texts = output.filter(({ type }) => type === 'message').map(({ content }) => textOfContent(content));
	return texts.length === 0 ? undefined : texts.join('\n');
}
