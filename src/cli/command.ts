import type { Parts } from '../core/ports/parts.ts';
import type { Run } from '../core/run.ts';
import type { Teacher } from '../core/ports/teacher.ts';
import type { CliIo } from './cliIo.ts';
import type { Values } from './values.ts';

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

/** A command of the command line: one file in src/cli/, named in src/cli/commands.ts. */
export interface Command {
	/** Positional arguments in order, as help shows them: `NAME`, optional `[NAME]`, one or more `FILE…`, any `[ID…]`. */
	readonly args?: readonly string[];
	/** What it does, in a few lines, for its help. */
	readonly about: string;
	readonly options: Readonly<Record<string, OptionSpec>>;
	/** Options of which one at most is taken, or exactly one where it is required. */
	readonly choices?: readonly { readonly options: readonly string[]; readonly required?: boolean }[];
	/**
	 * Also takes the options of a teacher: --teacher-url, --teacher-model, --teacher, --budget, --concurrency.
	 */
	readonly teacher?: boolean;
	run(context: CommandContext): Promise<CommandOutput>;
}

export interface CommandContext {
	readonly values: Values;
	/** Positional arguments. */
	readonly args: readonly string[];
	readonly json: boolean;
	readonly run: Run;
	/** The streams, for commands that read stdin or write their own lines. */
	readonly io: CliIo;
	/** Absolute path of the folder that contains `.stat` (or will). */
	readonly projectFolder: string;
	/** Absolute path of the built product: workers, wasm, prompts, data. */
	readonly dist: string;
	/**
	 * Opens the project once; the command line closes it. With `teacher`, also creates the teacher that the options
	 * name (null if they name none), and `others`.
	 */
	parts(options?: { readonly teacher: boolean; readonly others?: readonly ('embed' | 'solver')[] }): Promise<Parts>;
	/**
	 * For unpaid steps: asks on a terminal; `--yes`, or no terminal, counts as yes. Throws `cancelled` if the answer is
	 * no.
	 */
	confirm(question: string): Promise<void>;
	/**
	 * Shows the calls and cost of a paid step, and asks on a terminal without --yes; throws `cancelled` if the answer
	 * is no. `teachers`: who would be called, if not the teacher of `parts`.
	 */
	consent(
		plan: {
			readonly calls: number;
			readonly cached: number;
			readonly cost: number | null;
			readonly notes: readonly string[];
		},
		teachers?: readonly Pick<Teacher, 'model' | 'endpoint'>[],
	): Promise<void>;
}

/** What goes to stdout: with --json the object, else the text. */
export interface CommandResult {
	readonly json: object;
	readonly text: string;
}

/** A result to print, or the exit status of a command that wrote its own lines. */
export type CommandOutput = CommandResult | { readonly exitStatus: number };
