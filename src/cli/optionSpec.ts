/** An option of a command, for parsing and for help. */
export interface OptionSpec {
	readonly type: 'string' | 'boolean';
	/** Placeholder for the value in help: `N`, `NAME`, `train|validation|test`. */
	readonly value?: string;
	readonly help: string;
	/** Whether it may be given several times; read with {@link Values.list}. */
	readonly multiple?: boolean;
	/** Whether the command refuses to run without it. */
	readonly required?: boolean;
}

/** A command's options, or a group of options that several commands share. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;
