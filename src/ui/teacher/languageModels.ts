import * as vscode from 'vscode';
import type { Message, Usage } from '../../core/teacher.ts';
import { StatError } from '../../core/run.ts';

/** One reply to one list of messages. Throws `RateLimited`-like errors as they come; the caller's scheduler retries. */
export type Completion = (messages: readonly Message[], signal: AbortSignal) => Promise<{ readonly text: string; readonly usage: Usage | null }>;

/** Ids of the models VS Code offers now. Only from a person's action: VS Code may ask for consent, and may say nothing. */
export async function languageModelIds(): Promise<string[]> {
	return (await vscode.lm.selectChatModels()).map((model) => model.id);
}

/** Asks a model of VS Code's own. It knows no system role and no sampling settings by contract: the system text leads the first user message. */
export function languageModelCompletion(id: string): Completion {
	let model: vscode.LanguageModelChat | undefined;
	return async (messages, signal) => {
		model ??= (await vscode.lm.selectChatModels({ id }))[0];
		if (!model) {
			throw new StatError(vscode.l10n.t('VS Code does not offer the model “{0}” now: choose another one with “STAT: Choose Teacher…”', id), 'usage');
		}
		const source = new vscode.CancellationTokenSource();
		const cancel = () => source.cancel();
		signal.addEventListener('abort', cancel, { once: true });
		try {
			const asked = toChat(messages);
			const input = await countAll(model, asked, source.token);
			const response = await model.sendRequest(asked, { justification: vscode.l10n.t('STAT Studio asks this model to act as the teacher.') }, source.token);
			let text = '';
			for await (const part of response.text) {
				text += part;
			}
			const output = await model.countTokens(text, source.token);
			return { text, usage: { input, output, reasoning: 0 } };
		} finally {
			signal.removeEventListener('abort', cancel);
			source.dispose();
		}
	};
}

/** VS Code's chat messages: user and assistant only. */
export function toChat(messages: readonly Message[]): vscode.LanguageModelChatMessage[] {
	const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
	const rest = messages.filter(({ role }) => role !== 'system');
	const [first, ...others] = rest;
	const opening = [...system, ...(first && first.role === 'user' ? [first.content] : [])].join('\n\n');
	return [
		vscode.LanguageModelChatMessage.User(opening),
		...(first && first.role !== 'user' ? [first, ...others] : others).map(({ role, content }) => (role === 'assistant' ? vscode.LanguageModelChatMessage.Assistant(content) : vscode.LanguageModelChatMessage.User(content))),
	];
}

async function countAll(model: vscode.LanguageModelChat, messages: readonly vscode.LanguageModelChatMessage[], token: vscode.CancellationToken): Promise<number> {
	const counts = await Promise.all(messages.map((message) => model.countTokens(message, token)));
	return counts.reduce((sum, count) => sum + count, 0);
}
