import type { ErrorKind } from './errorKind.ts';
import { jobsKinds, jobsSentences } from './sentences/jobs.ts';
import { runKinds, runSentences } from './sentences/run.ts';
import { curationKinds, curationSentences } from './sentences/curation.ts';
import { storeKinds, storeSentences } from './sentences/store.ts';
import { teacherKinds, teacherSentences } from './sentences/teacher.ts';
import { diagnosisKinds, diagnosisSentences } from './sentences/diagnosis.ts';
import { skillsKinds, skillsSentences } from './sentences/skills.ts';
import { trainingKinds, trainingSentences } from './sentences/training.ts';
import { askingKinds, askingSentences } from './sentences/asking.ts';
import { readingSentences } from './sentences/reading.ts';
import { questionsKinds, questionsSentences } from './sentences/questions.ts';
import { difficultyKinds, difficultySentences } from './sentences/difficulty.ts';
import { datasetsKinds, datasetsSentences } from './sentences/datasets.ts';
import { formatsKinds, formatsSentences } from './sentences/formats.ts';
import { remoteKinds, remoteSentences } from './sentences/remote.ts';
import { roundsKinds, roundsSentences } from './sentences/rounds.ts';
import { cliKinds, cliSentences } from './sentences/cli.ts';
import { editorKinds, editorSentences } from './sentences/editor.ts';

/**
 * Every error that a user can act on: a code, and one line that names file, line and field, or host and step, and what
 * to do. `{name}` is replaced with a field of the error's data. A line never names a command-line flag or an editor
 * command: src/cli/messages.ts and src/ui/kit/editorMessages.ts do that in their own words.
 */
export const sentences = {
	...runSentences,
	...curationSentences,
	...storeSentences,
	...jobsSentences,
	...teacherSentences,
	...skillsSentences,
	...askingSentences,
	...readingSentences,
	...questionsSentences,
	...difficultySentences,
	...diagnosisSentences,
	...trainingSentences,
	...datasetsSentences,
	...formatsSentences,
	...remoteSentences,
	...roundsSentences,
	...cliSentences,
	...editorSentences,
} as const;

export type ErrorCode = keyof typeof sentences;

/** The kind of each code; `failed` for a code that is not listed. */
export const kinds: Readonly<Partial<Record<ErrorCode, ErrorKind>>> = {
	...runKinds,
	...curationKinds,
	...storeKinds,
	...jobsKinds,
	...teacherKinds,
	...skillsKinds,
	...askingKinds,
	...questionsKinds,
	...difficultyKinds,
	...diagnosisKinds,
	...trainingKinds,
	...datasetsKinds,
	...formatsKinds,
	...remoteKinds,
	...roundsKinds,
	...cliKinds,
	...editorKinds,
};

type Placeholders<Sentence> = Sentence extends `${string}{${infer Name}}${infer Rest}`
	? Name | Placeholders<Rest>
	: never;

type DataOf<Sentence> = string extends Sentence ? never : Readonly<Record<Placeholders<Sentence>, string | number>>;

/**
 * The fields that a code's sentence needs, as strings or numbers. If the compiler cannot determine a sentence's text,
 * errors with its code do not compile: write the sentence as one literal or with `sentence()`.
 */
export type ErrorData<Code extends ErrorCode> = DataOf<(typeof sentences)[Code]>;

/** Returns a sentence with its placeholders filled in. Values are inserted unchanged and are never expanded again. */
export function fill(sentence: string, data: Readonly<Record<string, string | number>>): string {
	return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(data[name] ?? whole));
}
