import * as z from 'zod';
import { questionId } from '../../core/questions/question.ts';
import { messageOf, StatError } from '../../core/errors/statError.ts';
import { normaliseSkillName, normaliseSubject } from '../../core/skills/skill.ts';
import type { Message } from '../../core/text/message.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import { promptPlaceholders } from '../../core/ports/promptValues.ts';

const count = z.number().int().min(0);
const lineSchema = z.strictObject({
	task: z.enum(Object.keys(promptPlaceholders) as (keyof typeof promptPlaceholders)[]),
	about: z.string().min(1).optional(),
	question: z.string().min(1).optional(),
	skill: z.string().min(1).optional(),
	n: count.optional(),
	sample: count.optional(),
	attempt: count.optional(),
	contains: z.string().min(1).optional(),
	text: z.string(),
});
const modelSchema = z.strictObject({ model: z.string().min(1).max(200) });

/** One scripted reply (docs/scripted-teacher.md); `line` counts from 1. */
export type ScriptLine = z.infer<typeof lineSchema> & { readonly line: number };

/**
 * Reads a script.
 * @throws StatError naming file, line and field.
 */
export function readScript(text: string, file: string): { model: string | null; lines: ScriptLine[] } {
	let model: string | null = null;
	const lines: ScriptLine[] = [];
	for (const [index, raw] of text
		.replace(/^\uFEFF/, '')
		.split('\n')
		.entries()) {
		const trimmed = raw.trim();
		if (trimmed === '' || trimmed.startsWith('//')) {
			continue;
		}
		const line = index + 1;
		let value: unknown;
		try {
			value = JSON.parse(trimmed);
		} catch (error) {
			throw new StatError('teacher.scriptLine', { file, line, reason: messageOf(error) }, { cause: error });
		}
		const header = modelSchema.safeParse(value);
		if (header.success && lines.length === 0) {
			model = header.data.model;
			continue;
		}
		const parsed = lineSchema.safeParse(value);
		if (!parsed.success) {
			const issue = parsed.error.issues[0];
			throw new StatError('teacher.scriptField', {
				file,
				line,
				field: issue?.path.join('.') || 'the line',
				reason: issue?.message ?? 'not a reply',
			});
		}
		const { about, question, skill, n } = parsed.data;
		if ((about === undefined) === (question === undefined)) {
			throw new StatError('teacher.scriptTarget', { file, line });
		}
		if (question === undefined && (skill !== undefined || n !== undefined)) {
			throw new StatError('teacher.scriptAbout', { file, line });
		}
		lines.push({ ...parsed.data, line });
	}
	return { model, lines };
}

interface Entry {
	readonly line: ScriptLine;
	readonly fits: (about: string) => boolean;
	/** More specific lines rank higher. Ranks are compared item by item. */
	readonly rank: readonly number[];
}

/** Finds the most specific line for a call. */
export class ScriptIndex {
	/** Lines with an exact subject, by task and by the ID or subject they begin with; lines with patterns, by task. */
	private readonly exact = new Map<string, Entry[]>();
	private readonly patterns = new Map<string, Entry[]>();

	/** @throws StatError if two lines match the same calls equally well. */
	constructor(lines: readonly ScriptLine[], file: string) {
		const keys = new Map<string, number>();
		for (const line of lines) {
			const { task, question, about = '', skill, n, sample, attempt, contains } = line;
			const target = question === undefined ? about : questionId(question);
			const key = JSON.stringify([
				task,
				question === undefined,
				target,
				skill === undefined ? null : normaliseSkill(skill),
				n,
				sample,
				attempt,
				contains,
			]);
			const earlier = keys.get(key);
			if (earlier !== undefined) {
				throw new StatError('teacher.scriptTwice', { file, line: line.line, earlier });
			}
			keys.set(key, line.line);
			const isPattern = question === undefined && about.includes('*');
			const specified = [contains, attempt, sample, n, skill].map((value) => (value === undefined ? 0 : 1));
			const entry = {
				line,
				fits: question === undefined ? aboutTest(about) : questionTest(target, skill, n),
				rank: [isPattern ? 0 : 1, ...specified, about.length],
			};
			const [map, under] = isPattern
				? [this.patterns, task]
				: [this.exact, `${task} ${target.split('/')[0] ?? ''}`];
			map.set(under, [...(map.get(under) ?? []), entry]);
		}
	}

	find(call: TeacherCall, attempt: number, messages: readonly Message[]): ScriptLine | undefined {
		const candidates = [
			...(this.exact.get(`${call.task} ${call.about.split('/')[0] ?? ''}`) ?? []),
			...(this.patterns.get(call.task) ?? []),
		].filter(
			({ line, fits }) =>
				(line.sample ?? call.sample) === call.sample &&
				(line.attempt ?? attempt) === attempt &&
				fits(call.about) &&
				(line.contains === undefined ||
					messages.some((message) => message.content.includes(line.contains ?? ''))),
		);
		return candidates.sort((a, b) => compare(b.rank, a.rank) || a.line.line - b.line.line)[0]?.line;
	}
}

/** Returns a test for `questionId` or `questionId/subject/skill/n`. */
function questionTest(id: string, skill: string | undefined, n: number | undefined): (about: string) => boolean {
	const expected = skill === undefined ? undefined : normaliseSkill(skill);
	return (about) => {
		if (about !== id && !about.startsWith(`${id}/`)) {
			return false;
		}
		const rest = about.slice(id.length + 1);
		const number = /(?:^|\/)(\d+)$/.exec(rest);
		const named = number ? rest.slice(0, number.index) : rest;
		return (
			(expected === undefined || normaliseSkill(named) === expected) &&
			(n === undefined || Number(number?.[1] ?? NaN) === n)
		);
	};
}

function aboutTest(pattern: string): (about: string) => boolean {
	if (!pattern.includes('*')) {
		return (about) => about === pattern;
	}
	const expression = new RegExp(
		`^${pattern
			.split(/\*+/)
			.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
			.join('[^]*')}$`,
	);
	return (about) => expression.test(about);
}

function normaliseSkill(skill: string): string {
	const slash = skill.indexOf('/');
	return `${normaliseSubject(skill.slice(0, Math.max(slash, 0)))}/${normaliseSkillName(skill.slice(slash + 1))}`;
}

function compare(a: readonly number[], b: readonly number[]): number {
	const at = a.findIndex((value, index) => value !== b[index]);
	return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
