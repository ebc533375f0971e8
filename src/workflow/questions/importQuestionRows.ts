import type { ImportedQuestion } from '../../core/questions/imported.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId, Split } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';
import { gradeWaiting } from './gradeAnswer.ts';
import type { ImportRun } from './importRun.ts';
import { questionsWithIds } from '../reading/chunks.ts';

interface Counts {
	questions: number;
	updated: number;
	duplicates: number;
	skills: number;
	links: number;
}

/**
 * Imports questions together with the skills that their rows name. Records which evaluation questions gained a gold
 * answer, so that their earlier answers are graded at the end.
 */
export class QuestionRows {
	readonly counts: Counts = { questions: 0, updated: 0, duplicates: 0, skills: 0, links: 0 };
	private readonly gainedGold = new Map<QuestionId, string>();
	private readonly knownSkills = new Set<string>();
	private hasAnswers: boolean | undefined;

	constructor(
		private readonly parts: Parts,
		private readonly imported: ImportRun,
		private readonly run: Run,
		private readonly source: string,
	) {}

	async add(file: string, split: Split, benchmark: string | null, rows: readonly ImportedQuestion[]): Promise<void> {
		if (rows.length === 0) {
			return;
		}
		const { store } = this.parts;
		const withoutGold = await this.withoutGold(split, rows);
		const fields = rows.map(({ text, subject, level, gold, solution }) => ({
			text,
			subject,
			level,
			gold,
			solution,
		}));
		const result = await store.write('addQuestions', { split, benchmark, source: this.source, rows: fields });
		this.counts.questions += result.added;
		this.counts.updated += result.updated;
		this.counts.duplicates += result.duplicates;
		await this.imported.takeConflicts(file, rows, result.conflicts, result.refused);
		const refused = new Set(result.conflicts.filter(({ field }) => field === 'split').map(({ index }) => index));
		rows.forEach((row, index) => {
			const id = result.ids[index];
			if (
				id !== undefined &&
				row.gold !== undefined &&
				withoutGold.has(id) &&
				!refused.has(index) &&
				!this.gainedGold.has(id)
			) {
				this.gainedGold.set(id, row.gold);
			}
		});
		const labelled = rows.flatMap((row, index) => {
			const id = result.ids[index];
			const skills = (row.skills ?? []).map((name): SkillRef => ({ subject: row.subject ?? '', name }));
			return id === undefined || refused.has(index) || skills.length === 0 ? [] : [{ questionId: id, skills }];
		});
		await this.addSkills(labelled.flatMap(({ skills }) => skills));
		if (labelled.length > 0) {
			const { links } = await store.write('addLabels', {
				source: 'bank',
				author: null,
				at: this.run.now(),
				replace: false,
				rows: labelled,
			});
			this.counts.links += links;
		}
	}

	async addSkills(skills: readonly SkillRef[]): Promise<void> {
		const unknown = [...new Map(skills.map((skill) => [skillKey(skill), skill]))].filter(
			([key]) => !this.knownSkills.has(key),
		);
		if (unknown.length > 0) {
			unknown.forEach(([key]) => this.knownSkills.add(key));
			this.counts.skills += (
				await this.parts.store.write('addSkills', { skills: unknown.map(([, skill]) => skill) })
			).added;
		}
	}

	/** Must be called after the last row: see {@link gradeWaiting}. */
	async finish(): Promise<void> {
		await gradeWaiting(this.parts, this.gainedGold, this.run);
	}

	private async withoutGold(split: Split, rows: readonly ImportedQuestion[]): Promise<ReadonlySet<QuestionId>> {
		this.hasAnswers ??= (await this.parts.store.read('students', {})).students.length > 0;
		if (split === 'train' || !this.hasAnswers) {
			return new Set();
		}
		const known = await questionsWithIds(this.parts.store, [...new Set(rows.map(({ text }) => questionId(text)))]);
		return new Set([...known.values()].filter(({ gold }) => gold === null).map(({ id }) => id));
	}
}
