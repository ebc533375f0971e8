/**
 * A skill is (subject, name): 114 names make 118 skills in the shared MATH bank. Without subjects, `subject` is `''`.
 */
export interface SkillRef {
	readonly subject: string;
	readonly name: string;
}

/** Who said so. A person's word wins over a teacher's, a teacher's over a bank's. */
export type LabelSource = 'bank' | 'teacher' | 'person';

/** `Solving Equations`, `solving-equations` and `solving_equations` are one name. */
export function normaliseSkillName(name: string): string {
	return name
		.normalize('NFC')
		.trim()
		.toLowerCase()
		.replace(/[\s_\-–]+/gu, '_');
}

/** `Counting & Probability` and `counting_and_probability` are one subject; `''` stays `''`. */
export function normaliseSubject(subject: string): string {
	return subject
		.normalize('NFC')
		.trim()
		.toLowerCase()
		.replace(/&/g, 'and')
		.replace(/[\s_\-–]+/gu, '_');
}

/** The one string that identifies a skill, for maps and sets: subject and normalised name with a slash between. */
export function skillKey(skill: SkillRef): string {
	return `${normaliseSubject(skill.subject)}/${normaliseSkillName(skill.name)}`;
}

/** `solving_equations` → `solving equations`, for people to read. Never an identity. */
export function skillLabel(name: string): string {
	return name.replace(/_/g, ' ');
}
