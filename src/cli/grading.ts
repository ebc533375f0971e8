import type { GradingRule } from '../core/questions/gradingRule.ts';
import { commandOf, gradingForms, readGradingRule } from '../core/questions/gradingRule.ts';
import type { CheckerCommand } from '../core/ports/checker.ts';
import type { Parts } from '../core/ports/parts.ts';
import { StatError } from '../core/errors/statError.ts';
import type { ImportAnswersResult } from '../workflow/questions/importAnswers.ts';
import type { CommandContext } from './command.ts';
import { confirmNamed } from './confirmNamed.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { usageError } from './usageError.ts';
import type { Values } from './values.ts';
import { oneLine } from './wording.ts';

/** The option of commands that choose how answers are graded. */
export const gradingOption = {
	grading: {
		type: 'string',
		value: gradingForms,
		help:
			'math (also answer; the default): final answers are equal in value; text: the words are the same; choice: ' +
			'the options are the same; log: the verdict that came with the answer; judge: the teacher, called by ' +
			'"regrade"; exec:COMMAND: a checker of your own (docs/grading.md). Becomes the rule of the benchmark, or of ' +
			'the project',
	},
} satisfies OptionSpecs;

export function readGrading(values: Values<typeof gradingOption>): GradingRule | undefined {
	const text = values.text('grading');
	const rule = text === undefined ? undefined : readGradingRule(text);
	if (text !== undefined && rule === undefined) {
		throw usageError(`--grading must be one of ${gradingForms.replaceAll('|', ', ')}, not "${text.slice(0, 100)}"`);
	}
	return rule;
}

/**
 * Has this person allow the checker of a rule that they named on the command line: on a terminal by a question,
 * otherwise by --yes. A rule of the project's settings never comes here.
 */
export async function allowChecker(
	context: Pick<CommandContext<typeof gradingOption>, 'values' | 'confirm' | 'io' | 'run'>,
	{ checker }: Pick<Parts, 'checker'>,
	rule: GradingRule | undefined,
): Promise<void> {
	const command = rule === undefined ? null : commandOf(rule);
	if (command === null || checker === undefined) {
		return;
	}
	const described = await checker.describe(command);
	if (described.isAllowed) {
		return;
	}
	const state = described.hasChanged ? 'has changed since it was allowed' : 'was never allowed';
	context.run.log('info', explain(described));
	await confirmNamed(
		context,
		'Allow this checker on this machine?',
		new StatError('cli.checkerConsent', {
			problem:
				`the checker ${oneLine(command, 2100)} ${state} on this machine; it may run what the student wrote: ` +
				'read it, then run this command again with --yes',
		}),
	);
	await checker.allow(command);
}

/** What a person should know before they allow a checker. */
function explain({ command, files, unlimited }: CheckerCommand): string {
	const covered =
		files.length === 0
			? ' (it names no file, so your consent covers this command line alone and not what it starts)'
			: ` (with ${files.join(', ')} as it is now)`;
	const open =
		unlimited.length === 0
			? 'It has no network, cannot read the project, can write only in an empty folder, and is limited in time, ' +
				'memory, output and processes'
			: `It is limited in time and output; on this machine it is NOT kept from ${unlimited.join(', ')}`;
	return (
		`the checker ${oneLine(command, 2100)}${covered} gets each answer, and may run what the student wrote. ` +
		`${open}. "consents" lists what you allowed, "consents withdraw" takes it back`
	);
}

/** What an import adds about answers that a checker or the teacher grades. */
export function gradedLater({ waiting, reasons }: Pick<ImportAnswersResult, 'waiting' | 'reasons'>): string {
	const wait =
		waiting === undefined || waiting === 0
			? ''
			: `\n${waiting} answers wait: "regrade" asks the judge or the checker that you allow`;
	return `${wait}${reasonLines(reasons ?? [])}`;
}

/** Lists why a checker left answers unsure. */
export function reasonLines(reasons: readonly { readonly reason: string; readonly answers: number }[]): string {
	return reasons.map(({ reason, answers }) => `\n  unsure (${answers}): ${oneLine(reason, 200)}`).join('');
}
