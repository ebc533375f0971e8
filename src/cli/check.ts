import type { DamagedTexts, TextOwner } from '../core/ports/store/project.ts';
import { openStore } from '../store/openStore.ts';
import { command } from './command.ts';

/** Something that is damaged: its file in `.stat`, a description, and what to do. */
interface Damaged {
	readonly file: string;
	readonly what: string;
	readonly do: string;
}

export const check = command({
	about:
		'Reads everything in .stat and lists what is missing or damaged, and what to do about it; changes nothing. With ' +
		'--repair, damaged records and files are set aside under other names, what is still there is recovered from ' +
		'the rest, and what has to be imported again is listed.',
	options: { repair: { type: 'boolean', help: 'also set damaged files right, as far as that can be done' } },
	async run({ projectFolder, dist, values, run }) {
		const isRepair = values.flag('repair');
		const store = await openStore({
			projectFolder,
			dist,
			readOnly: !isRepair,
			log: (message) => run.log('debug', message),
		});
		try {
			const texts = await store.read('damagedTexts', {});
			const damaged = [
				...store.warnings.map((what) => ofWarning(what, isRepair)),
				...texts.map((found) => ({
					file: `.stat/texts/${found.file}`,
					what: describe(found),
					do: remedy(found),
				})),
			];
			const lines = damaged.map(({ file, what, do: todo }) => `${file}: ${what}\n  ${todo}`);
			return {
				json: { damaged, repaired: isRepair && store.warnings.length > 0 },
				text: damaged.length === 0 ? 'nothing is damaged' : lines.join('\n'),
			};
		} finally {
			await store.close();
		}
	},
});

function ofWarning(what: string, isRepair: boolean): Damaged {
	return {
		file: '.stat',
		what,
		do: isRepair
			? 'set right; if changes are lost, import their files again: what is known already is skipped'
			: 'run "check --repair"',
	};
}

const names: Readonly<Record<TextOwner, readonly [one: string, many: string]>> = {
	answer: ['answer', 'answers'],
	solution: ['solution', 'solutions'],
	reply: ['reply of the teacher', 'replies of the teacher'],
	diagnosis: ['diagnosis', 'diagnoses'],
	verdict: ["juror's diagnosis", "jurors' diagnoses"],
	correction: ['correction', 'corrections'],
	annotation: ['annotation', 'annotations'],
	problem: ['synthesized problem', 'synthesized problems'],
	decision: ['decision on a synthesized problem', 'decisions on synthesized problems'],
	skillEdit: ['edit of the skill list', 'edits of the skill list'],
	setAside: ['text of a row that was set aside', 'texts of rows that were set aside'],
};

function describe({ owner, count, offset, about }: DamagedTexts): string {
	const [one, many] = names[owner];
	return count === 1
		? `1 ${one} cannot be read: ${about}, at byte ${offset}`
		: `${count} ${many} cannot be read; the first: ${about}, at byte ${offset}`;
}

function remedy({ owner, file, sources }: DamagedTexts): string {
	const from = sources.length > 0 ? sources.join(', ') : 'the files they came from';
	const backup = `restore .stat/texts/${file} from a backup`;
	switch (owner) {
		case 'answer':
			return `import again, with the same student and round: ${from}; or ${backup}`;
		case 'solution':
			return `import again: ${from}; or ${backup}`;
		case 'reply':
			return `the teacher is called again where the reply is needed; or ${backup}`;
		case 'diagnosis':
			return `run "diagnose --again", which uses the stored replies; or ${backup}`;
		case 'problem':
			return `build the dataset again, which uses the stored replies; or ${backup}`;
		case 'setAside':
			return `nothing: the row stays in the list, without its text; or ${backup}`;
		case 'verdict':
		case 'correction':
		case 'annotation':
		case 'decision':
		case 'skillEdit':
			return `${backup}: nothing else holds it`;
	}
}
