import type { CommandId } from '../ids.ts';

/**
 * How the editor words an error: templates with the placeholders of core/errors/sentences.ts, localised when they are
 * shown.
 */
export type EditorMessage = {
	/** Defaults to the neutral sentence. */
	readonly sentence?: string;
	/** Whether it is shown as information: nothing failed, there was simply nothing to do. */
	readonly isInformation?: boolean;
} & (
	| {
			/** The command that helps; offered as a button. */
			readonly command: CommandId | 'workbench.trust.manage';
			/** The button's label, e.g. `Import Skills…`. */
			readonly button: string;
	  }
	| { readonly command?: never; readonly button?: never }
);
