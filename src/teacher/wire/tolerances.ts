import type { Sampling } from '../../core/ports/teacher.ts';
import { eitherOf } from '../../core/text/patterns.ts';
import type { Message } from '../../core/text/message.ts';
import type { ModelFacts } from './modelTable.ts';

export interface SentRequest {
	readonly messages: readonly Message[];
	readonly parameters: Record<string, number>;
	/** Incremented with every lesson, so that twenty calls refused for the same reason teach it only once. */
	readonly lesson: number;
}

/**
 * What one endpoint accepts with one model, learnt from its 400 responses and logged once. The cache key remains that
 * of the original request.
 */
export class Tolerances {
	private lesson = 0;
	private temperature: boolean;
	private topP = true;
	private systemRole = true;
	private limitName: 'max_tokens' | 'max_completion_tokens' | null;
	private readonly hiddenAllowance: number;

	constructor(
		facts: ModelFacts,
		private readonly log: (level: 'info', message: string) => void,
	) {
		this.temperature = facts.noTemperature !== true;
		this.limitName = facts.reasoning === true ? 'max_completion_tokens' : 'max_tokens';
		this.hiddenAllowance = facts.hiddenAllowance ?? 0;
	}

	/** True once no token limit is sent any more, so that the maximum cost of a reply is no longer known in advance. */
	get ignoresTokenLimit(): boolean {
		return this.limitName === null;
	}

	body({ temperature, topP, maxTokens }: Sampling, messages: readonly Message[]): SentRequest {
		const parameters: Record<string, number> = {};
		if (temperature !== undefined && this.temperature) {
			parameters['temperature'] = temperature;
		}
		if (topP !== undefined && this.topP) {
			parameters['top_p'] = topP;
		}
		if (maxTokens !== undefined && this.limitName !== null) {
			parameters[this.limitName] = maxTokens + this.hiddenAllowance;
		}
		return {
			messages: this.systemRole ? messages : withoutSystem(messages),
			parameters,
			lesson: this.lesson,
		};
	}

	/** Learns from a 400. Returns true if the same request is worth resending in another form. */
	learn(message: string, sent: SentRequest): boolean {
		if (sent.lesson < this.lesson) {
			return true;
		}
		const has = (name: string) => sent.parameters[name] !== undefined;
		const learnt = (lesson: string) => {
			this.lesson++;
			this.log('info', `the endpoint ${lesson}, by its own message; this applies to the rest of the run`);
			return true;
		};
		if (sent.messages.some(({ role }) => role === 'system') && aboutSystemRole.test(message)) {
			this.systemRole = false;
			return learnt('takes no system message with this model; its text is sent before the first question');
		}
		if (has('max_tokens') && /max_completion_tokens/i.test(message)) {
			this.limitName = 'max_completion_tokens';
			return learnt('wants max_completion_tokens in place of max_tokens');
		}
		if (has('max_completion_tokens') && /max_completion_tokens/i.test(message) && isUnknown(message)) {
			this.limitName = 'max_tokens';
			return learnt('does not know max_completion_tokens; max_tokens is sent');
		}
		if (has('temperature') && /temperature/i.test(message)) {
			this.temperature = false;
			return learnt('takes no temperature with this model; none is sent');
		}
		if (has('top_p') && /top_?p\b/i.test(message)) {
			this.topP = false;
			return learnt('takes no top_p with this model; none is sent');
		}
		if (
			this.limitName !== null &&
			has(this.limitName) &&
			/max_(?:completion_)?tokens|context length|maximum context|context window/i.test(message)
		) {
			this.limitName = null;
			return learnt('takes no token limit of this size; none is sent');
		}
		return false;
	}
}

/** Matches the wording of OpenAI, the chat templates of vLLM and llama.cpp, Google and others. */
const aboutSystemRole = eitherOf(
	[
		/system (?:role|message|prompt|instruction)|role\W{0,3}system|'system' (?:is|with|not)|developer instruction/,
		/messages\[\d+\]\.role|roles must alternate|only (?:supports? )?user\b.{0,30}\broles?/,
	],
	'i',
);

/** Puts the text of the system messages before the first user message. */
function withoutSystem(messages: readonly Message[]): readonly Message[] {
	const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
	const rest = messages.filter(({ role }) => role !== 'system');
	const first = rest.findIndex(({ role }) => role === 'user');
	return system.length === 0 || first < 0
		? messages
		: rest.map((message, index) =>
				index === first ? { role: 'user', content: [...system, message.content].join('\n\n') } : message,
			);
}

function isUnknown(message: string): boolean {
	return /unsupported|not supported|unknown|unrecognized|unexpected|extra|not permitted|invalid/i.test(message);
}
