import path from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import type { Machine } from './machine.ts';
import { replaceFile } from './projectFiles.ts';
import { loadSnapshot } from './snapshot.ts';

/** Collects what is damaged in a project's files. Nothing is deleted: damaged data is set aside and reported. */
export class Damage {
	readonly messages: string[] = [];
	readonly badLines: Buffer[] = [];
	/** Whether some records cannot be recovered. */
	lost = false;

	/** Records that changes `from` to `to` are no longer in any file. */
	lose(from: number, to: number, why = ''): void {
		this.messages.push(
			`${from === to ? `change ${from} of the project is lost` : `changes ${from} to ${to} of the project are lost`}${why}`,
		);
		this.lost = true;
	}

	/** Records that a power failure took replies before they were synced. With 0, all of them were found again. */
	missReplies(count: number): void {
		this.messages.push(
			count === 0
				? 'the computer stopped before the last replies of the teacher were synced; all of them were found'
				: `${count} ${count === 1 ? 'reply' : 'replies'} of the teacher did not reach the disk before the ` +
						'computer stopped, and will be requested again where they are needed',
		);
	}

	/** Sets aside a line that is not a record, or a sound record that cannot be applied for the reason `why`. */
	setAside(line: Buffer, file: string, byte: number, why = 'is damaged'): void {
		this.messages.push(`${file}: the record at byte ${byte} ${why} and was set aside`);
		this.badLines.push(line);
		this.lost = true;
	}

	/** Writes bad lines and damaged databases to separate files beside the sound ones. Must hold the lock. */
	keep(folder: string, engine: SqlJsStatic, migrations: readonly string[], machine: Machine): void {
		const stamp = stampOf(machine);
		const { files } = machine;
		if (this.badLines.length > 0) {
			this.messages.push(
				`what could not be read is stored in .stat/${keepLines(folder, this.badLines, machine)}`,
			);
		}
		for (const name of ['stat.db', 'stat.db.bak']) {
			const file = path.join(folder, name);
			if (loadSnapshot(engine, file, migrations, files).state === 'damaged') {
				files.renameSync(file, `${file}.corrupt-${stamp}`);
				this.messages.push(`the damaged ${name} is stored as .stat/${name}.corrupt-${stamp}`);
			}
		}
	}
}

/** Stores lines of a journal in a separate file; returns its name. */
export function keepLines(folder: string, bad: readonly Buffer[], machine: Machine): string {
	const name = `stat.journal.corrupt-${stampOf(machine)}`;
	replaceFile(
		path.join(folder, name),
		bad.map((line) => Buffer.concat([line, Buffer.from('\n')])),
		machine.files,
	);
	return name;
}

function stampOf(machine: Machine): string {
	return new Date(machine.now()).toISOString().replace(/[:.]/g, '-');
}
