/** An error in the editor's words: templates with the placeholders of core/errors/sentences.ts, localised when shown. */
export interface EditorMessage {
	/** Default: the neutral sentence. */
	readonly sentence?: string;
	/** Id of the command that helps (src/ui/ids.ts), offered as a button. */
	readonly command?: string;
	/** The button's label, e.g. `Import Skills…`; required with `command`. */
	readonly button?: string;
}
