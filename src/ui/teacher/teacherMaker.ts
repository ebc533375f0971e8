import type { ReplyLog, Teacher } from '../../core/ports/teacher.ts';
import type { Tier } from '../../core/ports/tier.ts';
import type { Transport } from '../../core/ports/transport.ts';

/** Creates teachers. startStudio.ts connects it to src/teacher, which is loaded on the first call. */
export interface TeacherMaker {
	/**
	 * Creates a teacher at an OpenAI-compatible endpoint. `key: null`: no key is sent. `serves`: defaults to chat
	 * completions; `keyModel`: the model under which replies are filed, by default the model itself.
	 */
	endpoint(
		options: {
			readonly baseUrl: string;
			readonly key: string | null;
			readonly model: string;
			readonly concurrency: number;
			readonly serves?: 'embeddings';
			readonly keyModel?: string;
			/** `service_tier` of each request. Absent: the endpoint's default. */
			readonly tier?: Exclude<Tier, 'batch'>;
			/** Where the project's batches are recorded, and whether requests are put into some. */
			readonly batches?: { readonly folder: string; readonly submits: boolean };
			/** Further fields of each request. */
			readonly fields?: Readonly<Record<string, unknown>>;
		},
		replies: ReplyLog,
	): Promise<Teacher>;
	/** Creates a teacher with replies from a file (JSONL) at an absolute path; nothing leaves this machine. */
	scripted(file: string, replies: ReplyLog): Promise<Teacher>;
	/** Creates a teacher from a model that VS Code offers. */
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
