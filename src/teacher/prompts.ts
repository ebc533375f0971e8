import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Prompts } from '../core/ports/prompts.ts';
import { hashHex } from '../core/text/hash.ts';
import { StatError } from '../core/errors/statError.ts';
import type { TeacherTask } from '../core/ports/teacher.ts';
import type { PromptFile } from './promptFile.ts';
import { placeholder, readPromptFile } from './promptFile.ts';
import { refuseLink } from './refuseLink.ts';

/** Where prompts come from. */
export interface PromptSources {
	/** The built-in files (`dist/prompts`). */
	readonly folder: string;
	/** The user's edited copies (`.stat/prompts`), one `TASK.md` each; optional. */
	readonly userFolder: string | null;
}

/**
 * Versioned prompts. A user's copy is used as soon as it is saved, and provenance names it
 * (`diagnose@1+edited:1a2b3c4d`); a copy equal to the built-in one counts as built-in.
 * @throws StatError on rendering, naming the invalid file.
 */
export function createPrompts({ folder, userFolder }: PromptSources): Prompts {
	const builtIn = new Map<TeacherTask, { text: string; prompt: PromptFile }>();
	const edited = new Map<TeacherTask, { modified: number; size: number; version: string; prompt: PromptFile }>();

	function builtInPrompt(task: TeacherTask): { text: string; prompt: PromptFile } {
		let found = builtIn.get(task);
		if (!found) {
			const file = path.join(folder, `${task}.md`);
			const text = readFileSync(file, 'utf8');
			found = { text, prompt: readPromptFile(text, task, file) };
			builtIn.set(task, found);
		}
		return found;
	}

	function promptFor(task: TeacherTask): { prompt: PromptFile; version: string } {
		const own = builtInPrompt(task);
		const ownVersion = `${task}@${own.prompt.version}`;
		const file = userFolder === null ? null : path.join(userFolder, `${task}.md`);
		if (userFolder !== null && file !== null) {
			refuseLink(userFolder);
			refuseLink(file);
		}
		const stat = file === null ? undefined : statSync(file, { throwIfNoEntry: false });
		if (file === null || !stat?.isFile()) {
			return { prompt: own.prompt, version: ownVersion };
		}
		let copy = edited.get(task);
		if (copy?.modified !== stat.mtimeMs || copy.size !== stat.size) {
			if (stat.size > 1e6) {
				throw new StatError('teacher.promptTooLarge', { file, size: Math.round(stat.size / 1e6) });
			}
			const text = readFileSync(file, 'utf8');
			const prompt = readPromptFile(text, task, file);
			const same = text.replace(/\r\n/g, '\n').trim() === own.text.replace(/\r\n/g, '\n').trim();
			copy = {
				modified: stat.mtimeMs,
				size: stat.size,
				prompt,
				version: same ? ownVersion : `${task}@${prompt.version}+edited:${hashHex(text).slice(0, 8)}`,
			};
			edited.set(task, copy);
		}
		return copy;
	}

	return {
		render(task, values) {
			const { prompt, version } = promptFor(task);
			const rename = freshFences(prompt.fences, Object.values(values));
			const messages = prompt.sections.map(({ role, text }) => ({
				role,
				content: fill(rename(text), values, task),
			}));
			return { messages, version, sampling: prompt.sampling, expectedOutputTokens: prompt.expectedOutputTokens };
		},
	};
}

/** One pass: a value that contains `{{…}}` is text. */
function fill(template: string, values: Readonly<Record<string, string>>, task: TeacherTask): string {
	return template.replace(placeholder, (_, name: string) => {
		const value = Object.hasOwn(values, name) ? values[name] : undefined;
		if (value === undefined) {
			throw new TypeError(`prompt ${task}: no value for {{${name}}}`);
		}
		return value;
	});
}

/**
 * Values are inserted verbatim, so a student's `</student_answer>` would end its fence early and the rest would read as
 * ours. If any value contains a fence's tag, that fence gets a number that no value contains.
 */
function freshFences(fences: readonly string[], values: readonly string[]): (template: string) => string {
	const renamed = new Map<string, string>();
	for (const fence of fences) {
		const taken = (tag: string) =>
			values.some((value) => new RegExp(`<\\s{0,9}/?\\s{0,9}${tag}(?![a-z0-9_])`, 'i').test(value));
		let tag = fence;
		for (let number = 2; taken(tag); number++) {
			tag = `${fence}_${number}`;
		}
		if (tag !== fence) {
			renamed.set(fence, tag);
		}
	}
	return (template) =>
		renamed.size === 0
			? template
			: template.replace(/<(\/?)(\w{1,40})>/g, (whole, slash: string, tag: string) =>
					renamed.has(tag) ? `<${slash}${renamed.get(tag) ?? tag}>` : whole,
				);
}
