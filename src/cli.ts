import { usageError } from './cli/usageError.ts';
import { onSignal } from './cli/earlySignal.ts';
import path from 'node:path';
import { existsSync } from 'node:fs';
import { version } from '../package.json';
import type { Command, CommandContext } from './cli/command.ts';
import { commands, commandsUnder, findCommand } from './cli/commands.ts';
import { commandHelp, commonOptions, generalHelp } from './cli/help.ts';
import type { Opened } from './cli/openParts.ts';
import { openOther, openParts, openTeacher, teacherOptions } from './cli/openParts.ts';
import { parseOptions } from './cli/parseOptions.ts';
import { printable, Terminal } from './cli/terminal.ts';
import { argumentCount, shortUsage } from './cli/usage.ts';
import type { Values } from './cli/values.ts';
import { cliMessage } from './cli/messages.ts';
import { explained } from './core/errors/fileError.ts';
import { costWords } from './core/text/numberWords.ts';
import type { Parts } from './core/ports/parts.ts';
import type { Run } from './core/run.ts';
import { StatError } from './core/errors/statError.ts';
import type { Teacher } from './core/ports/teacher.ts';

/** A cancelled command has this long to end cleanly; everything finished is on disk, so it may then be killed. */
const graceMs = 900;
/** Columns of help: the terminal's, or 100 in a pipe. */
const helpWidth = process.stdout.columns ?? 100;
const exitCodes: Partial<Record<StatError['kind'], number>> = { usage: 2, cancelled: 130 };

void main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<void> {
	const json = argv.includes('--json');
	// A reader that stops early (`| head`) is no error.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
	try {
		await dispatch(argv, json);
	} catch (error) {
		process.exitCode = report(error, json);
	}
}

async function dispatch(argv: readonly string[], json: boolean): Promise<void> {
	const start = withCommandFirst(argv);
	const found = findCommand(start);
	if (!found) {
		if (start[0] === '--version') {
			await print(version);
		} else if (start.length === 0 || start[0] === '--help' || start[0] === 'help' || start[0] === '-h') {
			await helpOn(start.slice(1));
		} else if (start[1] === '--help' && commandsUnder(start[0]).length > 0) {
			await helpOn(start);
		} else {
			const under = commandsUnder(start[0]);
			throw usageError(
				`no command "${start
					.filter((word) => !word.startsWith('-'))
					.slice(0, 2)
					.join(
						' ',
					)}"; there are: ${(under.length > 0 ? under : Object.keys(commands)).join(', ')} ("stat-studio ${under.length > 0 ? `${start[0]} ` : ''}--help" says what they do)`,
			);
		}
		return;
	}
	const command = await (commands[found.name] as (typeof commands)[string]).load();
	const { values, args } = parse(found.name, command, found.rest);
	if (values.flag('help')) {
		await print(commandHelp(found.name, command, helpWidth));
		return;
	}
	await execute(command, values, args, json);
}

async function execute(command: Command, values: Values, args: readonly string[], json: boolean): Promise<void> {
	const terminal = new Terminal(values.flag('verbose'));
	const abort = new AbortController();
	const run: Run = {
		signal: abort.signal,
		progress: terminal.progress,
		log: terminal.log,
		now: () => new Date().toISOString(),
	};
	const stop = () => {
		if (abort.signal.aborted) {
			process.exit(130);
		}
		abort.abort();
		setTimeout(() => process.exit(report(new StatError('run.cancelled', {}), json)), graceMs).unref();
	};
	onSignal(stop);
	const dist = __dirname;
	const projectFolder = findProject(values.text('project'));
	let opened: Opened | undefined;
	let withTeacher: Parts | undefined;
	const context: CommandContext = {
		values,
		args,
		json,
		run,
		dist,
		projectFolder,
		async parts({ teacher, others = [] } = { teacher: false }) {
			opened ??= await openParts(projectFolder, dist, run);
			if (!teacher) {
				return opened.parts;
			}
			if (!withTeacher) {
				const [embedder, solver] = await Promise.all(
					(['embed', 'solver'] as const).map(async (role) =>
						opened && others.includes(role) ? openOther(role, values, opened.parts, dist, run) : null,
					),
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
		async consent({ calls, cached, cost, notes }, asked = teachersOf(withTeacher)) {
			notes.forEach((note) => terminal.line(note));
			if (asked.length === 0 || calls === 0) {
				return;
			}
			const budget = values.number('budget');
			terminal.line(
				`${calls} calls to ` +
					`${[...new Set(asked.map(({ model, endpoint }) => `${model} at ${endpoint}`))].join(', ')}${cached > 0 ? `, ${cached} more answered already` : ''}: ` +
					`${cost === null ? 'price unknown' : `about ${costWords(cost)}`}${budget === undefined ? '' : `, at most ${cost === null ? `${budget} calls` : costWords(budget)}`}`,
			);
			// Without a terminal, naming the teacher is the consent: it is never taken from the project.
			if (!values.flag('yes') && (await terminal.ask('Go on?', run.signal)) === false) {
				throw new StatError('cli.cancelled', { problem: 'nothing was asked' });
			}
		},
	};
	try {
		const output = await command.run(context);
		terminal.clear();
		if (output !== 'streamed') {
			await print(json ? JSON.stringify(output.json) : printable(output.text));
		}
	} finally {
		terminal.clear();
		await Promise.all(teachersOf(withTeacher).map((teacher) => teacher.dispose()));
		await opened?.close();
		onSignal();
	}
}

/** Everyone this command may call. */
function teachersOf(parts: Parts | undefined): Teacher[] {
	return [parts?.teacher, parts?.solver, parts?.embedder].filter(
		(teacher) => teacher !== null && teacher !== undefined,
	);
}

/** Options may stand anywhere after the command; --project and --json also before it. */
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

function parse(name: string, command: Command, argv: readonly string[]): { values: Values; args: readonly string[] } {
	const specs = { ...commonOptions, ...(command.teacher ? teacherOptions : {}), ...command.options };
	const { values, args } = parseOptions(name, specs, argv);
	const { least, most } = argumentCount(command);
	if (!values.flag('help') && (args.length < least || args.length > most)) {
		throw usageError(`usage: ${shortUsage(name, command)} ("stat-studio ${name} --help" says more)`);
	}
	return { values, args };
}

/** The named folder, else the nearest parent that contains a project, else this one. */
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

async function helpOn(words: readonly string[]): Promise<void> {
	const found = findCommand(words);
	await print(
		found
			? commandHelp(found.name, await (commands[found.name] as (typeof commands)[string]).load(), helpWidth)
			: generalHelp(version, commandsUnder(words[0])),
	);
}

/** Prints one line on stderr, and with --json the object on stdout; returns the exit status. */
function report(thrown: unknown, json: boolean): number {
	const error = explained(thrown);
	const known = error instanceof StatError;
	const message = known
		? cliMessage(error)
		: `internal error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
	process.stderr.write(`stat-studio: ${known ? printable(message.replace(/\s*\n\s*/g, ' ')) : printable(message)}\n`);
	if (json) {
		process.stdout.write(
			`${JSON.stringify({ error: message, kind: known ? error.kind : 'internal', ...(known ? { code: error.code } : {}) })}\n`,
		);
	}
	return known ? (exitCodes[error.kind] ?? 1) : 1;
}

/** Resolves once the text is handed over: a large object must not be cut off by the end of the process. */
function print(text: string): Promise<void> {
	return new Promise((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
}
