import type { DatasetRow } from '../core/datasets/dataset.ts';
import type { StudentTemplate } from '../core/questions/studentTemplate.ts';
import type { TrainingShape } from '../core/training/exportFormat.ts';
import { studentMessages, studentPrompt, userText } from '../core/questions/studentPrompt.ts';

/**
 * Renders one row as a trainer reads it, with the student's own template and only with fields that the format knows.
 */
export function trainingRow(
	shape: TrainingShape,
	{ question, solution }: DatasetRow,
	template: StudentTemplate,
): object {
	const system = template.system === null || template.system === '' ? {} : { system: template.system };
	switch (shape) {
		case 'trl':
			// Prompt and completion are separate so that TRL computes the loss only on the completion.
			return template.kind === 'chat'
				? {
						prompt: studentMessages(template, question),
						completion: [{ role: 'assistant', content: solution }],
					}
				: { prompt: studentPrompt(template, question), completion: solution };
		case 'openai':
			return { messages: [...studentMessages(template, question), { role: 'assistant', content: solution }] };
		case 'alpaca':
			return { instruction: userText(template, question), input: '', output: solution, ...system };
		case 'segments':
			return {
				segments: [
					{ label: false, text: studentPrompt(template, question) },
					{ label: true, text: solution },
				],
			};
		case 'sharegpt':
			return {
				conversations: [
					{ from: 'human', value: userText(template, question) },
					{ from: 'gpt', value: solution },
				],
				...system,
			};
	}
}

/**
 * Returns how axolotl should read the file, for the user's own YAML, with loss on the answers only. JSON is valid YAML.
 */
export function axolotlConfig(shape: TrainingShape, file: string): string {
	const dataset =
		shape === 'segments'
			? { path: file, type: 'input_output' }
			: {
					path: file,
					type: 'chat_template',
					field_messages: 'messages',
					message_property_mappings: { role: 'role', content: 'content' },
					roles_to_train: ['assistant'],
					train_on_eos: 'turn',
				};
	const entries = Object.entries({ ...dataset, ds_type: 'json' }).map(
		([name, value]) => `${name}: ${JSON.stringify(value)}`,
	);
	return `datasets:\n  - ${entries.join('\n    ')}\ntrain_on_inputs: false\n`;
}

/** Returns a dataset's entry for LLaMA-Factory's dataset_info.json. */
export function llamaFactoryEntry(shape: TrainingShape, file: string, template: StudentTemplate): object {
	const system = template.system === null || template.system === '' ? {} : { system: 'system' };
	return shape === 'sharegpt'
		? {
				file_name: file,
				formatting: 'sharegpt',
				columns: { messages: 'conversations', ...system },
				tags: { role_tag: 'from', content_tag: 'value', user_tag: 'human', assistant_tag: 'gpt' },
			}
		: {
				file_name: file,
				formatting: 'alpaca',
				columns: { prompt: 'instruction', query: 'input', response: 'output', ...system },
			};
}
