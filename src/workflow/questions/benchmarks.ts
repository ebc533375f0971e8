import { checkName } from '../../core/questions/checkName.ts';
import type { Benchmark, BenchmarkMetric } from '../../core/questions/benchmark.ts';
import {
	benchmarks,
	editionOf,
	findBenchmark,
	plainBenchmark,
	splitBenchmark,
} from '../../core/questions/benchmark.ts';
import type { GradingRule } from '../../core/questions/gradingRule.ts';
import type { BenchmarkEntry } from '../../core/rounds/evaluationEntry.ts';
import type { ImportedQuestion } from '../../core/questions/imported.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId, Split } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { ImportQuestionsResult } from './importQuestions.ts';
import { QuestionRows } from './importQuestionRows.ts';
import { gradingRules } from './gradingRules.ts';
import { ImportRun } from './importRun.ts';
import { inChunks, questionsWithIds } from '../reading/chunks.ts';

/** Maximum number of questions in a benchmark; they are held in memory while they are split. */
const maxQuestions = 200_000;

export interface AddBenchmarkOptions {
	readonly name: string;
	readonly files: readonly string[];
	readonly format?: string | undefined;
	readonly mapping?: Readonly<Record<string, string>> | undefined;
	/** These settings default to the registry's, else to pass@1 of one answer at temperature 0.1. */
	readonly samples?: number | undefined;
	readonly temperature?: number | undefined;
	readonly metric?: BenchmarkMetric | undefined;
	readonly grading?: GradingRule | undefined;
	/**
	 * Number of questions drawn into the validation split. Defaults to the registry's number (1,000 of MATH's 5,000,
	 * and the same fraction of a smaller file), else to none.
	 */
	readonly validation?: number | undefined;
	/** Seed of the draw; default 0. */
	readonly seed?: number | undefined;
}

export interface AddBenchmarkResult extends ImportQuestionsResult {
	benchmark: string;
	/** Number of its questions in this project, by split. */
	validation: number;
	test: number;
	notes: string[];
}

/**
 * Adds a benchmark from the user's own files: its questions join the project, its validation part is drawn by seed
 * (sec. 3), and its settings are stored.
 */
export async function addBenchmark(parts: Parts, options: AddBenchmarkOptions, run: Run): Promise<AddBenchmarkResult> {
	checkName('benchmark', options.name);
	checkDifficult(options.name);
	const imported = await ImportRun.start(parts.store, 'import questions', options.files, run);
	const read: { file: string; row: ImportedQuestion; id: QuestionId }[] = [];
	for await (const { file, batch } of imported.batches((name) =>
		parts.files.readQuestions(name, { signal: run.signal, format: options.format, mapping: options.mapping }),
	)) {
		imported.count(batch.rows.length, batch.rows.filter(({ gold }) => gold !== undefined).length);
		read.push(...batch.rows.map((row) => ({ file, row, id: questionId(row.text) })));
		if (read.length > maxQuestions) {
			throw new StatError('questions.tooMany', { most: maxQuestions });
		}
	}
	const ids = [...new Set(read.map(({ id }) => id))];
	const known = await questionsWithIds(parts.store, ids);
	const registered = findBenchmark(options.name);
	const found = registered ? editionOf(registered, ids.length) : plainBenchmark(options.name);
	const entry: BenchmarkEntry = {
		name: found.name,
		about: found.about,
		metric: options.metric ?? found.metric,
		samples: options.samples ?? found.samples,
		temperature: options.temperature ?? found.temperature,
		grading: options.grading ?? (await gradingRules(parts.store)).of(found.name),
		seed: options.seed ?? 0,
		validation: options.validation ?? partOf(found, ids.length),
	};
	const drawn = splitBenchmark(ids, entry.validation, entry.seed);
	// Known questions stay in their split; the draw does not move them.
	const splitOf = (id: QuestionId) => known.get(id)?.split ?? drawn.get(id) ?? 'test';
	const questions = new QuestionRows(parts, imported, run, 'questions');
	for (const file of options.files) {
		for (const split of ['validation', 'test'] as const) {
			// A training question is offered to the test split so that it is refused and listed: a benchmark and the
			// training questions must not overlap.
			const rows = read
				.filter((one) => one.file === file && (splitOf(one.id) === 'validation') === (split === 'validation'))
				.map(({ row }) => row);
			for (const chunk of inChunks(rows)) {
				await questions.add(file, split, entry.name, chunk);
			}
		}
	}
	await questions.finish();
	await imported.finish();
	await parts.store.write('setBenchmark', { benchmark: entry, questions: ids });
	const stands = await countSplits(parts.store, entry.name);
	const notes = notesOn(
		options,
		found,
		ids.length,
		stands,
		ids.filter((id) => known.get(id)?.split === 'train').length,
	);
	notes.forEach((note) => run.log('warn', note));
	const { questions: added, updated, duplicates } = questions.counts;
	return {
		benchmark: entry.name,
		validation: stands.validation,
		test: stands.test,
		questions: added,
		updated,
		duplicates,
		skipped: imported.skipped,
		fields: imported.fields,
		rows: imported.references.of,
		references: imported.references.rows,
		problems: imported.problems,
		conflicts: imported.conflicts,
		notes,
	};
}

/**
 * Returns the number of validation questions for a file with only part of a benchmark: the same fraction as of the
 * whole, so that a test split remains to report on.
 */
function partOf({ questions, validation }: Benchmark, here: number): number {
	return questions === null || here >= questions ? validation : Math.round((validation * here) / questions);
}

function checkDifficult(requested: string): void {
	const { name, difficultOf } = findBenchmark(requested) ?? plainBenchmark(requested);
	if (difficultOf !== undefined) {
		throw new StatError('questions.difficultPart', { name, of: difficultOf });
	}
}

function notesOn(
	options: AddBenchmarkOptions,
	found: Benchmark,
	questions: number,
	stands: Record<Split, number>,
	training: number,
): string[] {
	const requested = findBenchmark(options.name);
	const isDrawnAlike =
		options.validation === undefined &&
		found.questions !== null &&
		found.validation > 0 &&
		questions < found.questions;
	const drawn = isDrawnAlike
		? `; ${partOf(found, questions)} of them are drawn for validation, the same share as of the whole`
		: '';
	return [
		requested &&
			requested.name !== found.name &&
			`these are the ${questions} questions of ${found.name} (${found.about}), not the ` +
				`${requested.questions} of ${requested.name}: it is stored under that name`,
		found.questions !== null &&
			found.questions !== questions &&
			`${found.name} has ${found.questions} questions, these files ${questions}: a part of it, or another ` +
				`edition${drawn}`,
		training > 0 && `${training} of its questions are training questions here: they are left out of the benchmark`,
		stands.test === 0 &&
			`all ${stands.validation} questions are in the validation split already: results on them are ` +
				'of what the student was profiled on',
	].filter((note) => note !== false && note !== undefined);
}

async function countSplits(store: Pick<Store, 'read'>, name: string): Promise<Record<Split, number>> {
	const counts: Record<Split, number> = { train: 0, validation: 0, test: 0 };
	for (const { split } of await store.read('benchmarkQuestions', { name })) {
		counts[split]++;
	}
	return counts;
}

/**
 * Returns the split in which an unknown question is placed if a log names its benchmark. This is validation, unless the
 * benchmark was added with a part to report on: then only its drawn part is profiled, and the question is placed in the
 * test split.
 */
export async function splitOfNew(store: Pick<Store, 'read'>, name: string): Promise<Exclude<Split, 'train'>> {
	const { entry } = await benchmarkNamed(store, name);
	const isAdded = (await store.read('benchmarkEntries', {})).some(({ benchmark }) => benchmark.name === entry.name);
	if (!isAdded) {
		return 'validation';
	}
	const { validation, test } = await countSplits(store, entry.name);
	return entry.validation >= validation + test ? 'validation' : 'test';
}

export interface ListedBenchmark extends BenchmarkEntry {
	/** Number of questions in this project; 0 if the benchmark has not been added. */
	validation_questions: number;
	test_questions: number;
	/** Published number of questions; `null` if it is not in the registry. */
	size: number | null;
	/** Where the user can find it; nothing is downloaded. */
	sources: readonly string[];
}

/** Lists the benchmarks in the registry, those of this project, and the names under which questions were imported. */
export async function listBenchmarks({ store }: Pick<Parts, 'store'>): Promise<ListedBenchmark[]> {
	const [added, imported] = await Promise.all([store.read('benchmarkEntries', {}), store.read('benchmarks', {})]);
	const names = [
		...new Set([
			...benchmarks.map(({ name }) => name),
			...added.map(({ benchmark: { name } }) => name),
			...imported.map(({ benchmark }) => benchmark),
		]),
	];
	return Promise.all(
		names.map(async (name) => {
			const { entry, known } = await benchmarkNamed(store, name);
			const { validation, test } = await countSplits(store, name);
			return {
				...entry,
				validation_questions: validation,
				test_questions: test,
				size: known?.questions ?? null,
				sources: known?.sources ?? [],
			};
		}),
	);
}

/**
 * Returns a benchmark by name: the project's entry, else the registry's, else one with the default settings (pass@1).
 * `known`: the registry's entry, if there is one.
 */
export async function benchmarkNamed(
	store: Pick<Store, 'read'>,
	name: string,
): Promise<{ entry: BenchmarkEntry; known: Benchmark | undefined }> {
	const entries = await store.read('benchmarkEntries', {});
	const exact = entries.find(({ benchmark }) => benchmark.name === name)?.benchmark;
	const known = findBenchmark(name);
	const entry = exact ?? entries.find(({ benchmark }) => benchmark.name === known?.name)?.benchmark;
	if (entry) {
		return { entry, known };
	}
	const { about, metric, samples, temperature, validation } = known ?? plainBenchmark(name);
	const rules = await gradingRules(store);
	// Its questions may have been imported under another spelling of its name.
	const imported = (await store.read('benchmarks', {})).map(({ benchmark }) => benchmark);
	const spelled =
		imported.find((one) => one === name) ??
		imported.find((one) =>
			known ? findBenchmark(one)?.name === known.name : one.toLowerCase() === name.toLowerCase(),
		);
	return {
		entry: {
			name: spelled ?? known?.name ?? name,
			about,
			metric,
			samples,
			temperature,
			grading: rules.of(spelled ?? known?.name ?? name),
			seed: 0,
			validation,
		},
		known,
	};
}
