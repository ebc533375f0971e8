/**
 * How the student is prompted. Generation, export, mask X-ray, training and evaluation all use the same template;
 * otherwise training would teach the format instead of the skill.
 */
export interface StudentTemplate {
	readonly kind: 'chat' | 'plain';
	readonly system: string | null;
	/** Appended to the question, e.g. "Please reason step by step, and put your final answer within \\boxed{}." */
	readonly instruction: string | null;
}

/** The default until the project sets another template: chat, no system text, the boxed instruction. */
const defaultStudentTemplate: StudentTemplate = {
	kind: 'chat',
	system: null,
	instruction: 'Please reason step by step, and put your final answer within \\boxed{}.',
};

/**
 * Reads the project setting `studentTemplate`, which is untrusted because it comes with `.stat/`. Returns the default
 * if it is absent and `null` if it is not a template.
 */
export function readTemplate(setting: unknown): StudentTemplate | null {
	if (setting === undefined || setting === null) {
		return defaultStudentTemplate;
	}
	const {
		kind,
		system = null,
		instruction = null,
	} = setting as { kind?: unknown; system?: unknown; instruction?: unknown };
	const isText = (value: unknown): value is string | null =>
		value === null || (typeof value === 'string' && value.length <= 20_000);
	return (kind === 'chat' || kind === 'plain') && isText(system) && isText(instruction)
		? { kind, system, instruction }
		: null;
}
