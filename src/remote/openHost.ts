import type { Host } from '../core/ports/hosts.ts';
import type { HostSettings } from '../core/training/job.ts';
import { prepareEnvironment, readTrainer, sendTrainer } from './environment.ts';
import { listHubFiles, withHubFiles } from './hubCache.ts';
import { prepareModel } from './downloadModel.ts';
import { cancel, clean, fetchResults, tail } from './jobs.ts';
import { launch } from './launch.ts';
import { preflight } from './preflight.ts';
import { resume } from './resume.ts';
import type { SshOptions } from './shell.ts';
import { createShell } from './shell.ts';
import { status } from './status.ts';

/**
 * Opens a host through the system's OpenSSH (or this machine, for `local`) without connecting. `trainerFolder` is
 * dist/trainer.
 */
export function openHost(settings: HostSettings, options: SshOptions & { readonly trainerFolder: string }): Host {
	const shell = createShell(settings.name, options);
	const trainer = () => readTrainer(options.trainerFolder);
	return {
		settings,
		preflight: (run) => preflight(shell, settings, run.signal),
		async prepare(run, model) {
			const package_ = trainer();
			run.progress({ label: `${settings.name}: sending the trainer`, done: 0, total: 5 });
			await sendTrainer(shell, settings, package_, run.signal);
			await prepareEnvironment(shell, settings, package_, run);
			if (model) {
				await prepareModel(shell, settings, package_, model, run);
			}
		},
		launch: (record, dataFile, run) => launch(shell, settings, trainer(), record, dataFile, run),
		status: (records, signal) => status(shell, settings, records, signal),
		tail: (record, tailOptions) => tail(shell, settings, record, tailOptions),
		cancel: (record, run) => cancel(shell, settings, record, run),
		resume: (record, run, after) => resume(shell, settings, record, run, after),
		fetch: (record, folder, run, only) => fetchResults(shell, settings, record, folder, run, only),
		hubFiles: (repositories, signal) => listHubFiles(shell, settings, repositories, signal),
		withHubFiles: (files, run, use) => withHubFiles(shell, settings, files, run, use),
		clean: (records, remove, run) => clean(shell, settings, records, remove, run),
	};
}
