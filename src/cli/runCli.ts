import path from 'node:path';
import { existsSync } from 'node:fs';
import { version } from '../../package.json';
import { explained } from '../core/errors/fileError.ts';
import { StatError } from '../core/errors/statError.ts';
import type { Parts } from '../core/ports/parts.ts';
import type { Teacher } from '../core/ports/teacher.ts';
import type { Run } from '../core/run.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import { formatLimits } from './budgetOptions.ts';
import type { CliIo } from './cliIo.ts';
import type { Command, CommandContext } from './command.ts';
import { commands, commandsUnder, findCommand } from './commands.ts';
import { commonOptions } from './commonOptions.ts';
import { commandHelp, generalHelp } from './help.ts';
import { cliMessage } from './messages.ts';
import type { Opened } from './openParts.ts';
import type { otherTeacherOptions } from './openParts.ts';
import { loadWire, openOther, openParts, openTeacher, teacherOptions } from './openParts.ts';
import { parseOptions } from './parseOptions.ts';
import { printable, Terminal } from './terminal.ts';
import { argumentCount, shortUsage } from './usage.ts';
import { usageError } from './usageError.ts';
import type { Values } from './values.ts';

/**
 * Time in which a cancelled command may end in an orderly way. Everything it has finished is on disk, so it can be cut
 * off after that.
 */
const graceMs = 900;
/** Returns the number of columns for help: the terminal's, or 100 in a pipe. */
const helpWidth = ({ stdout }: CliIo): number => stdout.columns ?? 100;
/** The options that the command line itself reads; one that the command does not declare is never set. */
type OwnOptions = typeof commonOptions & typeof teacherOptions & typeof otherTeacherOptions;

const exitCodes: Partial<Record<StatError['kind'], number>> = { usage: 2, cancelled: 130 };

/**
 * Runs one command line, `argv` without the program's name, and returns its exit status: 0 done, 1 failed, 2 wrong
 * usage, 130 cancelled. Never throws: errors are printed to `io.stderr` and, with --json, also as an object to
 * `io.stdout`.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
	const json = argv.includes('--json');
	const grace = graceOf(io.signal);
	try {
		return await Promise.race([dispatch(argv, json, io), grace.over]);
	} catch (error) {
		return printError(error, json, io);
	} finally {
		grace.clear();
	}
}

/** Returns the grace period: `over` rejects once it has passed since the signal was aborted. */
function graceOf(signal: AbortSignal): { readonly over: Promise<never>; clear(): void } {
	let timer: NodeJS.Timeout | undefined;
	let end: (error: StatError) => void;
	const over = new Promise<never>((_resolve, reject) => (end = reject));
	const start = () => {
		timer = setTimeout(() => end(new StatError('run.cancelled', {})), graceMs);
	};
	if (signal.aborted) {
		start();
	} else {
		signal.addEventListener('abort', start, { once: true });
	}
	return {
		over,
		clear() {
			clearTimeout(timer);
			signal.removeEventListener('abort', start);
		},
	};
}

async function dispatch(argv: readonly string[], json: boolean, io: CliIo): Promise<number> {
	const start = withCommandFirst(argv);
	const found = findCommand(start);
	if (!found) {
		if (start[0] === '--version') {
			await print(version, io.stdout);
		} else if (start.length === 0 || start[0] === '--help' || start[0] === 'help' || start[0] === '-h') {
			await helpOn(start.slice(1), io);
		} else if (start[1] === '--help' && commandsUnder(start[0]).length > 0) {
			await helpOn(start, io);
		} else {
			throw noCommand(start);
		}
		return 0;
	}
	const command = await (commands[found.name] as (typeof commands)[string]).load();
	const { values, args } = parse(found.name, command, found.rest);
	if (values.flag('help')) {
		await print(commandHelp(found.name, command, helpWidth(io)), io.stdout);
		return 0;
	}
	if (io.signal.aborted) {
		throw new StatError('cli.cancelled', { problem: 'cancelled; nothing was under way' });
	}
	return execute(command, { values, args, json }, io);
}

async function execute(
	command: Command,
	{ values, args, json }: Pick<CommandContext<OwnOptions>, 'values' | 'args' | 'json'>,
	io: CliIo,
): Promise<number> {
	const { dist } = io;
	const terminal = new Terminal(io, values.flag('verbose'));
	const run: Run = {
		signal: io.signal,
		progress: terminal.progress,
		log: terminal.log,
		now: () => new Date().toISOString(),
		calls: io.calls,
	};
	const projectFolder = findProject(values.text('project'));
	let opened: Opened | undefined;
	let withTeacher: Parts | undefined;
	const context: CommandContext<OwnOptions> = {
		values,
		args,
		json,
		run,
		io,
		dist,
		projectFolder,
		async parts({ teacher, others = [] } = { teacher: false }) {
			if (teacher && values.text('teacher') === undefined) {
				// While the store's worker starts; a failure is thrown where the teacher is opened.
				loadWire().catch(() => undefined);
			}
			opened ??= await openParts(projectFolder, dist, run);
			if (!teacher) {
				return opened.parts;
			}
			if (!withTeacher) {
				const [embedder, solver] = await Promise.all(
					(['embed', 'solver'] as const).map(async (role) => {
						if (!opened || !others.includes(role)) {
							return null;
						}
						const named = {
							model: values.text(`${role}-model`),
							url: values.text(`${role}-url`),
							...(role === 'solver' ? { body: values.text('solver-body') } : {}),
						};
						return openOther(role, named, values, opened.parts, dist, run);
					}),
				);
				withTeacher = {
					...opened.parts,
					teacher: await openTeacher(values, opened.parts, dist, run),
					embedder: embedder ?? undefined,
					solver: solver ?? undefined,
				};
			}
			return withTeacher;
		},
		async confirm(question) {
			if (!values.flag('yes') && (await terminal.ask(question, run.signal)) === false) {
				throw new StatError('cli.cancelled', { problem: 'nothing was done' });
			}
		},
		async consent({ calls, cached, cost, notes }, teachers = teachersOf(withTeacher)) {
			notes.forEach((note) => terminal.line(note));
			if (teachers.length === 0 || calls === 0) {
				return;
			}
			const names = [...new Set(teachers.map(nameOf))].join(', ');
			const answered = cached > 0 ? `, ${cached} more answered already` : '';
			const price = cost === null ? 'price unknown' : `about ${formatCost(cost)}`;
			terminal.line(`${calls} calls to ${names}${answered}: ${price}${formatLimits(values, cost !== null)}`);
			// Without a terminal, naming the teacher counts as consent, because the teacher is never taken from the
			// project.
			if (!values.flag('yes') && (await terminal.ask('Go on?', run.signal)) === false) {
				throw new StatError('cli.cancelled', { problem: 'nothing was sent' });
			}
		},
	};
	try {
		const output = await command.run(context);
		terminal.clear();
		if ('exitStatus' in output) {
			return output.exitStatus;
		}
		await print(json ? JSON.stringify(output.json) : printable(output.text), io.stdout);
		return 0;
	} finally {
		terminal.clear();
		await Promise.all(teachersOf(withTeacher).map((teacher) => teacher.dispose()));
		await opened?.close();
	}
}

/** Returns which model is called where, and how, e.g. `gpt-5-mini at https://api.openai.com, in batches`. */
function nameOf({ model, endpoint, tier = 'default' }: Pick<Teacher, 'model' | 'endpoint' | 'tier'>): string {
	const how = { default: '', batch: ', in batches', flex: ', tier flex', priority: ', tier priority' };
	return `${model} at ${endpoint}${how[tier]}`;
}

/** Returns every teacher that this command may call. */
function teachersOf(parts: Parts | undefined): Teacher[] {
	return [parts?.teacher, parts?.solver, parts?.embedder].filter(
		(teacher) => teacher !== null && teacher !== undefined,
	);
}

/** Options may appear anywhere after the command; --project, --json and --verbose may also come before it. */
function withCommandFirst(argv: readonly string[]): string[] {
	const before: string[] = [];
	const rest = [...argv];
	while (
		rest[0] === '--json' ||
		rest[0] === '--verbose' ||
		rest[0] === '--project' ||
		rest[0]?.startsWith('--project=')
	) {
		before.push(...rest.splice(0, rest[0] === '--project' ? 2 : 1));
	}
	return [...rest, ...before];
}

function parse(
	name: string,
	command: Command,
	argv: readonly string[],
): { values: Values<OwnOptions>; args: readonly string[] } {
	const specs = { ...commonOptions, ...(command.teacher ? teacherOptions : {}), ...command.options };
	const { values, args } = parseOptions(name, specs as typeof specs & OwnOptions, argv);
	const { least, most } = argumentCount(command);
	if (!values.flag('help') && (args.length < least || args.length > most)) {
		throw usageError(`usage: ${shortUsage(name, command)} ("stat-studio ${name} --help" says more)`);
	}
	return { values, args };
}

/** Returns the named folder, else the nearest folder from here upwards that contains a project, else this one. */
function findProject(named: string | undefined): string {
	if (named !== undefined) {
		return path.resolve(named);
	}
	for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
		if (existsSync(path.join(folder, '.stat'))) {
			return folder;
		}
		if (folder === path.dirname(folder)) {
			return process.cwd();
		}
	}
}

async function helpOn(args: readonly string[], io: CliIo): Promise<void> {
	const found = findCommand(args);
	await print(
		found
			? commandHelp(found.name, await (commands[found.name] as (typeof commands)[string]).load(), helpWidth(io))
			: generalHelp(version, commandsUnder(args[0])),
		io.stdout,
	);
}

function noCommand(args: readonly string[]): StatError {
	const name = args.filter((arg) => !arg.startsWith('-')).slice(0, 2);
	const under = commandsUnder(args[0]);
	const existing = under.length > 0 ? under : Object.keys(commands);
	const help = under.length > 0 ? `stat-studio ${args[0]} --help` : 'stat-studio --help';
	return usageError(
		`no command "${name.join(' ')}"; there are: ${existing.join(', ')} ("${help}" says what they do)`,
	);
}

/** Prints one line on stderr and, with --json, the object on stdout; returns the exit status. */
function printError(thrown: unknown, json: boolean, { stdout, stderr }: CliIo): number {
	const error = explained(thrown);
	const known = error instanceof StatError;
	const message = known ? cliMessage(error) : `internal error, please report it: ${stackOf(error)}`;
	stderr.write(`stat-studio: ${printable(known ? onOneLine(message) : message)}\n`);
	if (json) {
		const details = known ? { kind: error.kind, code: error.code } : { kind: 'internal' };
		stdout.write(`${JSON.stringify({ error: message, ...details })}\n`);
	}
	return known ? (exitCodes[error.kind] ?? 1) : 1;
}

function stackOf(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Resolves once the text has been handed over: the end of the process must not cut off a large object. */
function print(text: string, stdout: CliIo['stdout']): Promise<void> {
	return new Promise((resolve) => stdout.write(`${text}\n`, () => resolve()));
}

/** Puts a message on one line, whatever a file or server has put into it. */
function onOneLine(message: string): string {
	return message
		.split('\n')
		.map((line) => line.trim())
		.join(' ');
}
