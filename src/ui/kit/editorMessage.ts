import type { CommandId } from '../ids.ts';

/** An error in the editor's words: templates with the placeholders of core/errors/sentences.ts, localised when shown. */
export type EditorMessage = {
	/** Default: the neutral sentence. */
	readonly sentence?: string;
	/** Shown as information: nothing failed, there was nothing to do. */
	readonly isInformation?: boolean;
} & (
	| {
			/** The command that helps, offered as a button. */
			readonly command: CommandId | 'workbench.trust.manage';
			/** The button's label, e.g. `Import Skills…`. */
			readonly button: string;
	  }
	| { readonly command?: never; readonly button?: never }
);
