/**
 * A skill is (subject, name): 114 names make 118 skills in the shared MATH bank. Without subjects, `subject` is `''`.
 */
export interface SkillRef {
	readonly subject: string;
	readonly name: string;
}

/** Where a label comes from. A person overrides a teacher, a teacher overrides a bank. */
export type LabelSource = 'bank' | 'teacher' | 'person';

/** `Solving Equations`, `solving-equations` and `solving_equations` are the same name. */
export function normaliseSkillName(name: string): string {
	return name
		.normalize('NFC')
		.trim()
		.toLowerCase()
		.replace(/[\s_\-–]+/gu, '_');
}

/** `Counting & Probability` and `counting_and_probability` are the same subject; `''` stays `''`. */
export function normaliseSubject(subject: string): string {
	return subject
		.normalize('NFC')
		.trim()
		.toLowerCase()
		.replace(/&/g, 'and')
		.replace(/[\s_\-–]+/gu, '_');
}

/** The string that identifies a skill in maps and sets: subject and normalised name joined by a slash. */
export function skillKey(skill: SkillRef): string {
	return `${normaliseSubject(skill.subject)}/${normaliseSkillName(skill.name)}`;
}

/** `solving_equations` → `solving equations`, for display only, never an identity. */
export function skillLabel(name: string): string {
	return name.replace(/_/g, ' ');
}
