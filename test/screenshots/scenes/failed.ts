import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, loadedSample } from '../projects.ts';
import type { Scene } from '../scene.ts';

/** A teacher that cannot be reached; then a project whose database was overwritten. */
export const scene: Scene = {
	workbench: {
		folderFrom: 'examples/sample',
		prepare(folder) {
			loadedSample(folder);
			cli(folder, 'classify', '--method', 'answer');
			rmSync(path.join(folder, '.vscode'), { recursive: true });
		},
	},
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the skills are listed',
			() => bench.rows('Skills'),
			(rows) => rows.length > 0,
		);
		await bench.palette('STAT: Choose Teacher…');
		await bench.pick('Which teacher should name the missing skills', 'OpenAI-compatible endpoint');
		// Nothing listens on port 9 of this machine.
		await bench.answer('Address up to', 'http://127.0.0.1:9/v1');
		await bench.page.waitForTimeout(4000);
		await take('teacherUnreachable');
		await bench.palette('Notifications: Clear All Notifications');
		const folder = path.join(bench.folder, '.stat');
		for (const name of readdirSync(folder).filter((file) => /^stat\.(db|journal)/.test(file))) {
			rmSync(path.join(folder, name), { recursive: true });
			mkdirSync(path.join(folder, name));
			writeFileSync(path.join(folder, name, 'not a database'), '');
		}
		await bench.restart();
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the view says what is wrong',
			() => bench.rows('Questions'),
			(rows) => rows.length > 0,
		);
		await bench.palette('STAT: Show Missing-Skill-Profile');
		await bench.page.waitForTimeout(4000);
		await take('damaged');
	},
};
