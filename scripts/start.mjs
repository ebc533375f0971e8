// npm start: installs, builds and opens the extension on a copy of the sample project, in desktop VS Code if there is
// one, else in a real VS Code served on loopback (random token in its URL, workspace trust left on).
//   npm start -- --served    never uses desktop VS Code
//   npm start -- FOLDER      opens another folder than the sample
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, ensureBuilt, root, which } from './setup.mjs';

const served = process.argv.includes('--served');
const named = process.argv.slice(2).find((arg) => !arg.startsWith('-'));

/** Returns a copy of the sample in a folder of the user's own, so that changes persist and the clone stays clean. */
function sampleFolder() {
	const folder = path.join(cacheFolder, 'sample-project');
	if (!existsSync(folder) || readdirSync(folder).length === 0) {
		mkdirSync(folder, { recursive: true });
		cpSync(path.join(root, 'examples', 'sample'), folder, { recursive: true });
	}
	return folder;
}

/**
 * Returns the command line of desktop VS Code if it responds. The `code` command of a remote (server) session cannot be
 * used: it cannot open a window by itself.
 */
function desktop() {
	if (
		served ||
		(process.platform === 'linux' &&
			!process.env.DISPLAY &&
			!process.env.WAYLAND_DISPLAY &&
			!process.env.WSL_DISTRO_NAME)
	) {
		return undefined;
	}
	const candidates = [
		process.env.VSCODE_EXECUTABLE,
		'code',
		'code-insiders',
		'codium',
		'/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
	].filter(Boolean);
	const found = candidates.map(which).find(Boolean);
	return found &&
		spawnSync(found, ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0
		? found
		: undefined;
}

try {
	ensureBuilt();
	const folder = named ? path.resolve(named) : sampleFolder();
	if (!existsSync(folder)) {
		throw new Error(`no such folder: ${folder}`);
	}
	const code = desktop();
	if (code) {
		console.log(`Opening ${folder} in ${code} …`);
		spawn(code, [`--extensionDevelopmentPath=${root}`, '--new-window', folder], {
			detached: true,
			stdio: 'ignore',
			shell: process.platform === 'win32',
		}).unref();
	} else {
		const { installVsix, startServer, workbenchUrl } = await import('./realVscode.mjs');
		const { packageVsix } = await import('./package.mjs');
		const token = randomBytes(18).toString('base64url');
		const dataDir = path.join(cacheFolder, 'vscode-data');
		mkdirSync(dataDir, { recursive: true, mode: 0o700 });
		// A server loads a development extension only under its test driver, so the packaged extension is installed.
		const extensionsDir = path.join(dataDir, 'extensions');
		await installVsix(packageVsix(path.join(cacheFolder, 'stat-studio.vsix')), extensionsDir, dataDir);
		const server = await startServer({ token, trust: true, dataDir, extensionsDir });
		console.log(
			`\nVS Code with STAT Studio, on the sample project:\n\n  ` +
				`${workbenchUrl(server, folder, { token })}\n\nOpen this address in a browser on this machine ` +
				`(over ssh: ssh -L ${server.port}:127.0.0.1:${server.port} HOST).\nThe token in it lets ` +
				'whoever has it run programs as you: keep it to yourself. Ctrl-C ends VS Code.',
		);
		const end = async () => {
			await server.stop();
			process.exit(0);
		};
		process.once('SIGINT', () => void end());
		process.once('SIGTERM', () => void end());
		server.child.once('exit', (code) => process.exit(code ?? 0));
	}
} catch (error) {
	console.error(`npm start: ${error.message}`);
	process.exit(1);
}
