import type { QuestionId } from '../questions/question.ts';
import { StatError } from '../errors/statError.ts';
import type { SkillRef } from './skill.ts';
import { normaliseSkillName, normaliseSubject, skillKey, skillLabel } from './skill.ts';

/**
 * An edit of the skill list, by a user or by `catalog`. Existing labels, diagnoses, corrections and annotations are not
 * rewritten: they keep the name they were made with, which is resolved through the edits. A name always stands for the
 * same skill.
 */
export type SkillEdit =
	/** Merges `sources` into `into`, which may be one of the sources, another skill, or a new name. */
	| { readonly kind: 'merge'; readonly sources: readonly SkillRef[]; readonly into: SkillRef }
	| { readonly kind: 'rename'; readonly from: SkillRef; readonly to: SkillRef }
	/**
	 * Assigns each listed question to one part. The other questions stay with the skill, and with `keep` the skill
	 * stays on the list. A part may be an existing skill.
	 */
	| {
			readonly kind: 'split';
			readonly skill: SkillRef;
			readonly parts: readonly { readonly skill: SkillRef; readonly questions: readonly QuestionId[] }[];
			readonly keep: boolean;
	  }
	/** `null` removes the description. */
	| { readonly kind: 'describe'; readonly skill: SkillRef; readonly text: string | null }
	/**
	 * Takes skills off the list, so that they are no longer offered. Existing labels remain until the question is
	 * labelled again.
	 */
	| { readonly kind: 'retire'; readonly skills: readonly SkillRef[] }
	/** Puts retired skills back on the list. */
	| { readonly kind: 'restore'; readonly skills: readonly SkillRef[] };

/** An edit in the history. Edits apply in the order of their IDs. */
export interface SkillEditEntry {
	/** Counts from 1. */
	readonly id: number;
	readonly edit: SkillEdit;
	readonly author: string;
	/** ISO 8601. */
	readonly at: string;
	readonly note: string | null;
	/** Names that did not exist before this edit. */
	readonly created: readonly SkillRef[];
	/** Who undid it, and when. */
	readonly undone: { readonly author: string; readonly at: string } | null;
}

/** Returns the skills that an edit requires, and those that it creates or adds to. */
function namesIn(edit: SkillEdit): { readonly inputs: readonly SkillRef[]; readonly outputs: readonly SkillRef[] } {
	switch (edit.kind) {
		case 'merge':
			return { inputs: edit.sources, outputs: [edit.into] };
		case 'rename':
			return { inputs: [edit.from], outputs: [edit.to] };
		case 'split':
			return { inputs: [edit.skill], outputs: edit.parts.map(({ skill }) => skill) };
		case 'describe':
			return { inputs: [edit.skill], outputs: [] };
		case 'retire':
		case 'restore':
			return { inputs: edit.skills, outputs: [] };
	}
}

/** Returns every skill that an edit names. */
export function skillsIn(edit: SkillEdit): SkillRef[] {
	const { inputs, outputs } = namesIn(edit);
	return [...inputs, ...outputs];
}

/**
 * One edit applied to a name: what the name becomes, for one question or in general. If the edit does not affect the
 * name, it stays the same.
 */
interface Move {
	readonly to: (key: string, question: QuestionId | null) => string;
	/** Returns everything the name could become, over all questions. */
	readonly ends: (key: string) => readonly string[];
}

/** Resolves names from any time to current skills. Pure: the same edits give the same result. */
export class SkillNames {
	private readonly moves: Move[] = [];
	private readonly touched = new Set<string>();
	private readonly refs = new Map<string, SkillRef>();
	private readonly goneKeys = new Set<string>();
	private readonly texts = new Map<string, string>();

	constructor(readonly entries: readonly SkillEditEntry[]) {
		for (const entry of entries) {
			for (const skill of skillsIn(entry.edit)) {
				this.touched.add(skillKey(skill));
				this.refs.set(skillKey(skill), {
					subject: normaliseSubject(skill.subject),
					name: normaliseSkillName(skill.name),
				});
			}
			if (entry.undone) {
				this.revert(entry);
			} else {
				this.apply(entry.edit);
			}
		}
	}

	/**
	 * Returns the skill that a name now stands for. If skills were split, the question is needed. A name that no edit
	 * affects stands for itself.
	 */
	present(skill: SkillRef, question: QuestionId | null = null): SkillRef {
		const start = skillKey(skill);
		if (!this.touched.has(start)) {
			return skill;
		}
		const end = this.moves.reduce((key, move) => move.to(key, question), start);
		return end === start ? skill : (this.refs.get(end) ?? skill);
	}

	/** Returns the current names without duplicates, in the order of the first name that resolves to each. */
	presentAll(skills: readonly SkillRef[], question: QuestionId | null = null): SkillRef[] {
		return [
			...new Map(
				skills.map((skill) => this.present(skill, question)).map((skill) => [skillKey(skill), skill]),
			).values(),
		];
	}

	/** Returns every name that a name has stood for or may stand for, over all questions, including itself. */
	reach(skill: SkillRef): ReadonlySet<string> {
		const reached = new Set([skillKey(skill)]);
		if (this.touched.has(skillKey(skill))) {
			let current = new Set(reached);
			for (const move of this.moves) {
				current = new Set([...current].flatMap((key) => move.ends(key)));
				current.forEach((key) => reached.add(key));
			}
		}
		return reached;
	}

	/** Whether the skill is off the list because it was merged, renamed, split away or retired. */
	isGone(skill: SkillRef): boolean {
		return this.goneKeys.has(skillKey(skill));
	}

	get gone(): SkillRef[] {
		return this.listed(this.goneKeys);
	}

	/** The skills that have a description. */
	get descriptions(): { skill: SkillRef; text: string }[] {
		return this.listed(this.texts.keys()).map((skill) => ({ skill, text: this.texts.get(skillKey(skill)) ?? '' }));
	}

	get names(): SkillRef[] {
		return [...this.refs.values()];
	}

	private listed(keys: Iterable<string>): SkillRef[] {
		return [...keys].flatMap((key) => this.refs.get(key) ?? []);
	}

	private apply(edit: SkillEdit): void {
		switch (edit.kind) {
			case 'merge':
				this.move(edit.sources.map(skillKey), skillKey(edit.into), true);
				break;
			case 'rename':
				this.move([skillKey(edit.from)], skillKey(edit.to), true);
				break;
			case 'split':
				this.split(edit);
				break;
			case 'describe':
				this.texts.delete(skillKey(edit.skill));
				if (edit.text !== null) {
					this.texts.set(skillKey(edit.skill), edit.text);
				}
				break;
			case 'retire':
				edit.skills.forEach((skill) => this.goneKeys.add(skillKey(skill)));
				break;
			case 'restore':
				edit.skills.forEach((skill) => this.goneKeys.delete(skillKey(skill)));
				break;
		}
	}

	/** A name created by an edit that was undone resolves to its only source, if there is exactly one. */
	private revert({ edit, created }: SkillEditEntry): void {
		const made = created.map(skillKey);
		if (made.length === 0) {
			return;
		}
		if (edit.kind === 'rename') {
			this.move(made, skillKey(edit.from), false);
		} else if (edit.kind === 'split') {
			this.move(made, skillKey(edit.skill), false);
		} else {
			made.forEach((key) => this.goneKeys.add(key));
		}
	}

	private move(from: readonly string[], to: string, carriesText: boolean): void {
		const away = new Set(from.filter((key) => key !== to));
		this.moves.push({ to: (key) => (away.has(key) ? to : key), ends: (key) => [away.has(key) ? to : key] });
		for (const key of away) {
			this.goneKeys.add(key);
			const text = this.texts.get(key);
			if (carriesText && text !== undefined && !this.texts.has(to)) {
				this.texts.set(to, text);
			}
			this.texts.delete(key);
		}
		this.goneKeys.delete(to);
	}

	private split(edit: Extract<SkillEdit, { kind: 'split' }>): void {
		const whole = skillKey(edit.skill);
		const partOf = new Map(
			edit.parts.flatMap(({ skill, questions }) => questions.map((id) => [id, skillKey(skill)] as const)),
		);
		const parts = [...new Set(edit.parts.map(({ skill }) => skillKey(skill)))];
		this.moves.push({
			to: (key, question) => (key === whole && question !== null ? (partOf.get(question) ?? key) : key),
			ends: (key) => (key === whole ? [whole, ...parts] : [key]),
		});
		parts.forEach((key) => this.goneKeys.delete(key));
		if (!edit.keep) {
			this.goneKeys.add(whole);
		}
	}
}

/** Throws a StatError if the edit is not possible. `exists` says whether the project knows a name, current or not. */
export function checkEdit(edit: SkillEdit, names: SkillNames, exists: (skill: SkillRef) => boolean): void {
	const { inputs, outputs } = namesIn(edit);
	for (const skill of inputs) {
		checkPresent(skill, names, exists, edit.kind === 'restore');
	}
	const subjects = new Set([...inputs, ...outputs].map(({ subject }) => normaliseSubject(subject)));
	if (edit.kind !== 'retire' && edit.kind !== 'restore' && subjects.size > 1) {
		throw new StatError('skills.severalSubjects', { subjects: [...subjects].join(', ') });
	}
	const own = new Set(inputs.map(skillKey));
	for (const skill of outputs) {
		const name = normaliseSkillName(skill.name);
		if (name === '' || name.length > 120 || /[/,;<>\n\p{Cc}]/u.test(name)) {
			throw new StatError('skills.badName', { name: skill.name.slice(0, 140) });
		}
		const now = names.present(skill);
		if (exists(skill) && skillKey(now) !== skillKey(skill) && !own.has(skillKey(now))) {
			throw new StatError('skills.formerName', { name: skillLabel(name), now: skillLabel(now.name) });
		}
	}
	checkKind(edit, names, exists, own);
}

function checkKind(
	edit: SkillEdit,
	names: SkillNames,
	exists: (skill: SkillRef) => boolean,
	own: ReadonlySet<string>,
): void {
	if (edit.kind === 'merge' && (own.size === 0 || (own.size === 1 && own.has(skillKey(edit.into))))) {
		throw new StatError('skills.mergeOfOne', {});
	}
	if (edit.kind === 'rename') {
		if (skillKey(edit.from) === skillKey(edit.to)) {
			throw new StatError('skills.sameName', { name: skillLabel(edit.to.name) });
		}
		if (exists(edit.to) && skillKey(names.present(edit.to)) === skillKey(edit.to) && !names.isGone(edit.to)) {
			throw new StatError('skills.nameTaken', { name: skillLabel(edit.to.name) });
		}
	}
	if (edit.kind === 'split') {
		const ids = edit.parts.flatMap(({ questions }) => questions);
		if (ids.length === 0 || edit.parts.some(({ questions }) => questions.length === 0)) {
			throw new StatError('skills.partWithoutQuestions', {});
		}
		if (new Set(ids).size < ids.length || edit.parts.some(({ skill }) => own.has(skillKey(skill)))) {
			throw new StatError('skills.overlappingParts', {});
		}
	}
}

function checkPresent(skill: SkillRef, names: SkillNames, exists: (skill: SkillRef) => boolean, gone: boolean): void {
	const now = names.present(skill);
	if (!exists(skill)) {
		throw skill.subject === ''
			? new StatError('skills.unknown', { skill: skillLabel(skill.name) })
			: new StatError('skills.unknownInSubject', {
					skill: skillLabel(skill.name),
					subject: skillLabel(skill.subject),
				});
	}
	if (skillKey(now) !== skillKey(skill)) {
		throw new StatError('skills.renamed', { skill: skillLabel(skill.name), now: skillLabel(now.name) });
	}
	if (names.isGone(skill) !== gone) {
		throw new StatError(gone ? 'skills.onList' : 'skills.offList', { skill: skillLabel(skill.name) });
	}
}

/** Throws a StatError if the edit cannot be undone because it already was, or because a later edit depends on it. */
export function checkUndo(entries: readonly SkillEditEntry[], id: number): SkillEditEntry {
	const entry = entries.find((known) => known.id === id);
	if (!entry) {
		throw new StatError('skills.noEdit', { id });
	}
	if (entry.undone) {
		throw new StatError('skills.editUndone', { id, author: entry.undone.author });
	}
	const without = entries.map((known) => (known.id === id ? { ...known, undone: { author: '', at: '' } } : known));
	for (const later of entries.filter((known) => known.id > id && !known.undone)) {
		const names = new SkillNames(without.filter((known) => known.id < later.id));
		const { inputs, outputs } = namesIn(later.edit);
		const own = new Set(inputs.map(skillKey));
		const stands =
			inputs.every(
				(skill) =>
					skillKey(names.present(skill)) === skillKey(skill) &&
					names.isGone(skill) === (later.edit.kind === 'restore'),
			) &&
			outputs.every(
				(skill) =>
					skillKey(names.present(skill)) === skillKey(skill) || own.has(skillKey(names.present(skill))),
			);
		if (!stands) {
			throw new StatError('skills.editBuiltOn', { later: later.id, change: formatSkillEdit(later.edit), id });
		}
	}
	return entry;
}

/** Describes an edit in one line for lists: `merged long division, division into division`. */
export function formatSkillEdit(edit: SkillEdit): string {
	const list = (skills: readonly SkillRef[]): string =>
		skills.length > 5
			? `${skills
					.slice(0, 5)
					.map(({ name }) => skillLabel(name))
					.join(', ')} and ${skills.length - 5} more`
			: skills.map(({ name }) => skillLabel(name)).join(', ');
	switch (edit.kind) {
		case 'merge':
			return `merged ${list(edit.sources)} into ${skillLabel(edit.into.name)}`;
		case 'rename':
			return `renamed ${skillLabel(edit.from.name)} to ${skillLabel(edit.to.name)}`;
		case 'split': {
			const parts = edit.parts.map(({ skill, questions }) => `${skillLabel(skill.name)} (${questions.length})`);
			const rest = edit.keep ? ', the rest stays' : '';
			return `split ${skillLabel(edit.skill.name)} into ${parts.join(', ')}${rest}`;
		}
		case 'describe':
			return edit.text === null
				? `took the description of ${skillLabel(edit.skill.name)} away`
				: `described ${skillLabel(edit.skill.name)}: ${edit.text.replace(/\s+/gu, ' ').slice(0, 200)}`;
		case 'retire':
			return `retired ${list(edit.skills)}`;
		case 'restore':
			return `restored ${list(edit.skills)}`;
	}
}
