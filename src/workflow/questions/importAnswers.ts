import { checkName } from '../../core/questions/checkName.ts';
import type { ImportedAnswers, ImportedSample, RowProblem } from '../../core/questions/imported.ts';
import type { FieldsUsed } from '../../core/ports/files.ts';
import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { commandOf, needsGold } from '../../core/questions/gradingRule.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId, Split } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import { splitSteps } from '../../core/questions/steps.ts';
import type { Conflict } from '../../core/ports/store/questions.ts';
import type { Writes } from '../../core/ports/store/store.ts';
import { splitOfNew } from './benchmarks.ts';
import { gradeAnswer, gradeWaiting } from './gradeAnswer.ts';
import type { GradeStoredResult } from './gradeStored.ts';
import { gradeStored } from './gradeStored.ts';
import type { GradingRules } from './gradingRules.ts';
import { gradingRules, setGradingRule } from './gradingRules.ts';
import { ImportRun } from './importRun.ts';
import { readTemplate } from '../../core/questions/studentTemplate.ts';
import { allDigests, inChunks, questionsWithIds } from '../reading/chunks.ts';
import type { Scope } from '../../core/scope.ts';

/**
 * `split`: the split that new questions join. Defaults to validation, or to test if their benchmark was added with a
 * part to report on.
 */
export interface ImportAnswersOptions extends Scope {
	readonly files: readonly string[];
	readonly split?: 'validation' | 'test' | undefined;
	readonly benchmark?: string | undefined;
	readonly format?: string | undefined;
	readonly mapping?: Readonly<Record<string, string>> | undefined;
	/** Becomes the rule of the answers' benchmarks, or of the project for questions of none. Default: their rules. */
	readonly grading?: GradingRule | undefined;
}

/**
 * `graded`: answers whose verdict is true or false; `unsure`: answers with a gold answer but no verdict; `correct`:
 * answers graded true; `disagreeing`: answers whose log has a different verdict from ours. `questions`: number of
 * questions new to the project; if there are any, `note` states which split they were added to and what that means for
 * results.
 */
export interface ImportAnswersResult {
	note?: string | undefined;
	answers: number;
	questions: number;
	/** Number of these in the test split; the others are in the validation split. */ test?: number | undefined;
	graded: number;
	correct: number;
	unsure: number;
	/** Number of unsure answers that wait for the judge, or for a checker that nobody allowed on this machine. */
	waiting?: number | undefined;
	/** Why the checker left answers unsure, most frequent first. */
	reasons?: GradeStoredResult['reasons'] | undefined;
	/** Number of answers that a token limit cut off, according to the log. */
	cut?: number | undefined;
	disagreeing: number;
	duplicates: number;
	skipped: number;
	/** The fields that were read, and others that hold text; absent if the answers come from no file. */
	fields?: FieldsUsed | undefined;
	/** Number of rows whose question has a reference answer, in the file or in the project. */
	references?: number | undefined;
	/** Number of rows that came in, known ones too. */
	rows?: number | undefined;
	problems: RowProblem[];
	conflicts: (Conflict & { file: string; line: number })[];
}

/** Number of questions graded without a pause, because an editor's thread must not wait for a megabyte of answers. */
const rowsBetweenPauses = 8;

/**
 * Imports a student's answers from evaluation logs. Our grader grades them against the question's gold answer (the
 * project's, else the log's). Only new answers are counted.
 */
export async function importAnswers(
	parts: Parts,
	options: ImportAnswersOptions,
	run: Run,
): Promise<ImportAnswersResult> {
	checkName('student', options.student);
	if (!Number.isInteger(options.round) || options.round < 1) {
		throw new StatError('questions.badRound', { round: options.round });
	}
	const template = readTemplate(await parts.store.read('setting', { key: 'studentTemplate' })) ?? undefined;
	const imported = await ImportRun.start(parts.store, 'import answers', options.files, run);
	const rows = new AnswerRows(parts, options, run);
	await rows.readKnown();
	await rows.readRules();
	for await (const { file, batch } of imported.batches((name) =>
		parts.files.readAnswers(name, {
			signal: run.signal,
			format: options.format,
			mapping: options.mapping,
			beside: options.files,
			template,
		}),
	)) {
		await rows.add(file, batch.rows, options.benchmark ?? batch.offered?.benchmark ?? null, imported);
	}
	await rows.drain();
	await rows.finish();
	await imported.finish();
	const notes = [joinedNote(rows.joined.validation), reportedNote(rows.joined.test)].filter(
		(note) => note !== undefined,
	);
	notes.forEach((note) => run.log('warn', note));
	return {
		...rows.counts,
		...(rows.later === undefined ? {} : { waiting: rows.later.waiting, reasons: rows.later.reasons }),
		test: rows.joined.test.questions,
		note: notes.join('\n') || undefined,
		skipped: imported.skipped,
		fields: imported.fields,
		rows: imported.references.of,
		references: imported.references.rows,
		problems: imported.problems,
		conflicts: imported.conflicts,
	};
}

interface Joined {
	questions: number;
	/** The benchmarks that the log or the user named. */
	readonly benchmarks: Set<string>;
}

/**
 * Returns the note on questions that the project has only through their answers. All of them are profiled, so nothing
 * of that benchmark is left to report on.
 */
function joinedNote({ questions, benchmarks }: Joined): string | undefined {
	const [name, ...more] = shown(benchmarks);
	const reported = name !== undefined && more.length === 0 ? name : 'a benchmark';
	return questions === 0
		? undefined
		: `${newQuestions(questions)} joined validation: the student is profiled on them, so a gain on them ` +
				`is no result to report. To report on ${reported}, start a new project and import its questions ` +
				'as test questions before the answers';
}

/** Returns the note on questions of a benchmark that is reported on; those questions are never profiled. */
function reportedNote({ questions, benchmarks }: Joined): string | undefined {
	const names = shown(benchmarks);
	return questions === 0
		? undefined
		: `${newQuestions(questions)} joined ` +
				`test${names.length === 0 ? '' : `, where ${names.join(', ')} is reported on`}: the student is not ` +
				'profiled on them. To profile it on such a log, import the log into a new project as validation ' +
				'questions';
}

function newQuestions(count: number): string {
	return `${count} ${count === 1 ? 'question' : 'questions'} new to the project`;
}

function shown(names: ReadonlySet<string>): string[] {
	return [...names].slice(0, 10).map((name) => name.replace(/\s+/gu, ' ').slice(0, 80).replaceAll("'", '’'));
}

class AnswerRows {
	readonly counts = {
		answers: 0,
		questions: 0,
		graded: 0,
		correct: 0,
		unsure: 0,
		cut: 0,
		disagreeing: 0,
		duplicates: 0,
	};
	/** The questions new to the project, by the split they were added to. */
	readonly joined: Readonly<Record<Exclude<Split, 'train'>, Joined>> = {
		validation: { questions: 0, benchmarks: new Set() },
		test: { questions: 0, benchmarks: new Set() },
	};
	private readonly splits = new Map<string | null, Exclude<Split, 'train'>>();
	private readonly known = new Map<QuestionId, Set<number>>();
	/** Gold answers from this log for questions whose answers were imported earlier without one. */
	private readonly gainedGold = new Map<QuestionId, string>();
	/** Gold answers of the questions seen in this run. */
	private readonly gold = new Map<QuestionId, string | null>();
	private writing: Promise<void> = Promise.resolve();
	/** Writes the batch that was graded last. */
	private graded: (() => Promise<void>) | undefined;
	private unmatchedSteps = 0;
	/** Rules by benchmark, and questions whose answers need the teacher or a checker. */
	private rules: GradingRules = { of: () => 'math', all: new Set() };
	private readonly ruled = new Map<string | null, GradingRule>();
	private readonly askLater = new Map<QuestionId, GradingRule>();
	/** What the checkers found, if there are any. */
	later: GradeStoredResult | undefined;

	constructor(
		private readonly parts: Parts,
		private readonly options: ImportAnswersOptions,
		private readonly run: Run,
	) {}

	/** Reads which samples already exist; they are neither graded again nor counted. */
	async readKnown(): Promise<void> {
		for (const { questionId: id, samples } of await allDigests(this.parts.store, this.options)) {
			this.known.set(id, new Set(samples));
		}
	}

	/**
	 * Grades this batch while the previous one is being written. What the project knows about the batch's questions is
	 * read before that write starts, and what this run itself has seen is remembered.
	 */
	async add(
		file: string,
		batch: readonly ImportedAnswers[],
		benchmark: string | null,
		imported: ImportRun,
	): Promise<void> {
		if (batch.length === 0) {
			return;
		}
		const ids = batch.map(({ question }) => questionId(question.text));
		const known = questionsWithIds(this.parts.store, [...new Set(ids)]);
		await this.writing;
		this.writing = this.graded?.() ?? Promise.resolve();
		// Awaited with the next batch or at the end; until then a failure must not count as an unhandled rejection.
		this.writing.catch(() => undefined);
		const questions = await known;
		const split = await this.splitOf(benchmark);
		const rules = new Map<QuestionId, GradingRule>();
		for (const [index, { question }] of batch.entries()) {
			const id = ids[index] as QuestionId;
			const known = questions.get(id);
			this.remember(id, known, question.gold);
			const rule = await this.ruleOf(known?.benchmark ?? benchmark);
			rules.set(id, rule);
			if ((rule === 'judge' || commandOf(rule) !== null) && known?.split !== 'train') {
				this.askLater.set(id, rule);
			}
		}
		const withGold = ids.filter((id) => (this.gold.get(id) ?? null) !== null);
		imported.count(ids.length, withGold.length);
		const rows: Writes['addAnswers']['params']['rows'][number][] = [];
		for (const chunk of inChunks([...batch.entries()], rowsBetweenPauses)) {
			rows.push(
				...(await Promise.all(
					chunk.map(
						async ([
							index,
							{
								question: { text, subject, level, gold, solution },
								samples,
							},
						]) => ({
							question: { text, subject, level, gold, solution },
							samples: await Promise.all(
								samples.map((sample) =>
									this.sample(
										ids[index] as QuestionId,
										questions.get(ids[index] as QuestionId)?.split === 'train',
										rules.get(ids[index] as QuestionId) ?? 'math',
										sample,
									),
								),
							),
						}),
					),
				)),
			);
			await new Promise((resolve) => setImmediate(resolve));
		}
		this.graded = async () => {
			const { student, round } = this.options;
			const joined = this.joined[split];
			// A test question must exist before its answers are stored, because answers to unknown questions add them
			// to validation.
			const fresh = split === 'test' ? rows.filter((_, index) => !questions.has(ids[index] as QuestionId)) : [];
			const { added } =
				fresh.length === 0
					? { added: 0 }
					: await this.parts.store.write('addQuestions', {
							split,
							benchmark,
							source: 'answers',
							rows: fresh.map(({ question }) => question),
						});
			const result = await this.parts.store.write('addAnswers', {
				student,
				round,
				source: 'answers',
				benchmark,
				rows,
			});
			this.counts.answers += result.answers;
			const more = added + result.questions;
			this.counts.questions += more;
			joined.questions += more;
			if (more > 0 && benchmark !== null) {
				joined.benchmarks.add(benchmark);
			}
			this.counts.duplicates += result.duplicates;
			await imported.takeConflicts(
				file,
				batch.map(({ line, question }) => ({ line, text: question.text })),
				result.conflicts,
				result.refused,
			);
		};
	}

	/**
	 * Decided when a benchmark is first seen, so that the first of its questions to arrive do not decide for the rest.
	 */
	private async splitOf(benchmark: string | null): Promise<Exclude<Split, 'train'>> {
		const split =
			this.options.split ??
			this.splits.get(benchmark) ??
			(benchmark === null ? 'validation' : await splitOfNew(this.parts.store, benchmark));
		this.splits.set(benchmark, split);
		return split;
	}

	async readRules(): Promise<void> {
		this.rules = await gradingRules(this.parts.store);
	}

	/** Stores the import's own rule when a benchmark is first seen, before its first answer is graded. */
	private async ruleOf(benchmark: string | null): Promise<GradingRule> {
		const { grading } = this.options;
		const known = this.ruled.get(benchmark);
		const rule = known ?? grading ?? this.rules.of(benchmark);
		if (known === undefined && grading !== undefined) {
			await setGradingRule(this.parts.store, grading, benchmark);
		}
		this.ruled.set(benchmark, rule);
		return rule;
	}

	/** Resolves when everything added is durable. */
	async drain(): Promise<void> {
		await this.writing;
		await this.graded?.();
	}

	/**
	 * Remembers the gold answer that counts: the project's, else the first one offered. If it arrives after answers
	 * without gold, those are graded at the end.
	 */
	private remember(id: QuestionId, question: Question | undefined, offered: string | undefined): void {
		const gold = this.gold.get(id) ?? question?.gold ?? null;
		const cameBefore = this.gold.has(id) || question !== undefined;
		if (gold === null && offered !== undefined && cameBefore && question?.split !== 'train') {
			this.gainedGold.set(id, offered);
		}
		this.gold.set(id, gold ?? offered ?? null);
	}

	/** Asks the checkers about answers without a verdict, also about those of an import that was interrupted. */
	private async gradeLater(): Promise<void> {
		if (this.askLater.size === 0) {
			return;
		}
		const later = await gradeStored(
			this.parts,
			{
				...this.options,
				questions: [...this.askLater.keys()],
				rule: ({ id }) => this.askLater.get(id) ?? 'math',
				onlyUnsure: () => true,
			},
			this.run,
		);
		this.later = later;
		this.counts.graded += later.right + later.wrong;
		this.counts.correct += later.right;
		this.counts.unsure = later.unsure + later.waiting;
		if (later.waiting > 0) {
			this.run.log(
				'warn',
				`${later.waiting} answers are unsure until the judge, or a checker that you allow on this machine, ` +
					'has graded them',
			);
		}
	}

	async finish(): Promise<void> {
		await this.gradeLater();
		await gradeWaiting(this.parts, this.gainedGold, this.run);
		if (this.unmatchedSteps > 0) {
			this.run.log(
				'warn',
				`${this.unmatchedSteps} answers have another number of step scores than of steps by blank ` +
					'lines, numbers or lines: scores are stored, but do not point at steps',
			);
		}
		if (this.counts.disagreeing > 0) {
			this.run.log(
				'info',
				`${this.counts.disagreeing} verdicts differ from the log's; ours count, the log's are stored beside them`,
			);
		}
		if (this.counts.cut > 0) {
			this.run.log(
				'info',
				`${this.counts.cut} answers were cut off by their token limit and count by what they had named until then`,
			);
		}
		if (this.counts.unsure > 0) {
			this.run.log('info', `${this.counts.unsure} answers could not be told equal or different`);
		}
	}

	private async sample(id: QuestionId, refused: boolean, rule: GradingRule, sample: ImportedSample) {
		const { text, stepScores, logVerdict = null, truncated } = sample;
		const samples = this.known.get(id) ?? new Set();
		const isNew = !refused && !samples.has(sample.sample);
		samples.add(sample.sample);
		this.known.set(id, samples);
		const gold = this.gold.get(id) ?? null;
		const grade = isNew
			? await gradeAnswer(this.parts.grader, gold, text, truncated, { rule, logVerdict })
			: { extracted: null, verdict: null };
		const steps = splitSteps(text, stepScores?.length);
		if (isNew) {
			this.counts.graded += grade.verdict === null ? 0 : 1;
			this.counts.correct += grade.verdict === true ? 1 : 0;
			this.counts.unsure += (gold !== null || !needsGold(rule)) && grade.verdict === null ? 1 : 0;
			this.counts.cut += truncated === true ? 1 : 0;
			this.counts.disagreeing +=
				grade.verdict !== null && logVerdict !== null && grade.verdict !== logVerdict ? 1 : 0;
			this.unmatchedSteps += stepScores !== undefined && stepScores.length !== steps.length ? 1 : 0;
		}
		return { sample: sample.sample, text, ...grade, logVerdict, stepScores: stepScores ?? null, steps, truncated };
	}
}
