import type { Files } from '../core/ports/files.ts';
import { exportDataset } from './exportDataset.ts';
import { describeAnswers, readAnswers, readQuestions, readSkills } from './readFiles.ts';

/** Other tools' files; see docs/formats.md. */
export function createFiles(): Files {
	return { readSkills, readQuestions, readAnswers, describeAnswers, export: exportDataset };
}
