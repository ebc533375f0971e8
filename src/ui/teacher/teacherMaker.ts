import type { ReplyLog, Teacher } from '../../core/ports/teacher.ts';
import type { Transport } from '../../core/ports/transport.ts';

/** Creates teachers; wired by startStudio.ts to src/teacher, which loads on the first call. */
export interface TeacherMaker {
	/**
	 * An OpenAI-compatible endpoint. `key: null`: none is sent. `serves`: default chat completions; `keyModel`: the
	 * model replies are filed under, default the model.
	 */
	endpoint(
		options: {
			readonly baseUrl: string;
			readonly key: string | null;
			readonly model: string;
			readonly concurrency: number;
			readonly serves?: 'embeddings';
			readonly keyModel?: string;
		},
		replies: ReplyLog,
	): Promise<Teacher>;
	/** Replies from a file (JSONL) at an absolute path; nothing leaves this machine. */
	scripted(file: string, replies: ReplyLog): Promise<Teacher>;
	/** A model that VS Code offers. */
	languageModel(
		options: {
			readonly model: string;
			readonly endpoint: string;
			readonly concurrency: number;
			readonly transport: Transport;
		},
		replies: ReplyLog,
	): Promise<Teacher>;
}
