import type { Message } from '../../core/text/message.ts';

/**
 * Estimates the number of tokens: English prose with LaTeX has about 3.6 characters per token, other scripts about one.
 * There is no tokenizer, because it would tie us to particular models.
 */
export function estimateTokens(text: string): number {
	let other = 0;
	for (let index = 0; index < text.length; index++) {
		if (text.charCodeAt(index) > 0x7f) {
			other++;
		}
	}
	return Math.ceil((text.length - other) / 3.6 + other);
}

function promptTokens(messages: readonly Message[]): number {
	return messages.reduce((sum, message) => sum + estimateTokens(message.content) + 4, 3);
}

/**
 * Estimates token counts in advance, corrected by the usage that endpoints report afterwards. There is one per teacher.
 */
export class TokenEstimate {
	private seen = 0;
	private estimated = 0;
	private reported = 0;
	private worstRatio = 0;
	private readonly outputs = new Map<string, number[]>();

	/** Returns the most likely number of input tokens. */
	input(messages: readonly Message[]): number {
		return Math.ceil(promptTokens(messages) * (this.seen >= 5 ? this.reported / this.estimated : 1));
	}

	/**
	 * Returns an upper bound for the number of input tokens: twice the estimate until enough is known about this
	 * model's tokenizer.
	 */
	inputCeiling(messages: readonly Message[]): number {
		return Math.ceil(
			promptTokens(messages) * (this.seen >= 20 ? this.worstRatio * 1.1 : Math.max(2, this.worstRatio * 1.1)),
		);
	}

	/**
	 * Returns the number of output tokens to reserve if no limit is sent: 1.5 times the 95th percentile seen for this
	 * task, or `unknown` if too few were seen.
	 */
	outputCeiling(task: string, unknown: number): number {
		const outputs = this.outputs.get(task) ?? [];
		if (outputs.length < 20) {
			return Math.max(unknown, ...outputs);
		}
		const sorted = [...outputs].sort((a, b) => a - b);
		return Math.ceil((sorted[Math.floor(sorted.length * 0.95)] ?? unknown) * 1.5);
	}

	/** Returns the mean output seen for this task; `undefined` before ten replies. */
	meanOutput(task: string): number | undefined {
		const outputs = this.outputs.get(task) ?? [];
		return outputs.length < 10 ? undefined : outputs.reduce((sum, value) => sum + value, 0) / outputs.length;
	}

	learn(
		task: string,
		messages: readonly Message[],
		usage: { readonly input: number; readonly output: number },
	): void {
		const estimate = promptTokens(messages);
		if (usage.input > 0) {
			this.seen++;
			this.estimated += estimate;
			this.reported += usage.input;
			this.worstRatio = Math.max(this.worstRatio, usage.input / estimate);
		}
		const outputs = this.outputs.get(task) ?? [];
		this.outputs.set(task, outputs);
		outputs.push(usage.output);
		if (outputs.length > 500) {
			outputs.shift();
		}
	}
}
