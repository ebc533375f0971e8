import { trimCharacters } from '../../core/text/trimCharacters.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSkillName, skillKey } from '../../core/skills/skill.ts';

/**
 * Matches the skills in a teacher's list with the offered ones by normalised name, in the order named. `none` means
 * that the teacher stated that none applies.
 */
export function skillsIn(
	content: string,
	offered: readonly SkillRef[],
): { skills: SkillRef[]; offList: string[]; none: boolean } {
	const index = indexOf(offered);
	const skills = new Map<string, SkillRef>();
	const offList = new Map<string, string>();
	const pieces = piecesOf(content);
	for (let at = 0; at < pieces.length;) {
		const found = index.longest(pieces, at);
		if (found) {
			skills.set(skillKey(found.skill), found.skill);
			at += found.used;
			continue;
		}
		const piece = pieces[at++] ?? '';
		const parts = piece
			.split(/\s(?:and|&)\s/i)
			.map(bare)
			.filter((part) => part !== '');
		for (const part of parts.some((part) => index.find(part)) ? parts : [piece]) {
			const skill = index.find(part);
			if (skill) {
				skills.set(skillKey(skill), skill);
			} else if (!isNone(part)) {
				offList.set(normaliseSkillName(part), part.slice(0, 200));
			}
		}
	}
	return {
		skills: [...skills.values()],
		offList: [...offList.values()].slice(0, 50),
		none: offList.size === 0 && (pieces.length > 0 ? pieces.every(isNone) : isNone(content)),
	};
}

/** Returns new names from the teacher, normalised and without duplicates. */
export function skillNamesIn(content: string): string[] {
	const names = piecesOf(content)
		.filter((piece) => !isNone(piece))
		.map((piece) => trimCharacters(normaliseSkillName(piece), '_'));
	return [...new Set(names)].filter((name) => name !== '' && name.length <= 120);
}

/** Most replies are to the same list. */
const indexes = new WeakMap<readonly SkillRef[], SkillIndex>();

function indexOf(offered: readonly SkillRef[]): SkillIndex {
	const index = indexes.get(offered) ?? new SkillIndex(offered);
	indexes.set(offered, index);
	return index;
}

class SkillIndex {
	private readonly exact = new Map<string, SkillRef>();
	private readonly loose = new Map<string, SkillRef | null>();
	private readonly mostCommas: number;

	constructor(offered: readonly SkillRef[]) {
		let commas = 0;
		for (const skill of offered) {
			this.exact.set(skillKey(skill), skill);
			const name = normaliseSkillName(skill.name);
			const pieces = piecesOf(skill.name);
			// Normalised the same way as the offered names, so that brackets or bars within a name are not stripped
			// (`circles_(plane)`).
			for (const key of [name, normaliseSkillName(pieces.join(', '))]) {
				if (!this.exact.has(key)) {
					this.exact.set(key, skill);
				}
			}
			const loose = looseName(name);
			this.loose.set(loose, this.loose.has(loose) ? null : skill);
			commas = Math.max(commas, pieces.length - 1);
		}
		this.mostCommas = Math.min(commas, 6);
	}

	find(name: string): SkillRef | undefined {
		const normal = normaliseSkillName(name);
		return this.exact.get(normal) ?? this.loose.get(looseName(normal)) ?? undefined;
	}

	/** A listed name may itself contain commas, so the longest run of pieces that forms a name wins. */
	longest(pieces: readonly string[], at: number): { skill: SkillRef; used: number } | undefined {
		for (let used = Math.min(this.mostCommas + 1, pieces.length - at); used >= 1; used--) {
			const skill = this.find(pieces.slice(at, at + used).join(', '));
			if (skill) {
				return { skill, used };
			}
		}
		return undefined;
	}
}

/**
 * Normalises a name further: singular and plural, with or without a trailing "skill(s)", are the same name if that is
 * unambiguous.
 */
function looseName(name: string): string {
	return name
		.replace(/_skills?$/, '')
		.split('_')
		.map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<![su])s$/, '') : word))
		.join('_');
}

/** Splits a written list at commas, semicolons, bullets, numbers and line breaks. */
function piecesOf(content: string): string[] {
	return content
		.slice(0, 100_000)
		.replace(/[ \t]+/g, ' ')
		.split(/[,;\n\r•·|]+/)
		.map(bare)
		.filter((piece) => piece !== '')
		.slice(0, 2000);
}

/** Returns a name without its bullet, number, quotes, emphasis, brackets and full stop. */
function bare(piece: string): string {
	return piece
		.trim()
		.replace(/^(?:[-*–—+]|\(?\d{1,3}[.):])\s+/, '')
		.replace(/^and\s+/i, '')
		.replace(/^[\s"'`“”‘’*[({<]+/, '')
		.replace(/[\s"'`“”‘’*\])}>.:]{1,20}$/, '')
		.trim();
}

function isNone(text: string): boolean {
	return /^(?:none|no skills?|nothing|n\/?a|null|-|–)?\.?$/i.test(text.trim());
}
