import { StatError } from '../core/errors/statError.ts';
import type { Sampling, TeacherTask } from '../core/ports/teacher.ts';
import { promptPlaceholders } from '../core/ports/promptValues.ts';

/** Content of a prompt file, in which `{{name}}` stands for a value. */
export interface PromptFile {
	readonly version: number;
	readonly sampling: Sampling;
	readonly expectedOutputTokens: number;
	/** Sections in file order. */
	readonly sections: readonly { readonly role: 'system' | 'user'; readonly text: string }[];
	/** Tags that enclose untrusted values: `<tag>` directly around one placeholder. */
	readonly fences: readonly string[];
}

const fields = {
	name: 'text',
	version: 'number',
	temperature: 'number',
	topP: 'number',
	maxTokens: 'number',
	expectedOutputTokens: 'number',
} as const;
export const placeholder = /\{\{\s{0,3}([A-Za-z]\w{0,40})\s{0,3}\}\}/g;

/**
 * Reads a prompt file: front matter between `---` lines, then `# System` and `# User`. The placeholders must be exactly
 * those of the task.
 * @throws StatError naming file and line.
 */
export function readPromptFile(text: string, task: TeacherTask, file: string): PromptFile {
	const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
	const end = lines.indexOf('---', 1);
	if (lines[0] !== '---' || end < 0) {
		throw new StatError('teacher.promptStart', { file });
	}
	const values = frontMatter(lines.slice(1, end), file);
	if (values.get('name') !== task) {
		throw new StatError('teacher.promptName', { file, name: values.get('name') ?? '', task });
	}
	const number = (field: string) => {
		const value = values.get(field);
		return value === undefined ? undefined : Number(value);
	};
	const version = number('version');
	if (version === undefined || !Number.isInteger(version) || version < 1) {
		throw new StatError('teacher.promptVersion', { file });
	}
	const sections = sectionsOf(lines, end + 1, file);
	const found = new Set(
		sections.flatMap(({ text }) => [...text.matchAll(placeholder)].map((match) => match[1] ?? '')),
	);
	const required: readonly string[] = promptPlaceholders[task];
	const [missing, unknown] = [
		required.filter((name) => !found.has(name)),
		[...found].filter((name) => !required.includes(name)),
	];
	if (missing.length + unknown.length > 0) {
		const braced = (names: readonly string[]) => `{{${names.join('}}, {{')}}}`;
		throw missing.length > 0
			? new StatError('teacher.promptMissing', { file, names: braced(missing), expected: braced(required) })
			: new StatError('teacher.promptUnknown', { file, names: braced(unknown), expected: braced(required) });
	}
	const [temperature, topP, maxTokens] = [number('temperature'), number('topP'), number('maxTokens')];
	const fences = new Set(
		sections.flatMap(({ text }) =>
			[...text.matchAll(/<(\w{1,40})>\s{0,4}\{\{\s{0,3}\w{1,40}\s{0,3}\}\}\s{0,4}<\/\1>/g)].map(
				(match) => match[1] ?? '',
			),
		),
	);
	return {
		version,
		sampling: {
			...(temperature === undefined ? {} : { temperature }),
			...(topP === undefined ? {} : { topP }),
			...(maxTokens === undefined ? {} : { maxTokens }),
		},
		expectedOutputTokens: number('expectedOutputTokens') ?? 300,
		sections,
		fences: [...fences],
	};
}

function frontMatter(lines: readonly string[], file: string): Map<string, string> {
	const values = new Map<string, string>();
	for (const [index, line] of lines.entries()) {
		if (line.trim() === '') {
			continue;
		}
		const match = /^(\w+):\s*(.*?)\s*$/.exec(line);
		const [field = '', value = ''] = [match?.[1], match?.[2]];
		if (!Object.hasOwn(fields, field)) {
			throw new StatError('teacher.promptField', {
				file,
				line: index + 2,
				fields: Object.keys(fields).join(', '),
			});
		}
		if (
			fields[field as keyof typeof fields] === 'number' &&
			!(value !== '' && Number(value) >= 0 && Number.isFinite(Number(value)))
		) {
			throw new StatError('teacher.promptNumber', { file, line: index + 2, field, value: value.slice(0, 60) });
		}
		values.set(field, value);
	}
	return values;
}

function sectionsOf(lines: readonly string[], from: number, file: string): PromptFile['sections'] {
	const sections: { role: 'system' | 'user'; text: string }[] = [];
	let current: string[] | undefined;
	for (let index = from; index < lines.length; index++) {
		const line = lines[index] ?? '';
		const role = /^# (System|User)\s*$/.exec(line)?.[1]?.toLowerCase();
		if (role === 'system' || role === 'user') {
			current = [];
			const own = current;
			sections.push({
				role,
				get text() {
					return own.join('\n').trim();
				},
			});
		} else if (current) {
			current.push(line);
		} else if (line.trim() !== '') {
			throw new StatError('teacher.promptText', { file, line: index + 1 });
		}
	}
	if (!sections.some(({ role, text }) => role === 'user' && text !== '')) {
		throw new StatError('teacher.promptNoUser', { file });
	}
	return sections.map(({ role, text }) => ({ role, text }));
}
