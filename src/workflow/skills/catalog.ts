import type { Budget } from '../../core/ports/budget.ts';
import { compareText } from '../../core/text/order.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId, Split } from '../../core/questions/question.ts';
import { splits } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSubject, skillKey, skillLabel } from '../../core/skills/skill.ts';
import type { TeacherCall, TeacherTask } from '../../core/ports/teacher.ts';
import type { Plan } from '../asking/plan.ts';
import type { TeacherRunOptions } from '../asking/askTeacher.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { groupNames } from './groupNames.ts';
import { askForLabels, labelCalls } from './label.ts';
import { ownOrder } from '../asking/shuffled.ts';
import { labelsOf, questionChunks } from '../reading/chunks.ts';
import { offeredAtMost } from './skillOffer.ts';

/**
 * What happens to existing skills: `add` finds skills for questions without any, in addition to the list; `replace`
 * retires the old list of each subject for which it makes a new one.
 */
export interface CatalogOptions extends TeacherRunOptions {
	readonly split?: Split | undefined;
	readonly mode?: 'add' | 'replace' | undefined;
	/** Maximum number of names in a grouping prompt; default 120. */ readonly chunkSize?: number | undefined;
}

/**
 * `names`: number of distinct names before grouping. `questions` labelled + `failed` (set aside, with their text) =
 * questions processed, unless `unfinished` is set: then the budget ended in that stage, and running again continues.
 */
export interface CatalogResult {
	skills: number;
	subjects: number;
	names: number;
	questions: number;
	links: number;
	retired: number;
	calls: number;
	cost: number | null;
	failed: number;
	unfinished: 'naming' | 'grouping' | 'labelling' | null;
	lists: { subject: string; skills: string[] }[];
}

const namesInChunk = 120;
/** Used for plans: new names per question, and skills in a subject's list. Measured on catalogs of MATH questions. */
const newNamesPerQuestion = 0.4;
const skillsInAList = 25;

/** The stored state of an unfinished catalog, from which an interrupted run resumes. */
interface Progress {
	readonly mode: 'new' | 'add' | 'replace';
	readonly split: string | null;
	readonly limit: number | null;
	/**
	 * If there is a limit, the last question within it. With `add`, labelled questions leave the selection, and no
	 * others may take their place.
	 */
	readonly through: QuestionId | null;
	readonly done: boolean;
	/** The final lists by subject, once the names have been grouped. */
	readonly lists: Readonly<Record<string, readonly string[]>> | null;
}

/**
 * Makes skill lists from scratch (stage 0; Didolkar et al. 2024): the teacher names the skills of each question in its
 * own words, groups the names of each subject, and labels every question again with up to five skills from its
 * subject's list. Every reply is on disk before it counts, so the same command resumes an interrupted run and pays for
 * nothing twice.
 */
export async function catalog(parts: Parts, options: CatalogOptions, run: Run): Promise<CatalogResult> {
	const teacher = teacherOf(parts);
	const { progress, questions } = await begin(parts, options);
	await keep(parts, progress);
	const spent = new Spending();
	const result: CatalogResult = {
		skills: 0,
		subjects: 0,
		names: 0,
		questions: 0,
		links: 0,
		retired: 0,
		calls: 0,
		cost: 0,
		failed: 0,
		unfinished: null,
		lists: [],
	};
	let lists = progress.lists;
	if (!lists) {
		const named = await nameSkills(parts, questions, options.budget, spent, run);
		result.names = [...named.bySubject.values()].reduce((sum, names) => sum + names.size, 0);
		const grouped = named.complete
			? await groupAll(parts, named.bySubject, progress.mode, options, spent, run)
			: null;
		if (!grouped) {
			return {
				...result,
				...spent.total,
				failed: named.failed,
				unfinished: named.complete ? 'grouping' : 'naming',
			};
		}
		lists = grouped;
		await keep(parts, { ...progress, lists });
	}
	result.retired = await putOnTheList(parts, lists, progress.mode, teacher.model, run);
	const offers = await offersOf(parts, questions, lists, progress.mode);
	const labelling = await askForLabels(
		parts,
		ownOrder(
			questions.filter(({ id }) => offers.has(id)),
			run,
		),
		offers,
		{ operation: 'catalog labels', budget: options.budget },
		run,
	);
	spent.add(labelling);
	const unfinished = labelling.overBudget > 0;
	if (!unfinished) {
		await keep(parts, { ...progress, lists, done: true });
	}
	const shown = await Promise.all(
		Object.keys(lists)
			.sort(compareText)
			.map(async (subject) => ({ subject, skills: (await listOf(parts, subject)).map(({ name }) => name) })),
	);
	return {
		...result,
		...spent.total,
		lists: shown,
		subjects: shown.length,
		skills: shown.reduce((sum, { skills }) => sum + skills.length, 0),
		questions: labelling.succeeded,
		links: labelling.links,
		failed: questions.length - labelling.succeeded - labelling.overBudget,
		unfinished: unfinished ? 'labelling' : null,
	};
}

/**
 * Estimates roughly what {@link catalog} would request. The number of names is unknown beforehand; existing replies are
 * taken into account.
 */
export async function planCatalog(parts: Parts, options: CatalogOptions): Promise<Plan> {
	const teacher = teacherOf(parts);
	const { progress, questions } = await begin(parts, options);
	const bySubject = new Map<string, number>();
	questions.forEach(({ subject }) => bySubject.set(subjectOf(subject), (bySubject.get(subjectOf(subject)) ?? 0) + 1));
	const placeholder = Array.from({ length: skillsInAList }, (_, index): SkillRef => ({
		subject: '',
		name: `name_of_skill_${index + 1}`,
	}));
	const lists = progress.lists;
	const offers = lists
		? await offersOf(parts, questions, lists, progress.mode)
		: new Map(questions.map(({ id }) => [id, placeholder]));
	const naming = lists ? [] : [...nameCalls(parts, questions)];
	const grouping = lists
		? []
		: [...bySubject].flatMap(([subject, count]) => {
				const names = Math.ceil(count * newNamesPerQuestion) + 1;
				const chunks = Math.ceil(names / namesInChunk);
				return Array.from(
					{ length: chunks === 1 ? 1 : chunks + Math.ceil((chunks * skillsInAList) / namesInChunk) },
					(_, chunk) =>
						makeCall(parts, 'catalogCluster', `${subject}/plan/${chunk}`, {
							subject,
							skills: Array.from(
								{ length: Math.min(names, namesInChunk) },
								(__, index) => `name_of_skill_${chunk}_${index}`,
							).join('\n'),
						}),
				);
			});
	const outputs = {
		name: outputOf(parts, 'catalogName', { subject: '', question: '' }),
		group: outputOf(parts, 'catalogCluster', { subject: '', skills: '' }),
		label: outputOf(parts, 'label', { subject: '', skills: '', question: '' }),
	};
	const plans = await Promise.all([
		planCalls(teacher, naming, outputs.name),
		planCalls(teacher, grouping, outputs.group),
		planCalls(
			teacher,
			[
				...labelCalls(
					parts,
					questions.filter(({ id }) => offers.has(id)),
					offers,
				),
			],
			outputs.label,
		),
	]);
	const notes = lists
		? ['goes on with the catalog that was begun: its lists are made']
		: [
				`about: ${naming.length} calls name skills, ${grouping.length} or so group the names, one ` +
					'a question labels it',
			];
	return plans.reduce(
		(sum, plan): Plan => ({
			calls: sum.calls + plan.calls,
			cached: sum.cached + plan.cached,
			rows: questions.length,
			tokens: { input: sum.tokens.input + plan.tokens.input, output: sum.tokens.output + plan.tokens.output },
			cost: sum.cost === null || plan.cost === null ? null : sum.cost + plan.cost,
			notes: [...new Set([...sum.notes, ...plan.notes])],
		}),
		{ calls: 0, cached: 0, tokens: { input: 0, output: 0 }, cost: 0, rows: 0, notes },
	);
}

/**
 * Returns a catalog's stage and its questions. Throws if skills exist and the options do not specify what should happen
 * to them.
 */
async function begin(parts: Parts, options: CatalogOptions): Promise<{ progress: Progress; questions: Question[] }> {
	const known = readProgress(await parts.store.read('setting', { key: 'catalog' }));
	if (known !== null && !known.done && (options.mode === undefined || options.mode === known.mode)) {
		const questions = await questionsOf(parts, known);
		if (questions.length > 0) {
			return { progress: known, questions };
		}
	}
	const standing = (await parts.store.read('skillList', { subject: null })).length;
	if (standing > 0 && options.mode === undefined) {
		throw new StatError('skills.listExists', { skills: standing });
	}
	const progress: Progress = {
		mode: standing === 0 ? 'new' : (options.mode ?? 'new'),
		split: options.split ?? null,
		limit: options.limit ?? null,
		through: null,
		done: false,
		lists: null,
	};
	const questions = await questionsOf(parts, progress);
	if (questions.length === 0) {
		throw progress.mode === 'add' ? new StatError('skills.nothingToAdd', {}) : new StatError('questions.none', {});
	}
	return {
		progress: { ...progress, through: progress.limit === null ? null : (questions.at(-1)?.id ?? null) },
		questions,
	};
}

/** Returns the questions of a catalog in a stable order; with `add`, only those without a skill. */
async function questionsOf(parts: Parts, { mode, split, limit, through }: Progress): Promise<Question[]> {
	const questions: Question[] = [];
	for (const name of splits.filter((one) => split === null || one === split)) {
		for await (const chunk of questionChunks(parts.store, name)) {
			const labelled =
				mode === 'add'
					? new Set(
							(
								await labelsOf(
									parts.store,
									chunk.map(({ id }) => id),
								)
							).map(({ questionId }) => questionId),
						)
					: new Set<QuestionId>();
			const end = chunk.findIndex(({ id }) => id === through);
			questions.push(...(end < 0 ? chunk : chunk.slice(0, end + 1)).filter(({ id }) => !labelled.has(id)));
			if (end >= 0 || (limit !== null && questions.length >= limit)) {
				return questions.slice(0, limit ?? Infinity);
			}
		}
	}
	return questions;
}

async function nameSkills(
	parts: Parts,
	questions: readonly Question[],
	budget: Budget | undefined,
	spent: Spending,
	run: Run,
): Promise<{ bySubject: Map<string, Set<string>>; complete: boolean; failed: number }> {
	const subjects = new Map(questions.map(({ id, subject }) => [id, subjectOf(subject)]));
	const bySubject = new Map<string, Set<string>>();
	const result = await askTeacher(
		parts,
		{
			operation: 'catalog names',
			label: 'Naming skills',
			calls: nameCalls(parts, ownOrder(questions, run)),
			total: questions.length,
			parse: (text) => parts.replies.parseCatalogNames(text),
			keyOf: ({ about }) => about,
			row: ({ call, value }) => ({ subject: subjects.get(call.about) ?? '', names: value.names }),
			write: async (rows) => {
				for (const { subject, names } of rows) {
					const known = bySubject.get(subject) ?? new Set();
					bySubject.set(subject, known);
					names.forEach((name) => known.add(name));
				}
			},
			budget,
		},
		run,
	);
	spent.add(result);
	return { bySubject, complete: result.overBudget === 0, failed: result.failures.length };
}

function* nameCalls(parts: Parts, questions: readonly Question[]): Generator<TeacherCall> {
	for (const question of questions) {
		yield makeCall(parts, 'catalogName', question.id, {
			subject: question.subject ?? 'any',
			question: question.text,
		});
	}
}

/**
 * Returns each subject's list, or `null` if the budget ended before all names were grouped. With `add`, a group that
 * contains an existing skill becomes that skill.
 */
async function groupAll(
	parts: Parts,
	bySubject: ReadonlyMap<string, ReadonlySet<string>>,
	mode: Progress['mode'],
	{ budget, chunkSize = namesInChunk }: Pick<CatalogOptions, 'budget' | 'chunkSize'>,
	spent: Spending,
	run: Run,
): Promise<Record<string, string[]> | null> {
	const lists: Record<string, string[]> = {};
	for (const subject of [...bySubject.keys()].sort(compareText)) {
		throwIfCancelled(run);
		const standing = mode === 'add' ? (await listOf(parts, subject)).map(({ name }) => name) : [];
		const names = [...new Set([...(bySubject.get(subject) ?? []), ...standing])];
		const grouping = await groupNames(parts, subject, names, { chunkSize, budget }, run);
		spent.add(grouping);
		if (grouping.unanswered > 0) {
			run.log(
				'warn',
				`not all names of ${subject === '' ? 'the project' : skillLabel(subject)} are grouped yet; ` +
					'run again to go on',
			);
			return null;
		}
		const known = new Set(standing.map((name) => grouping.skillOf.get(name)));
		lists[subject] = [
			...new Set([...standing, ...[...grouping.skillOf.values()].filter((skill) => !known.has(skill))]),
		].sort(compareText);
		if (lists[subject].length > offeredAtMost) {
			throw new StatError('skills.tooManyGroups', {
				skills: lists[subject].length,
				names: names.length,
				subject: subject === '' ? 'the project' : skillLabel(subject),
				most: offeredAtMost,
			});
		}
	}
	return lists;
}

/**
 * Adds the skills on the new lists. With `replace`, also retires the subject's other skills, in a single edit that can
 * be undone.
 */
async function putOnTheList(
	parts: Parts,
	lists: Readonly<Record<string, readonly string[]>>,
	mode: Progress['mode'],
	author: string,
	run: Run,
): Promise<number> {
	const { store } = parts;
	const listed = Object.entries(lists).flatMap(([subject, names]) =>
		names.map((name): SkillRef => ({ subject, name })),
	);
	await store.write('addSkills', { skills: listed });
	const present = await store.read('presentSkills', { rows: listed.map((skill) => ({ skill, questionId: null })) });
	const onList = new Set((await store.read('skillList', { subject: null })).map(skillKey));
	const note = `by catalog (${mode})`;
	const back = [
		...new Map(
			present.filter((skill) => !onList.has(skillKey(skill))).map((skill) => [skillKey(skill), skill]),
		).values(),
	];
	if (back.length > 0) {
		await store.write('editSkills', { edit: { kind: 'restore', skills: back }, author, at: run.now(), note });
	}
	if (mode !== 'replace') {
		return 0;
	}
	const remaining = new Set(present.map(skillKey));
	const retired = (await Promise.all(Object.keys(lists).map((subject) => listOf(parts, subject))))
		.flat()
		.filter((skill) => !remaining.has(skillKey(skill)));
	if (retired.length > 0) {
		await store.write('editSkills', { edit: { kind: 'retire', skills: retired }, author, at: run.now(), note });
	}
	return retired.length;
}

/**
 * Returns the skills that each question is offered. Omits questions whose subject has no list because none of its names
 * could be obtained.
 */
async function offersOf(
	parts: Parts,
	questions: readonly Question[],
	lists: Readonly<Record<string, readonly string[]>>,
	mode: Progress['mode'],
): Promise<Map<QuestionId, readonly SkillRef[]>> {
	const bySubject = new Map<string, readonly SkillRef[]>();
	for (const [subject, names] of Object.entries(lists)) {
		const present = await parts.store.read('presentSkills', {
			rows: names.map((name) => ({ skill: { subject, name }, questionId: null })),
		});
		bySubject.set(
			subject,
			mode === 'add'
				? await listOf(parts, subject)
				: [...new Map(present.map((skill) => [skillKey(skill), skill])).values()],
		);
	}
	return new Map(
		questions.flatMap(({ id, subject }) => {
			const offered = bySubject.get(subjectOf(subject));
			return offered && offered.length > 0 ? [[id, offered] as const] : [];
		}),
	);
}

/** Returns a subject's skills; without a subject, the skills that have none. */
async function listOf(parts: Parts, subject: string): Promise<readonly SkillRef[]> {
	return (await parts.store.read('skillList', { subject: subject === '' ? null : subject })).filter(
		(skill) => skill.subject === subject,
	);
}

const subjectOf = (subject: string | null): string => (subject === null ? '' : normaliseSubject(subject));

function outputOf(parts: Parts, task: TeacherTask, values: Readonly<Record<string, string>>): number {
	return parts.prompts.render(task, values).expectedOutputTokens;
}

async function keep(parts: Parts, progress: Progress): Promise<void> {
	await parts.store.write('setSetting', { key: 'catalog', value: progress });
}

/** A project may come from a stranger, so an invalid setting is treated as none. */
function readProgress(value: unknown): Progress | null {
	if (typeof value !== 'object' || value === null) {
		return null;
	}
	const { mode, split, limit, through, done, lists } = value as Record<string, unknown>;
	const isLists =
		lists === null ||
		(typeof lists === 'object' &&
			Object.values(lists as object).every(
				(names) =>
					Array.isArray(names) &&
					names.every((name) => typeof name === 'string' && name !== '' && name.length <= 200),
			));
	if ((mode !== 'new' && mode !== 'add' && mode !== 'replace') || typeof done !== 'boolean' || !isLists) {
		return null;
	}
	return {
		mode,
		split: typeof split === 'string' ? split : null,
		limit: typeof limit === 'number' ? limit : null,
		through: typeof through === 'string' ? through : null,
		done,
		lists: lists as Progress['lists'],
	};
}

/** Adds up what the stages cost. */
class Spending {
	private calls = 0;
	private cost: number | null = 0;

	add({ calls, cost }: { readonly calls: number; readonly cost: number | null }): void {
		this.calls += calls;
		this.cost = this.cost === null || cost === null ? null : this.cost + cost;
	}

	get total(): { calls: number; cost: number | null } {
		return { calls: this.calls, cost: this.cost };
	}
}
