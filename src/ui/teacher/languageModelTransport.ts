import * as vscode from 'vscode';
import { messageOf } from '../../core/errors/statError.ts';
import type { Message } from '../../core/text/message.ts';
import type { Transport, TransportReply, TransportRequest } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';

/**
 * Returns the ids of the models that VS Code currently offers. Must be called only in response to the user, because VS
 * Code may ask for consent; it may also return no models without giving a reason.
 */
export async function languageModels(): Promise<
	readonly Pick<vscode.LanguageModelChat, 'id' | 'name' | 'vendor' | 'family' | 'maxInputTokens'>[]
> {
	return vscode.lm.selectChatModels();
}

/**
 * Sends a teacher's calls to one of VS Code's models. That interface has no system role and no sampling settings: the
 * system text is put at the start of the first user message, and the provider determines temperature and the like (a
 * reply's record names the requested values).
 */
export class LanguageModelTransport implements Transport {
	private model: vscode.LanguageModelChat | undefined;

	constructor(private readonly id: string) {}

	async send({ messages }: TransportRequest, signal: AbortSignal): Promise<TransportReply> {
		const source = new vscode.CancellationTokenSource();
		const cancel = () => source.cancel();
		signal.addEventListener('abort', cancel, { once: true });
		try {
			signal.throwIfAborted();
			const model = await this.select();
			const chatMessages = toChat(messages);
			const response = await model.sendRequest(
				chatMessages,
				{ justification: vscode.l10n.t('STAT Studio uses this model as the teacher.') },
				source.token,
			);
			let text = '';
			for await (const part of response.text) {
				text += part;
			}
			const [input, output] = await Promise.all([
				countAll(model, chatMessages, source.token),
				model.countTokens(text, source.token),
			]);
			return { text, usage: { input, cachedInput: 0, output, reasoning: 0 }, truncated: false };
		} catch (error) {
			signal.throwIfAborted();
			throw toTransportError(error);
		} finally {
			signal.removeEventListener('abort', cancel);
			source.dispose();
		}
	}

	async models(): Promise<string[]> {
		return (await languageModels()).map(({ id }) => id);
	}

	private async select(): Promise<vscode.LanguageModelChat> {
		this.model ??= (await vscode.lm.selectChatModels({ id: this.id }))[0];
		if (!this.model) {
			throw new TransportError('fatal', vscode.l10n.t('VS Code does not offer it'), {
				code: 'teacher.modelGone',
			});
		}
		return this.model;
	}
}

/** Converts messages to VS Code's chat messages, which only have the roles user and assistant. */
export function toChat(messages: readonly Message[]): vscode.LanguageModelChatMessage[] {
	const system = messages.flatMap(({ role, content }) => (role === 'system' ? [content] : []));
	const chat = messages.filter(({ role }) => role !== 'system');
	const opening = chat[0]?.role === 'user' ? [...system, chat[0].content] : system;
	const rest = chat[0]?.role === 'user' ? chat.slice(1) : chat;
	return [
		...(opening.length > 0 ? [vscode.LanguageModelChatMessage.User(opening.join('\n\n'))] : []),
		...rest.map(({ role, content }) =>
			role === 'assistant'
				? vscode.LanguageModelChatMessage.Assistant(content)
				: vscode.LanguageModelChatMessage.User(content),
		),
	];
}

/** Translates VS Code's error into one that shows whether to retry. */
export function toTransportError(error: unknown): TransportError {
	if (error instanceof TransportError) {
		return error;
	}
	const message = messageOf(error);
	if (error instanceof vscode.LanguageModelError) {
		switch (error.code) {
			case vscode.LanguageModelError.NoPermissions.name:
				return new TransportError('fatal', message, { code: 'teacher.modelDenied' }, { cause: error });
			case vscode.LanguageModelError.NotFound.name:
				return new TransportError('fatal', message, { code: 'teacher.modelGone' }, { cause: error });
			case vscode.LanguageModelError.Blocked.name:
				// Either the content was filtered or a quota is used up; only the message tells the two apart.
				return new TransportError(
					/quota|rate|limit/i.test(message) ? 'rate' : 'refused',
					message,
					{},
					{ cause: error },
				);
		}
	}
	return new TransportError('transient', message, { maybeBilled: true }, { cause: error });
}

async function countAll(
	model: vscode.LanguageModelChat,
	messages: readonly vscode.LanguageModelChatMessage[],
	token: vscode.CancellationToken,
): Promise<number> {
	const counts = await Promise.all(messages.map((message) => model.countTokens(message, token)));
	return counts.reduce((sum, count) => sum + count, 0);
}
