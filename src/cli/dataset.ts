import { usageError } from './usageError.ts';
import { command } from './command.ts';
import { table } from './wording.ts';

export const dataset = command({
	args: ['list|show', '[NAME]'],
	about:
		"Lists the project's datasets; show prints the card of one: method, settings, departures from the paper, " +
		'counts, hash, teacher, cost.',
	options: {},
	async run({ parts, args: [verb, name] }) {
		const { datasets } = await parts();
		if (verb === 'list' && name === undefined) {
			const cards = await datasets.list();
			return {
				json: { datasets: cards },
				text:
					cards.length === 0
						? 'no datasets yet'
						: table([
								['pairs', 'questions', 'method', 'name'],
								...cards.map(({ pairs, questions, method, name: title }) => [
									pairs,
									questions,
									method,
									title,
								]),
							]),
			};
		}
		if (verb === 'show' && name !== undefined) {
			const card = await datasets.card(name);
			return { json: { ...card, path: datasets.path(name) }, text: JSON.stringify(card, null, '\t') };
		}
		throw usageError('dataset list, or dataset show NAME');
	},
});
