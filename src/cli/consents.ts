import { StatError } from '../core/errors/statError.ts';
import type { Consents } from '../core/ports/consents.ts';
import { createConsents } from '../remote/createConsents.ts';
import type { CommandContext } from './command.ts';
import { command } from './command.ts';
import { openHosts } from './hostParts.ts';
import { oneLine, table } from './wording.ts';

export const listConsents = command({
	about:
		'Lists what you allowed on this machine: checkers that grade answers, hosts that train, and ' +
		'jobs that you launched or confirmed here. It is stored per ' +
		'user, never in a project. A changed checker needs a new consent.',
	options: {},
	async run(context) {
		const consents = await open(context).list();
		return {
			json: { consents },
			text:
				consents.length === 0
					? 'none yet'
					: table([
							['id', 'kind', 'when', 'what'],
							...consents.map(({ id, kind, when, subject }) => [
								id,
								kind,
								when?.slice(0, 10) ?? 'unknown',
								oneLine(subject, 200),
							]),
						]),
		};
	},
});

export const withdrawConsent = command({
	args: ['ID'],
	about: 'Withdraws a consent ("consents" lists their ids). What was graded or trained stays.',
	options: {},
	async run(context) {
		const [id = ''] = context.args;
		const withdrawn = await open(context).withdraw(id);
		if (withdrawn === null) {
			throw new StatError('remote.noConsent', { id });
		}
		return {
			json: { withdrawn },
			text: `the ${withdrawn.kind} ${oneLine(withdrawn.subject, 200)} is no longer allowed on this machine`,
		};
	},
});

function open(context: CommandContext): Consents {
	return createConsents({ hosts: openHosts(context) });
}
