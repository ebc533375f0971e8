import type { jobsSentences } from '../../../core/errors/sentences/jobs.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const jobsMessages: Readonly<Record<keyof typeof jobsSentences, EditorMessage | null>> = {
	'jobs.id': null,
	'jobs.none': null,
	'jobs.ambiguous': null,
	'jobs.otherRecord': null,
	'jobs.row': null,
};
