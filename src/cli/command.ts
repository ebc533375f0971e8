import type { Parts } from '../core/ports/parts.ts';
import type { Run } from '../core/run.ts';
import type { Teacher } from '../core/ports/teacher.ts';
import type { CliIo } from './cliIo.ts';
import type { commonOptions } from './commonOptions.ts';
import type { teacherOptions } from './openParts.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** A command of the command line: one file in src/cli/, named in src/cli/commands.ts. */
export interface Command<Options extends OptionSpecs = OptionSpecs, CallsTeacher extends boolean = boolean> {
	/** Positional arguments in order, as help shows them: `NAME`, optional `[NAME]`, one or more `FILE…`, any `[ID…]`. */
	readonly args?: readonly string[];
	/** What it does, in a few lines, for its help. */
	readonly about: string;
	readonly options: Options;
	/** Options of which one at most is taken, or exactly one where it is required. */
	readonly choices?: readonly {
		readonly options: readonly NoInfer<keyof Options & string>[];
		readonly required?: boolean;
	}[];
	/**
	 * Also takes the options of a teacher: --teacher-url, --teacher-model, --teacher, --budget, --concurrency.
	 */
	readonly teacher?: CallsTeacher;
	run(
		context: CommandContext<NoInfer<CallsTeacher extends true ? Options & typeof teacherOptions : Options>>,
	): Promise<CommandOutput>;
}

/** Declares a command: its `run` reads only options that it declares, each by its type. */
export function command<Options extends OptionSpecs, CallsTeacher extends boolean = false>(
	declared: Command<Options, CallsTeacher>,
): Command {
	return declared;
}

/** What a command runs with; `Options` are those that it reads, besides the common ones. */
export interface CommandContext<Options extends OptionSpecs = typeof commonOptions> {
	readonly values: Values<Options & typeof commonOptions>;
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
