import type { Row } from './rowReader.ts';

/** What a field of a row can be to us, before its value is looked at. */
export type Role =
	| 'question'
	| 'weakQuestion'
	| 'lead'
	| 'input'
	| 'options'
	| 'gold'
	| 'optionGold'
	| 'lateGold'
	| 'solution'
	| 'response'
	| 'weakResponse'
	| 'verdict'
	| 'verdictOrGold'
	| 'extracted'
	| 'stepScores'
	| 'sample'
	| 'finish'
	| 'subject'
	| 'level'
	| 'skills'
	| 'student';

/**
 * The names of fields in other tools' files, by role and in the order in which they count. Case, spaces, `_`, `-` and
 * `.` are ignored. Names that say too little on their own are `weak`: they count only beside a reference or an answer.
 */
const names: Readonly<Record<Role, readonly string[]>> = {
	question: [
		...['question', 'problem', 'prompt', 'query', 'instruction', 'question_text', 'problem_text'],
		...[
			'problem_statement',
			'question_content',
			'task_description',
			's_question',
			'user_prompt',
			'user_message',
			'q',
		],
	],
	weakQuestion: ['content', 'text', 'body', 'task', 'exercise', 'informal_statement', 'user', 'origin_prompt'],
	// Counts as a question, and beside another one as the part that follows it.
	input: ['input'],
	lead: ['body', 'context', 'passage', 'paragraph', 'article', 'story', 'table', 'background', 'scenario'],
	options: ['options', 'choices', 'answer_choices', 'candidates_options', 'choice_list'],
	gold: [
		...['answer', 'gold', 'final_answer', 'expected_answer', 'expected', 'target', 'reference_answer', 'reference'],
		...['ground_truth', 'gold_answer', 'golden_answer', 'correct_answer', 'true_answer', 'answer_key', 'key'],
		...['standard_answer', 'std_answer', 'ideal', 'gold_label', 'correct_option', 'correct_choice', 'answer_value'],
		...['expected_output', 'target_answer', 'references', 'gts', 'answers', 'targets', 'l_solutions', 'ans'],
	],
	optionGold: ['answer_index', 'answer_idx', 'gold_index', 'correct_index', 'correct_idx', 'answer_id'],
	lateGold: ['gt'],
	solution: [
		...['solution', 'rationale', 'explanation', 'reference_solution', 'gold_solution', 'worked_solution'],
		...[
			'official_solution',
			'solution_text',
			'generated_solution',
			'solutions',
			'cot',
			'chain_of_thought',
			'gt_cot',
		],
	],
	response: [
		...['responses', 'response', 'completions', 'completion', 'outputs', 'output', 'generations', 'generation'],
		...['generated_text', 'model_answer', 'model_output', 'student_answer', 'prediction', 'predictions'],
		...[
			'model_response',
			'model_responses',
			'model_outputs',
			'model_completion',
			'model_generation',
			'output_text',
		],
		...['llm_response', 'llm_answer', 'llm_output', 'student_response', 'student_output', 'generated_answer'],
		...['generated_response', 'generated_texts', 'raw_output', 'raw_response', 'reply', 'rollouts', 'rollout'],
		...['assistant', 'generated', 'candidates', 'hypothesis', 'decoded', 'gen', 'response_text', 'raw_outputs'],
	],
	weakResponse: ['text', 'samples', 'result', 'content', 'answer_text'],
	verdict: ['is_correct', 'score', 'scores', 'symbolic_correct', 'correctness', 'acc', 'accuracy', 'judgement'],
	verdictOrGold: ['correct', 'label', 'labels'],
	extracted: ['extracted', 'pred', 'extracted_answer', 'predicted_answer', 'parsed_answer', 'extracted_prediction'],
	stepScores: ['step_scores'],
	sample: [
		'sample',
		'sample_index',
		'sample_id',
		'sample_idx',
		'epoch',
		'idx_answer',
		'generation_idx',
		'rollout_idx',
	],
	finish: ['finish_reasons', 'finish_reason', 'stop_reason', 'stop_reasons'],
	subject: ['subject', 'type', 'category', 'topic'],
	level: ['level'],
	skills: ['skills', 'skill'],
	student: ['model_name', 'model', 'model_id', 'student', 'generator', 'llm'],
};

interface Place {
	readonly role: Role;
	readonly rank: number;
}

const places = new Map<string, Place[]>();
for (const [role, list] of Object.entries(names) as [Role, readonly string[]][]) {
	list.forEach((name, rank) => {
		const plain = plainName(name);
		places.set(plain, [...(places.get(plain) ?? []), { role, rank }]);
	});
}

function plainName(name: string): string {
	return name.toLowerCase().replace(/[\s_.-]/g, '');
}

interface PlannedField extends Place {
	readonly name: string;
}

/** The fields of rows with the same names, in the order in which they count. A file has few such sets in many rows. */
const plans = new Map<string, readonly PlannedField[]>();
const mostPlans = 500;

function planOf(row: Row): readonly PlannedField[] {
	const fields = Object.keys(row);
	const key = fields.join('\0');
	const known = plans.get(key);
	if (known !== undefined) {
		return known;
	}
	const plan = fields
		.flatMap((name) =>
			(name.length > 60 ? [] : (places.get(plainName(name)) ?? [])).map((place) => ({ ...place, name })),
		)
		.sort((a, b) => a.rank - b.rank);
	if (plans.size < mostPlans && key.length < 10_000) {
		plans.set(key, plan);
	}
	return plan;
}

/** A field of a row: its value, and the name under which the file has it. */
export interface Found {
	readonly value: unknown;
	readonly from: string;
}

export type Roles = { [role in Role]?: Found[] };

/**
 * Returns a row's own fields by role, the one that counts first in front. Fields that are null or absent, and blank
 * texts beside other fields of the same role, do not count.
 */
export function rolesOf(row: Row): Roles {
	const roles: Roles = {};
	let blank: [Role, Found][] | undefined;
	for (const { role, name } of planOf(row)) {
		const value = row[name];
		if (value === undefined || value === null) {
			continue;
		}
		const found = { value, from: name };
		if (isBlank(value)) {
			(blank ??= []).push([role, found]);
		} else {
			(roles[role] ??= []).push(found);
		}
	}
	blank?.forEach(([role, found]) => (roles[role] ??= []).push(found));
	return roles;
}

export function isBlank(value: unknown): boolean {
	return typeof value === 'string' && value.trim() === '';
}

/** Names of fields by role, for messages. */
export function namesOf(role: Role, most = 12): string {
	return names[role].slice(0, most).join(', ');
}
