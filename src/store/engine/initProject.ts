import * as fs from 'node:fs';
import path from 'node:path';
import { checkInside } from './projectFiles.ts';

const ignored = `# Locks, temporary files and spare copies stay on this machine.
lock
lock.*
*.tmp
*.bak
*.corrupt-*
*.before-schema-*
.writing-*
# What must never be shared, should anyone put it here.
*.key
*.pem
.env
.env.*
secrets*
`;

const readme = `# .stat

The memory of this STAT Studio project.

| file | what it is | commit it? |
| --- | --- | --- |
| stat.db | questions, skills, answers' numbers, diagnoses (SQLite) | yes |
| stat.journal | changes since stat.db was written | yes, together with stat.db |
| texts/ | answers, solutions and teacher replies, append-only | yes, together with stat.db (Git LFS when large) |
| datasets/NAME/ | training sets: data.jsonl, chain.jsonl (why each row), card.json | yes |
| prompts/ | your edited copies of the teacher prompts | yes |
| jobs/, rounds/ | training jobs and evaluations | yes |
| lock*, *.tmp, *.bak, *.corrupt-* | this machine's | no (.gitignore leaves them out) |

Nothing secret is stored here: no key, endpoint, host or path. stat.db, stat.journal and texts/ belong together:
commit them in one commit, with no STAT Studio command running. Two people's changes to them cannot be merged by git.
`;

/**
 * Creates `.stat/` with its .gitignore, .gitattributes and README; existing files are left unchanged. Returns its
 * absolute path.
 */
export function initProject(projectFolder: string): string {
	const folder = path.join(path.resolve(projectFolder), '.stat');
	fs.mkdirSync(folder, { recursive: true });
	checkInside(folder, ['texts', 'datasets']);
	for (const [name, text] of [
		['.gitignore', ignored],
		// Checksums cover every byte: no line end may be converted.
		['.gitattributes', '* -text\n'],
		['README.md', readme],
	] as const) {
		try {
			fs.writeFileSync(path.join(folder, name), text, { flag: 'wx' });
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}
		}
	}
	fs.mkdirSync(path.join(folder, 'texts'), { recursive: true });
	fs.mkdirSync(path.join(folder, 'datasets'), { recursive: true });
	return folder;
}
