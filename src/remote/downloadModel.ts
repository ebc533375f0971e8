import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings } from '../core/training/job.ts';
import type { Trainer } from './environment.ts';
import { interpreterOf } from './environment.ts';
import { preamble } from './place.ts';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';
import { shellQuote } from './shellQuote.ts';

/** Downloads what loading needs and no second copy of the weights in another format. */
const download = `
import sys
from huggingface_hub import snapshot_download
name, revision = sys.argv[1], sys.argv[2] or None
snapshot_download(name, revision=revision, ignore_patterns=["*.bin", "*.pth", "*.gguf", "*.onnx", "original/*", "*.msgpack", "*.h5"])
`;

/**
 * Sees to it that a model is on the host: a directory is looked for, a hub's name is downloaded into the host's own
 * cache, once; jobs then run offline. The token, if any, travels on stdin and is used for this download alone.
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
	const python = interpreterOf(settings, trainer);
	const script = (offline: boolean) => `${preamble(settings)}${settings.prelude ?? ''}
read -r token
[ -n "$token" ] && HF_TOKEN=$token && export HF_TOKEN
HF_HUB_OFFLINE=${offline ? 1 : 0} HF_HUB_DISABLE_TELEMETRY=1 HF_HUB_DISABLE_PROGRESS_BARS=1; export HF_HUB_OFFLINE HF_HUB_DISABLE_TELEMETRY HF_HUB_DISABLE_PROGRESS_BARS
${python} -c ${shellQuote(download)} ${shellQuote(name)} ${shellQuote(model.revision ?? '')} </dev/null`;
	if ((await shell.run(script(true), { signal: run.signal, input: '\n' })).code === 0) {
		return;
	}
	run.progress({ label: `${shell.host}: downloading ${name}`, done: 0 });
	// A cut download goes on where it ended when this is called again: the hub's client keeps what it has.
	const { code, stderr } = await shell.run(script(false), {
		signal: run.signal,
		input: `${(model.token ?? '').replace(/\s/g, '')}\n`,
		timeoutMs: 6 * 3600_000,
	});
	if (code !== 0) {
		throw new StatError('remote.download', { host: shell.host, model: name, reason: plainLine(stderr) });
	}
}
