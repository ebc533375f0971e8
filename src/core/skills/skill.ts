/**
 * A skill is identified by (subject, name): the 114 names in the shared MATH bank make 118 skills. Without subjects,
 * `subject` is `''`.
 */
export interface SkillRef {
	readonly subject: string;
	readonly name: string;
}

/** Where a label comes from. A user overrides a teacher, and a teacher overrides a bank. */
export type LabelSource = 'bank' | 'teacher' | 'person';

/** Normalises a skill name: `Solving Equations`, `solving-equations` and `solving_equations` are the same name. */
export function normaliseSkillName(name: string): string {
	return name
		.normalize('NFC')
		.trim()
		.toLowerCase()
		.replace(/[\s_\-–]+/gu, '_');
}

/**
 * Normalises a subject: `Counting & Probability` and `counting_and_probability` are the same subject; `''` stays `''`.
 */
export function normaliseSubject(subject: string): string {
	return subject
		.normalize('NFC')
		.trim()
		.toLowerCase()
		.replace(/&/g, 'and')
		.replace(/[\s_\-–]+/gu, '_');
}

/** Returns the string that identifies a skill in maps and sets: subject and normalised name joined by a slash. */
export function skillKey(skill: SkillRef): string {
	return `${normaliseSubject(skill.subject)}/${normaliseSkillName(skill.name)}`;
}

/** Turns `solving_equations` into `solving equations`, for display only. Never use the result as an identity. */
export function skillLabel(name: string): string {
	return name.replace(/_/g, ' ');
}
