import type { ErrorCode } from '../core/errors/sentences.ts';
import { fill, sentences } from '../core/errors/sentences.ts';
import type { StatError } from '../core/errors/statError.ts';
import { curationMessages } from './messages/curation.ts';
import { jobsMessages } from './messages/jobs.ts';
import { runMessages } from './messages/run.ts';
import { storeMessages } from './messages/store.ts';
import { teacherMessages } from './messages/teacher.ts';
import { diagnosisMessages } from './messages/diagnosis.ts';
import { skillsMessages } from './messages/skills.ts';
import { trainingMessages } from './messages/training.ts';
import { askingMessages } from './messages/asking.ts';
import { readingMessages } from './messages/reading.ts';
import { questionsMessages } from './messages/questions.ts';
import { difficultyMessages } from './messages/difficulty.ts';
import { datasetsMessages } from './messages/datasets.ts';
import { formatsMessages } from './messages/formats.ts';
import { remoteMessages } from './messages/remote.ts';
import { roundsMessages } from './messages/rounds.ts';
import { cliOnlyMessages } from './messages/cli.ts';
import { editorOnlyMessages } from './messages/editor.ts';

/**
 * The command line's wording of every error, which may name flags and commands. `null`: the neutral sentence is used.
 */
export const cliMessages: Readonly<Record<ErrorCode, string | null>> = {
	...runMessages,
	...skillsMessages,
	...diagnosisMessages,
	...curationMessages,
	...storeMessages,
	...jobsMessages,
	...teacherMessages,
	...trainingMessages,
	...askingMessages,
	...readingMessages,
	...questionsMessages,
	...difficultyMessages,
	...datasetsMessages,
	...formatsMessages,
	...remoteMessages,
	...roundsMessages,
	...cliOnlyMessages,
	...editorOnlyMessages,
};

/** Returns the message as one line for a terminal. */
export function cliMessage({ code, data }: Pick<StatError, 'code' | 'data'>): string {
	return fill(cliMessages[code] ?? sentences[code], data);
}
