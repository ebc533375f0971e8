import { openStore } from '../../../src/store/openStore.ts';
import { solutionOf } from './solutionOf.ts';

/**
 * Writes questions and replies, several at once, until it is killed: node crashWriter.js PROJECT DIST NAME COMPACT_AT.
 */
async function main(): Promise<void> {
	const [projectFolder = '', dist = '', name = '', compactAt = ''] = process.argv.slice(2);
	const store = await openStore({ projectFolder, dist, create: true, compactAt: Number(compactAt) });
	let next = 0;
	const lane = async (isReplies: boolean): Promise<void> => {
		for (;;) {
			const id = `${isReplies ? 'reply' : ''}${name}-${next++}`;
			if (isReplies) {
				await store.put({
					key: id,
					task: 'diagnose',
					about: id,
					model: 'm',
					promptVersion: 'p',
					sampling: {},
					sample: 0,
					attempt: 0,
					text: `${id} ${'r'.repeat(2000)}`,
					usage: null,
					cost: null,
					at: '',
				});
			} else {
				await store.write('addQuestions', {
					split: 'train',
					benchmark: null,
					source: name,
					rows: [{ text: `Question ${id}`, solution: solutionOf(id) }],
				});
			}
			process.stdout.write(`ack ${id}\n`);
		}
	};
	await Promise.all([lane(false), lane(false), lane(true), lane(true)]);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
