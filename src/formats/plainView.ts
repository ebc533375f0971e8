import { dialogueOf } from './dialogue.ts';
import type { Found, Roles } from './fieldRoles.ts';
import { isBlank, rolesOf } from './fieldRoles.ts';
import { lastUserTurn, withoutInstructions } from './promptText.ts';
import type { Options } from './questionParts.ts';
import { joinParts, labelAt, optionColumns, optionsOf } from './questionParts.ts';
import type { Reads } from './rowFormat.ts';
import type { Row, RowReader } from './rowReader.ts';
import { brief, isRow } from './rowReader.ts';
import type { View } from './ours.ts';

/** Objects in which tools store the row of the dataset, or what belongs to it. */
const nests: readonly string[] = [
	...['reward_model', 'extra_info', 'metadata', 'meta', 'doc', 'example', 'sample', 'data', 'row', 'record', 'item'],
	...['raw_input', 'raw', 'input', 'fields', 'vars', 'problem', 'question'],
];

/** Reads a row by the names of its fields: see fieldRoles.ts and docs/formats.md. `reader`: takes the reports. */
export function plainView(row: Row, reads: Reads, reader?: RowReader): View {
	let roles = rolesOf(row);
	let options = optionsIn(row, roles);
	let question = questionIn(roles);
	const inside = Object.keys(row).filter((name) => nests.includes(name) && isRow(row[name]));
	if (inside.length > 0) {
		const nested = inside.map((name) => within(row[name] as Row, name));
		if (question === undefined || isRow(question.value)) {
			const holder = nested.find(({ roles }) => questionIn(roles) !== undefined);
			if (holder !== undefined) {
				question = questionIn(holder.roles);
				roles = { ...holder.roles, ...roles };
				options = holder.options;
			}
		}
		for (const field of ['gold', 'solution', 'subject', 'level', 'skills', 'lateGold'] as const) {
			const found = roles[field] ?? nested.find((one) => one.roles[field] !== undefined)?.roles[field];
			if (found !== undefined) {
				roles[field] = found;
			}
		}
	}
	const view = viewOf(roles, question, options, reads, reader);
	return row['is_multiple_answer'] === true && Array.isArray(view.gold?.value)
		? { ...view, gold: { value: view.gold.value.join(', '), from: view.gold.from } }
		: view;
}

/** Returns the roles inside an object of the row, with the names that a mapping would use. */
function within(row: Row, prefix: string): { roles: Roles; options: Options | undefined } {
	const roles = rolesOf(row);
	const options = optionsIn(row, roles);
	for (const list of Object.values(roles)) {
		list.forEach((found, place) => {
			list[place] = { value: found.value, from: `${prefix}.${found.from}` };
		});
	}
	// MATH-like subjects of a reward model or a message are none.
	return { roles, options: options && { ...options, from: `${prefix}.${options.from}` } };
}

function viewOf(
	roles: Roles,
	question: Found | undefined,
	options: Options | undefined,
	reads: Reads,
	reader: RowReader | undefined,
): View {
	const verdictOrGold = roles.verdictOrGold?.[0];
	const isVerdict =
		verdictOrGold !== undefined && (typeof verdictOrGold.value === 'boolean' || isVerdictList(verdictOrGold.value));
	let gold = roles.gold?.[0] ?? (isVerdict ? undefined : verdictOrGold);
	const verdict = roles.verdict?.[0] ?? (isVerdict || gold !== verdictOrGold ? verdictOrGold : undefined);
	let response = roles.response?.[0] ?? weakResponse(roles, question);
	const extracted = roles.extracted?.[0];
	const other = roles.gold?.[1];
	if (
		response === undefined &&
		other !== undefined &&
		gold?.from.toLowerCase() === 'answer' &&
		typeof gold.value === 'string' &&
		(verdict !== undefined || extracted !== undefined || roles.student !== undefined || roles.sample !== undefined)
	) {
		// MathArena and others: the answer is the model's, beside the reference and what was made of it.
		[response, gold] = [gold, other];
	}
	if (options !== undefined) {
		gold = goldOfOptions(gold, roles.optionGold?.[0], options, reader);
	}
	const solution = roles.solution?.[0];
	const isAnswered = verdict !== undefined || extracted !== undefined || roles.sample !== undefined;
	return {
		question: question && joinParts(question, roles.lead ?? [], options),
		gold,
		lateGold: roles.lateGold?.[0],
		solution:
			solution ?? (reads === 'questions' && !isAnswered && gold === undefined ? textIn(response) : undefined),
		subject: roles.subject?.find(({ value }) => typeof value === 'string') ?? roles.subject?.[0],
		level: roles.level?.[0],
		skills: roles.skills?.[0],
		response,
		sample: roles.sample?.[0],
		verdict,
		extracted,
		stepScores: roles.stepScores?.[0],
		finish: roles.finish?.[0],
		student: roles.student?.find(({ value }) => typeof value === 'string' && value !== ''),
	};
}

function isVerdictList(value: unknown): boolean {
	return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'boolean');
}

/** A text that was answered may be trained on. */
function textIn(found: Found | undefined): Found | undefined {
	return found !== undefined && typeof found.value === 'string' && !isBlank(found.value) ? found : undefined;
}

/** `text` and `samples` hold an answer where there is a question beside them that they are not. */
function weakResponse(roles: Roles, question: Found | undefined): Found | undefined {
	return question === undefined || (roles.question === undefined && roles.input === undefined)
		? undefined
		: roles.weakResponse?.find(({ from, value }) => from !== question.from && value !== question.value);
}

/** Returns the question with the texts that follow it in another field, without a prompt's chat marks and instructions. */
function questionIn(roles: Roles): Found | undefined {
	const isBeside = roles.gold !== undefined || roles.solution !== undefined || roles.response !== undefined;
	const found = roles.question?.[0] ?? roles.input?.[0] ?? (isBeside ? roles.weakQuestion?.[0] : undefined);
	if (found === undefined) {
		return undefined;
	}
	const { value, from } = found;
	const dialogue = dialogueOf(value);
	if (dialogue !== undefined) {
		return { value: dialogue.question === undefined ? undefined : withoutInstructions(dialogue.question), from };
	}
	if (typeof value !== 'string') {
		return found;
	}
	const name = from.toLowerCase();
	if (name === 'prompt' || name === 'input' || name === 'origin_prompt') {
		return { value: withoutInstructions(lastUserTurn(value)), from };
	}
	const input = name === 'instruction' ? roles.input?.[0] : undefined;
	return typeof input?.value === 'string' && !isBlank(input.value)
		? { value: `${withoutInstructions(value)}\n${input.value}`, from: `${from} + ${input.from}` }
		: { value: name === 'instruction' ? withoutInstructions(value) : value, from };
}

function optionsIn(row: Row, roles: Roles): Options | undefined {
	for (const found of roles.options ?? []) {
		const options = optionsOf(found);
		if (options !== undefined) {
			return options;
		}
	}
	return optionColumns(row);
}

/** A number beside choices is the place of the right one. */
function goldOfOptions(
	gold: Found | undefined,
	place: Found | undefined,
	options: Options,
	reader: RowReader | undefined,
): Found | undefined {
	if (gold === undefined && place === undefined) {
		return undefined;
	}
	const named = gold ?? place;
	if (named === undefined || options.labels.length === 0) {
		return named;
	}
	const isPlace = gold === undefined || /choices$/i.test(options.from) || /label|index|idx/i.test(named.from);
	const label = labelAt(named, options, isPlace);
	if (label === null && place !== undefined) {
		return { value: labelAt(place, options, true) ?? undefined, from: place.from };
	}
	if (label === null) {
		return reader?.without(
			named.from,
			`${brief(named.value)} may be the place of a choice or the value of another one; write the label of the ` +
				'right choice (A, B, …)',
		);
	}
	return label === undefined ? named : { value: label, from: named.from };
}
