import type { Correction } from '../../../core/diagnosis/diagnosis.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { SkillRef } from '../../../core/skills/skill.ts';
import { skillKey } from '../../../core/skills/skill.ts';
import type { Store } from '../../../core/ports/store.ts';
import type { Scope } from '../../../core/scope.ts';

/** What a person said in the panel, before it has an author and a time. */
export interface Said extends Scope {
	readonly questionId: QuestionId;
	readonly verdict: Correction['verdict'];
	readonly skills: readonly SkillRef[] | null;
	readonly note: string | null;
}

interface Step extends Scope {
	readonly questionId: QuestionId;
	readonly verdict: Correction['verdict'];
	/** What counted before; `null`: the teacher's word. */
	readonly before: Correction | null;
}

const remembered = 200;

/**
 * Writes corrections and takes them back. Nothing is ever deleted: taking back appends what counted before, or
 * `withdrawn`.
 * What was done before the panel opened is in the history and can be withdrawn there.
 */
export class Corrections {
	private readonly steps: Step[] = [];
	private recentSkills: SkillRef[];

	constructor(
		private readonly store: Store,
		private readonly author: () => string,
		private readonly now: () => string,
		recent: readonly SkillRef[] = [],
	) {
		this.recentSkills = [...recent];
	}

	/** Skills people named here, latest first, at most twelve. */
	get recent(): readonly SkillRef[] {
		return this.recentSkills;
	}

	/** What {@link undo} would take back, in a few words; `null`: nothing. */
	get undoable(): string | null {
		const step = this.steps.at(-1);
		return step ? undoWords[step.verdict] : null;
	}

	/** Durable when it resolves; a rejected one left nothing. */
	async add(said: Said): Promise<void> {
		const { student, round, questionId, verdict } = said;
		const { correction } = await this.store.read('diagnosis', { student, round, questionId });
		await this.append(said);
		this.steps.push({ student, round, questionId, verdict, before: correction });
		this.steps.splice(0, Math.max(0, this.steps.length - remembered));
		if (verdict === 'changed') {
			const before = new Set((correction?.skills ?? []).map(skillKey));
			const named = (said.skills ?? []).filter((skill) => !before.has(skillKey(skill)));
			const keys = new Set(named.map(skillKey));
			this.recentSkills = [...named, ...this.recentSkills.filter((skill) => !keys.has(skillKey(skill)))].slice(
				0,
				12,
			);
		}
	}

	/** Takes the latest change back and says on which question it was; `null`: there is none. */
	async undo(): Promise<(Scope & { readonly questionId: QuestionId }) | null> {
		const step = this.steps.at(-1);
		if (!step) {
			return null;
		}
		const { student, round, questionId, before } = step;
		await this.append({
			student,
			round,
			questionId,
			verdict: before?.verdict ?? 'withdrawn',
			skills: before?.skills ?? null,
			note: before?.note ?? null,
		});
		this.steps.pop();
		return { student, round, questionId };
	}

	private async append({ student, round, questionId, verdict, skills, note }: Said): Promise<void> {
		const { diagnosis } = await this.store.read('diagnosis', { student, round, questionId });
		const trimmed = note?.trim();
		await this.store.write('addCorrection', {
			student,
			round,
			questionId,
			verdict,
			skills: verdict === 'changed' ? (skills ?? []) : null,
			note: trimmed ? trimmed : null,
			author: this.author(),
			at: this.now(),
			original: diagnosis,
		});
	}
}

const undoWords: Record<Correction['verdict'], string> = {
	agreed: 'agreed',
	changed: 'skills changed',
	disputed: 'disputed',
	withdrawn: 'withdrawn',
};
