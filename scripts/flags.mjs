// Only the command line may name its flags: all other messages are also shown in the editor, where `--name` means
// nothing.
import { roomOf } from './rooms.mjs';

/** The source of the command line itself. */
const exempt = new Set(['cli', 'cli.ts']);

/** Maps a source folder to the flags of other programs that it passes on or names. */
const foreign = new Map([
	// lm-eval
	['formats', new Set(['--log_samples'])],
	[
		'remote',
		new Set([
			// uv and pip
			'--quiet',
			'--allow-existing',
			'--python',
			'--disable-pip-version-check',
			'--no-input',
			// sbatch, srun, sinfo
			'--parsable',
			'--job-name',
			'--output',
			'--error',
			'--open-mode',
			'--chdir',
			'--gres',
			'--immediate',
			'--time',
			// nvidia-smi
			'--query-gpu',
			'--format',
			// accelerate launch
			'--multi_gpu',
			'--mixed_precision',
			'--dynamo_backend',
			'--num_processes',
			'--num_machines',
			'--main_process_port',
		]),
	],
	// setpriv, unshare and prlimit of util-linux
	[
		'grading',
		new Set([
			'--pdeathsig',
			'--user',
			'--map-root-user',
			'--mount',
			'--net',
			'--pid',
			'--ipc',
			'--uts',
			'--fork',
			'--kill-child',
			'--mount-proc',
			'--cpu',
			'--as',
			'--core',
			'--nproc',
		]),
	],
	// git config
	['ui', new Set(['--get'])],
]);

// `--vscode-…` are the editor's theme colours.
const flag = /(?:^|[\s"'`(])(--(?!vscode-)[a-z][a-z_-]+)/g;

/** An ESLint rule that reports a string in src (except in the command line) or webview that names one of our flags. */
export const flags = {
	meta: {
		type: 'problem',
		messages: {
			flag: '{{name}} is a flag: say it neutrally here, and with the flag in src/cli/messages',
		},
		schema: [],
	},
	create(context) {
		const room = roomOf(context.filename, context.cwd);
		if (room === undefined || exempt.has(room)) {
			return {};
		}
		const check = (node, text) => {
			for (const [, name] of text.matchAll(flag)) {
				if (!foreign.get(room)?.has(name)) {
					context.report({ node, messageId: 'flag', data: { name } });
				}
			}
		};
		return {
			Literal: (node) => typeof node.value === 'string' && check(node, node.value),
			TemplateElement: (node) => check(node, node.value.cooked ?? ''),
		};
	},
};
