import * as fs from 'node:fs';
import path from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { replaceFile } from './projectFiles.ts';
import { loadSnapshot } from './snapshot.ts';

/** Collects what is damaged in a project's files. Nothing is deleted: damaged data are set aside and reported. */
export class Damage {
	readonly messages: string[] = [];
	readonly badLines: Buffer[] = [];
	/** Some records cannot be recovered. */
	lost = false;

	/** Reports that changes `from` to `to` are in no file any more. */
	lose(from: number, to: number, why = ''): void {
		this.messages.push(
			`${from === to ? `change ${from} of the project is lost` : `changes ${from} to ${to} of the project are lost`}${why}`,
		);
		this.lost = true;
	}

	/** Sets aside a line that is no record, or a sound record that cannot be applied for the reason `why`. */
	setAside(line: Buffer, file: string, byte: number, why = 'is damaged'): void {
		this.messages.push(`${file}: the record at byte ${byte} ${why} and was set aside`);
		this.badLines.push(line);
		this.lost = true;
	}

	/**
	 * Writes bad lines, the torn tail of a killed writer and damaged databases to files beside the sound ones. Call it
	 * under the lock.
	 */
	keep(folder: string, torn: Buffer | undefined, engine: SqlJsStatic, migrations: readonly string[]): void {
		const stamp = new Date().toISOString().replace(/[:.]/g, '-');
		if (this.badLines.length > 0 || torn) {
			const aside = `stat.journal.corrupt-${stamp}`;
			replaceFile(
				path.join(folder, aside),
				[...this.badLines, ...(torn ? [torn] : [])].map((line) => Buffer.concat([line, Buffer.from('\n')])),
			);
			this.messages.push(`what could not be read is stored in .stat/${aside}`);
		}
		for (const name of ['stat.db', 'stat.db.bak']) {
			const file = path.join(folder, name);
			if (fs.existsSync(file) && loadSnapshot(engine, file, migrations).state === 'damaged') {
				fs.renameSync(file, `${file}.corrupt-${stamp}`);
				this.messages.push(`the damaged ${name} is stored as .stat/${name}.corrupt-${stamp}`);
			}
		}
	}
}
