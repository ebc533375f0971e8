import path from 'node:path';
import { initProject } from '../store/engine/initProject.ts';
import { command } from './command.ts';

export const init = command({
	about:
		'Creates .stat/ in the project folder (--project, default: here) with a .gitignore and a README that ' +
		'explains what to commit. Existing files are left alone.',
	options: {},
	async run({ values }) {
		// Creates the project in this folder even if it is inside another project: parent folders are searched only for
		// existing projects.
		const projectFolder = path.resolve(values.text('project') ?? '.');
		const folder = initProject(projectFolder);
		return { json: { project: projectFolder, folder }, text: `project in ${projectFolder}` };
	},
});
