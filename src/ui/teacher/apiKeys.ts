import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import { mementoKeys } from '../ids.ts';
import { ask, onlyStep } from '../kit/wizard.ts';

const openAi = 'https://api.openai.com';

/**
 * Stores API keys in the operating system's keyring (SecretStorage), one per endpoint origin, so that a changed address
 * asks for a key again. If there is no keyring, OPENAI_API_KEY is used instead; it is sent to an origin other than
 * OpenAI's only after the user consents. A key is never logged, stored in the project or put on a command line.
 */
export class ApiKeys {
	constructor(
		private readonly secrets: vscode.SecretStorage,
		private readonly memento: vscode.Memento,
		private readonly environment: Readonly<Record<string, string | undefined>> = process.env,
	) {}

	/**
	 * Returns the key for an origin, and asks for one if there is none. `null`: this origin needs no key (servers on
	 * this machine).
	 */
	async keyFor(origin: string): Promise<string | null> {
		const stored = await this.storedKey(origin);
		if (stored) {
			return stored;
		}
		const fromEnvironment = this.environment['OPENAI_API_KEY']?.trim();
		if (fromEnvironment && (origin === openAi || (await this.mayUseEnvironment(origin)))) {
			return fromEnvironment;
		}
		if (isLoopback(origin)) {
			return null;
		}
		if (await this.ask(origin)) {
			return (await this.storedKey(origin)) ?? null;
		}
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('{0} needs an API key', origin) });
	}

	/** Whether a call would find a key without asking for one. */
	async has(origin: string): Promise<boolean> {
		return (
			isLoopback(origin) ||
			(await this.storedKey(origin)) !== undefined ||
			(origin === openAi && Boolean(this.environment['OPENAI_API_KEY']?.trim()))
		);
	}

	/** Asks for a key and stores it; returns false if the user cancelled. */
	async ask(origin: string): Promise<boolean> {
		const key = await ask(onlyStep(vscode.l10n.t('Set API Key')), {
			prompt: vscode.l10n.t(
				'API key for {0}. It is stored in this machine’s keyring, and sent nowhere else.',
				origin,
			),
			password: true,
			check: (value) => {
				if (value === '') {
					return vscode.l10n.t('Enter a key, or press Escape to set none');
				}
				if (/[\s\u0000-\u001f\u007f-\uffff]/.test(value)) {
					return vscode.l10n.t('A key has no spaces or accented letters: was something else pasted?');
				}
				return undefined;
			},
		});
		if (typeof key !== 'string') {
			return false;
		}
		await this.secrets.store(secretKey(origin), key);
		return true;
	}

	async clear(origin: string): Promise<void> {
		await this.secrets.delete(secretKey(origin));
		await this.memento.update(
			mementoKeys.envKeyOrigins,
			this.approved().filter((approved) => approved !== origin),
		);
	}

	private async storedKey(origin: string): Promise<string | undefined> {
		return (await this.secrets.get(secretKey(origin))) || undefined;
	}

	private approved(): string[] {
		return this.memento.get<string[]>(mementoKeys.envKeyOrigins, []);
	}

	private async mayUseEnvironment(origin: string): Promise<boolean> {
		if (this.approved().includes(origin)) {
			return true;
		}
		// A local server usually ignores keys: it is sent one only if one was set, and the user is not asked for one.
		if (isLoopback(origin)) {
			return false;
		}
		const send = vscode.l10n.t('Send It');
		const other = vscode.l10n.t('Use Another Key…');
		const answer = await vscode.window.showWarningMessage(
			vscode.l10n.t('Send the key in OPENAI_API_KEY to {0}?', origin),
			{
				modal: true,
				detail: vscode.l10n.t(
					'No key is stored for this address. The environment has one, which may belong to another ' +
						'service.',
				),
			},
			send,
			other,
		);
		if (answer === send) {
			await this.memento.update(mementoKeys.envKeyOrigins, [...this.approved(), origin]);
			return true;
		}
		if (answer === other) {
			return false;
		}
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('{0} needs an API key', origin) });
	}
}

function secretKey(origin: string): string {
	return `stat.key:${origin}`;
}

/** Whether the address is on this machine, as with vLLM, Ollama and the like. */
export function isLoopback(origin: string): boolean {
	const { hostname } = new URL(origin);
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
