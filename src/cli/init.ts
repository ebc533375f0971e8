import path from 'node:path';
import { initProject } from '../store/engine/initProject.ts';
import { command } from './command.ts';

export const init = command({
	about:
		'Creates .stat/ in the project folder (--project, default: here) with a .gitignore and a README that ' +
		'explains what to commit. Existing files are left alone.',
	options: {},
	async run({ values }) {
		// Here, even inside another project: only existing projects are looked for in parent folders.
		const projectFolder = path.resolve(values.text('project') ?? '.');
		const folder = initProject(projectFolder);
		return { json: { project: projectFolder, folder }, text: `project in ${projectFolder}` };
	},
});
