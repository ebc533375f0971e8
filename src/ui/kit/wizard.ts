import * as vscode from 'vscode';
import { forMessage } from './untrustedText.ts';

/** A step's result if the user goes back or leaves. */
export const back = Symbol('back');
export const leave = Symbol('leave');
export type Answered<T> = T | typeof back | typeof leave;

/** A step's place in the wizard: the title, its number, and whether there is a step to go back to. */
export interface StepPlace {
	readonly title: string;
	readonly step: number;
	readonly totalSteps: number;
	readonly canGoBack: boolean;
}

/**
 * One question of a multi-step command. `applies` returns false to skip the step (because its answer is already known);
 * `ask` writes the answer into the state and returns nothing, or returns `back` or `leave`.
 */
export interface WizardStep<State> {
	readonly applies?: (state: State) => boolean;
	readonly ask: (state: State, place: StepPlace) => Promise<typeof back | typeof leave | void>;
}

/** Runs the steps in order, with a Back button; returns false if the user left. The steps share only the state. */
export async function runWizard<State>(
	title: string,
	state: State,
	wizardSteps: readonly WizardStep<State>[],
): Promise<boolean> {
	const visited: WizardStep<State>[] = [];
	const open = wizardSteps.filter((step) => step.applies?.(state) ?? true);
	let next = open[0];
	while (next) {
		const step = next;
		const rest = wizardSteps.slice(wizardSteps.indexOf(step) + 1).filter((later) => later.applies?.(state) ?? true);
		const answer = await step.ask(state, {
			title,
			step: visited.length + 1,
			totalSteps: visited.length + 1 + rest.length,
			canGoBack: visited.length > 0,
		});
		if (answer === leave) {
			return false;
		}
		if (answer === back) {
			next = visited.pop() ?? step;
			continue;
		}
		visited.push(step);
		// The latest answer may have made later steps unnecessary or necessary.
		next = wizardSteps.slice(wizardSteps.indexOf(step) + 1).find((later) => later.applies?.(state) ?? true);
	}
	return true;
}

export interface PickItem<T> extends vscode.QuickPickItem {
	readonly value?: T;
}

export interface PickOptions<T> {
	readonly placeholder: string;
	readonly items: readonly PickItem<T>[];
	/** Whether an item is the remembered choice, which is preselected. */
	readonly active?: ((value: T) => boolean) | undefined;
	readonly matchOnDescription?: boolean;
}

/** Shows a quick pick as one step. */
export async function pick<T>(place: StepPlace, options: PickOptions<T>): Promise<Answered<T>> {
	const input = vscode.window.createQuickPick<PickItem<T>>();
	prepare(input, place);
	input.placeholder = options.placeholder;
	input.items = options.items;
	input.matchOnDescription = options.matchOnDescription ?? true;
	const active = options.active
		? options.items.find((item) => item.value !== undefined && options.active?.(item.value))
		: undefined;
	if (active) {
		input.activeItems = [active];
	}
	return settle(input, () => input.selectedItems[0]?.value);
}

/** Shows a quick pick of known names with an entry for typing another one; Back from typing returns to the list. */
export async function pickOrAsk(
	place: StepPlace,
	known: Omit<PickOptions<string>, 'matchOnDescription'> & { readonly another: string },
	typed: AskOptions,
): Promise<Answered<string>> {
	if (known.items.length === 0) {
		return ask(place, typed);
	}
	const other = '\0';
	for (;;) {
		const chosen = await pick<string>(place, {
			...known,
			items: [...known.items, { label: known.another, alwaysShow: true, value: other }],
		});
		const answer = chosen === other ? await ask({ ...place, canGoBack: true }, typed) : chosen;
		if (answer !== back || chosen === back) {
			return answer;
		}
	}
}

/**
 * Shows a quick pick of several items as one step; `picked` items start ticked. If at least one is `needed`, pressing
 * Enter with none ticked shows a message and asks again.
 */
export async function pickMany<T>(
	place: StepPlace,
	options: Omit<PickOptions<T>, 'active'> & { readonly needed?: boolean },
): Promise<Answered<readonly T[]>> {
	const input = vscode.window.createQuickPick<PickItem<T>>();
	prepare(input, place);
	input.canSelectMany = true;
	input.placeholder = options.placeholder;
	input.items = options.items;
	input.matchOnDescription = options.matchOnDescription ?? true;
	input.selectedItems = options.items.filter((item) => item.picked);
	return settle(input, () => {
		const values = input.selectedItems.flatMap((item) => (item.value === undefined ? [] : [item.value]));
		if (options.needed === true && values.length === 0) {
			input.value = '';
			input.placeholder = vscode.l10n.t('Tick at least one. {0}', options.placeholder);
			return undefined;
		}
		return values;
	});
}

export interface AskOptions {
	readonly prompt: string;
	readonly value?: string | undefined;
	readonly placeholder?: string | undefined;
	readonly password?: boolean | undefined;
	/** Returns what is wrong with the value, or undefined. */
	readonly check?: ((value: string) => string | undefined) | undefined;
}

/** Asks for a line of text as one step. */
export async function ask(place: StepPlace, options: AskOptions): Promise<Answered<string>> {
	const input = vscode.window.createInputBox();
	prepare(input, place);
	input.prompt = forMessage(options.prompt);
	input.value = options.value ?? '';
	input.placeholder = options.placeholder;
	input.password = options.password ?? false;
	const wrong = () => options.check?.(input.value.trim());
	input.onDidChangeValue(() => (input.validationMessage = undefined));
	return settle(input, () => {
		const message = wrong();
		input.validationMessage = message === undefined ? undefined : forMessage(message);
		return message === undefined ? input.value.trim() : undefined;
	});
}

/** Asks for a number within [min, max] as one step; empty input gives `fallback`. */
export async function askNumber(
	place: StepPlace,
	prompt: string,
	value: number,
	range: { readonly min: number; readonly max: number; readonly whole: boolean },
): Promise<Answered<number>> {
	const answer = await ask(place, {
		prompt,
		value: String(value),
		check: (text) => {
			const number = Number(text);
			if (
				text === '' ||
				!Number.isFinite(number) ||
				(range.whole && !Number.isInteger(number)) ||
				number < range.min ||
				number > range.max
			) {
				return range.whole
					? vscode.l10n.t('A whole number from {0} to {1}', range.min, range.max)
					: vscode.l10n.t('A number from {0} to {1}', range.min, range.max);
			}
			return undefined;
		},
	});
	return typeof answer === 'string' ? Number(answer) : answer;
}

/** Returns the place of a step that stands alone, for commands with a single question. */
export function onlyStep(title: string): StepPlace {
	return { title, step: 1, totalSteps: 1, canGoBack: false };
}

function prepare(input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, place: StepPlace): void {
	input.title = place.title;
	// "1/1" would be noise.
	if (place.totalSteps > 1) {
		input.step = place.step;
		input.totalSteps = place.totalSteps;
	}
	input.ignoreFocusOut = true;
	input.buttons = place.canGoBack ? [vscode.QuickInputButtons.Back] : [];
}

/** What quick picks and input boxes have in common. */
interface Input {
	readonly onDidAccept: vscode.Event<void>;
	readonly onDidHide: vscode.Event<void>;
	readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
	show(): void;
	dispose(): void;
}

/**
 * Shows an input and resolves once: with the result of `accept` (undefined means that the input is not valid yet), with
 * `back`, or with `leave`.
 */
async function settle<T>(input: Input, accept: () => T | undefined): Promise<Answered<T>> {
	try {
		return await new Promise<Answered<T>>((resolve) => {
			input.onDidAccept(() => {
				const answer = accept();
				if (answer !== undefined) {
					resolve(answer);
				}
			});
			input.onDidTriggerButton((button) => {
				if (button === vscode.QuickInputButtons.Back) {
					resolve(back);
				}
			});
			input.onDidHide(() => resolve(leave));
			input.show();
		});
	} finally {
		input.dispose();
	}
}
