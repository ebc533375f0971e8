import type { Parts } from '../core/ports/parts.ts';
import type { Run } from '../core/run.ts';
import type { Teacher } from '../core/ports/teacher.ts';
import type { CliIo } from './cliIo.ts';
import type { commonOptions } from './commonOptions.ts';
import type { teacherOptions } from './openParts.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** A command of the command line: one file in src/cli/, listed in src/cli/commands.ts. */
export interface Command<Options extends OptionSpecs = OptionSpecs, CallsTeacher extends boolean = boolean> {
	/**
	 * Positional arguments in order, as help shows them: `NAME`, an optional `[NAME]`, one or more `FILE…`, any number
	 * of `[ID…]`.
	 */
	readonly args?: readonly string[];
	/** What the command does, in a few lines, for its help. */
	readonly about: string;
	readonly options: Options;
	/** Groups of options that exclude each other; if a group is required, exactly one of them must be given. */
	readonly choices?: readonly {
		readonly options: readonly NoInfer<keyof Options & string>[];
		readonly required?: boolean;
	}[];
	/**
	 * Whether it also takes the options for a teacher: --teacher-url, --teacher-model, --teacher, --budget,
	 * --budget-calls, --concurrency.
	 */
	readonly teacher?: CallsTeacher;
	run(
		context: CommandContext<NoInfer<CallsTeacher extends true ? Options & typeof teacherOptions : Options>>,
	): Promise<CommandOutput>;
}

/** Declares a command. Its `run` can read only options that it declares, each with its type. */
export function command<Options extends OptionSpecs, CallsTeacher extends boolean = false>(
	declared: Command<Options, CallsTeacher>,
): Command {
	return declared;
}

/** What a command runs with; `Options` are the options that it reads besides the common ones. */
export interface CommandContext<Options extends OptionSpecs = typeof commonOptions> {
	readonly values: Values<Options & typeof commonOptions>;
	/** Positional arguments. */
	readonly args: readonly string[];
	readonly json: boolean;
	readonly run: Run;
	/** The streams, for commands that read stdin or write their own lines. */
	readonly io: CliIo;
	/** Absolute path of the folder that contains (or will contain) `.stat`. */
	readonly projectFolder: string;
	/** Absolute path of the built product: workers, WebAssembly, prompts and data. */
	readonly dist: string;
	/**
	 * Opens the project once; the command line closes it. With `teacher`, also creates the teacher that the options
	 * name (null if they name none), and `others`.
	 */
	parts(options?: { readonly teacher: boolean; readonly others?: readonly ('embed' | 'solver')[] }): Promise<Parts>;
	/**
	 * Asks for confirmation of an unpaid step, on a terminal; with `--yes`, or without a terminal, the answer is yes.
	 * Throws `cancelled` if the answer is no.
	 */
	confirm(question: string): Promise<void>;
	/**
	 * Shows the calls and cost of a paid step and, on a terminal without --yes, asks for consent; throws `cancelled` if
	 * the answer is no. `teachers`: who would be called, if not the teacher of `parts`.
	 */
	consent(
		plan: {
			readonly calls: number;
			readonly cached: number;
			readonly cost: number | null;
			readonly notes: readonly string[];
		},
		teachers?: readonly Pick<Teacher, 'model' | 'endpoint' | 'tier'>[],
	): Promise<void>;
}

/** What goes to stdout: with --json the object, otherwise the text. */
export interface CommandResult {
	readonly json: object;
	readonly text: string;
}

/** A result to print, or the exit status of a command that wrote its own lines. */
export type CommandOutput = CommandResult | { readonly exitStatus: number };
