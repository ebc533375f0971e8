import * as fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { explained } from '../../core/errors/fileError.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Topic } from '../../core/ports/store/store.ts';
import { countedFiles } from './countedFiles.ts';
import { Lock } from './lock.ts';
import { realMachine } from './machine.ts';
import { Project } from './project.ts';
import type { PlainError, Reply, Request, WorkerSettings } from './protocol.ts';
import { schemaMigrations } from './schema.ts';
import { Server } from './server.ts';
import { tidyFolder } from './tidyFolder.ts';

/** Runs the worker thread: one server that receives and posts messages. */
async function main(): Promise<void> {
	const port = parentPort;
	if (!port) {
		throw new Error('the store runs in a worker thread');
	}
	const send = (reply: Reply): void => port.postMessage(reply);
	const settings = workerData as WorkerSettings;
	const load = initSqlJs as unknown as (config: {
		wasmBinary: Uint8Array;
		useOldExtensionFunctions: boolean;
	}) => Promise<SqlJsStatic>;
	const engine = await load({ wasmBinary: fs.readFileSync(settings.wasm), useOldExtensionFunctions: false });
	const machine = realMachine(countedFiles(settings.calls));
	const log = (message: string): void => send({ kind: 'log', message });
	const project = new Project(engine, settings.folder, log, schemaMigrations, machine);
	const lock = new Lock(settings.folder, settings.token, machine, settings.lockMemory);
	const changed = (topics: ReadonlySet<Topic>): void => send({ kind: 'changed', topics: [...topics] });
	const server = new Server(project, lock, settings, changed, machine);
	if (!settings.readOnly) {
		tidyFolder(settings.folder);
	}
	await server.open();
	let warned = project.warnings.length;
	send({ kind: 'opened', warnings: project.warnings });
	const serve = async (request: Request): Promise<unknown> => {
		switch (request.kind) {
			case 'read':
				return server.read(request.name, request.params);
			case 'write':
				return server.write(request.name, request.params);
			case 'claim':
				return server.claim(request.params.keys, request.params.owner);
			case 'release':
				return server.release(request.params.keys, request.params.owner);
			case 'watch':
				return server.watch();
			case 'close':
				return server.close();
		}
	};
	port.on('message', (request: Request) => {
		serve(request).then(
			(result) => {
				if (project.warnings.length > warned) {
					warned = project.warnings.length;
					send({ kind: 'warnings', warnings: project.warnings });
				}
				send({ kind: 'done', id: request.id, result });
				if (request.kind === 'close') {
					port.close();
				}
			},
			(error: unknown) => send({ kind: 'refused', id: request.id, error: plain(error) }),
		);
	});
}

function plain(thrown: unknown): PlainError {
	const error = explained(thrown);
	const { message, stack } = error instanceof Error ? error : new Error(String(error));
	return { message, stack, stat: error instanceof StatError ? { code: error.code, data: error.data } : undefined };
}

main().catch((error: unknown) => {
	parentPort?.postMessage({ kind: 'failed', error: plain(error) } satisfies Reply);
	parentPort?.close();
});
