import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings } from '../core/training/job.ts';
import type { Trainer } from './environment.ts';
import { interpreterOf } from './environment.ts';
import { preamble, script } from './place.ts';
import downloadText from './scripts/downloadModel.sh';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';
import { shellQuote } from './shellQuote.ts';

/**
 * Makes sure that a model is on the host: looks for a directory, or downloads a Hub model once into the host's own
 * cache, so that jobs run offline. A token is passed on stdin and used only for this download.
 */
export async function prepareModel(
	shell: Shell,
	settings: HostSettings,
	trainer: Trainer,
	model: {
		readonly name: string;
		readonly revision?: string | null | undefined;
		readonly token?: string | undefined;
	},
	run: HostRun,
): Promise<void> {
	const { name } = model;
	if (name === 'tiny' || name.startsWith('../')) {
		return;
	}
	if (name.startsWith('/') || name.startsWith('~')) {
		const { code } = await shell.run(`[ -e ${shellQuote(name)}/config.json ]`, { signal: run.signal });
		if (code !== 0) {
			throw new StatError(name.startsWith('~') ? 'remote.modelPath' : 'remote.noModelFiles', {
				host: shell.host,
				model: name,
			});
		}
		return;
	}
	if (!/^[A-Za-z0-9][\w.-]*\/[\w.-]+$/.test(name)) {
		throw new StatError('remote.modelName', { model: JSON.stringify(name.slice(0, 80)) });
	}
	const download = (offline: boolean) =>
		script([preamble(settings), `STAT_INTERPRETER=${interpreterOf(settings, trainer)}`, downloadText], {
			PRELUDE: settings.prelude ?? '',
			STAT_MODEL: name,
			STAT_REVISION: model.revision ?? '',
			STAT_OFFLINE: offline ? 1 : 0,
		});
	if ((await shell.run(download(true), { signal: run.signal, input: '\n' })).code === 0) {
		return;
	}
	run.progress({ label: `${shell.host}: downloading ${name}`, done: 0 });
	// Another call continues an interrupted download, because the Hub's client keeps the parts.
	const { code, stderr } = await shell.run(download(false), {
		signal: run.signal,
		input: `${(model.token ?? '').replace(/\s/g, '')}\n`,
		timeoutMs: 6 * 3600_000,
	});
	if (code !== 0) {
		throw new StatError('remote.download', { host: shell.host, model: name, reason: plainLine(stderr) });
	}
}
