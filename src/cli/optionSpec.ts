/** One option of a command, for parsing and for its help. */
export interface OptionSpec {
	readonly type: 'string' | 'boolean';
	/** Stands for the value in help: `N`, `NAME`, `train|validation|test`. */
	readonly value?: string;
	readonly help: string;
	/** May be given several times; read with {@link Values.list}. */
	readonly multiple?: boolean;
	/** The command does not run without it. */
	readonly required?: boolean;
}

/** A command's options, or a group that several commands share. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;
