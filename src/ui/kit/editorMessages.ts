import type { ErrorCode } from '../../core/errors/sentences.ts';
import type { EditorMessage } from './editorMessage.ts';
import { curationMessages } from './messages/curation.ts';
import { diagnosisMessages } from './messages/diagnosis.ts';
import { jobsMessages } from './messages/jobs.ts';
import { runMessages } from './messages/run.ts';
import { skillsMessages } from './messages/skills.ts';
import { storeMessages } from './messages/store.ts';
import { teacherMessages } from './messages/teacher.ts';
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

/** The editor's wording of every error. `null`: the neutral sentence is used, and no command helps. */
export const editorMessages: Readonly<Record<ErrorCode, EditorMessage | null>> = {
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
