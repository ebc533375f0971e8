// A teacher that actually reads its prompts. It runs behind HTTP like a paid teacher and gets only the product's
// prompts. It checks a written answer step by step, rewrites solutions, writes questions for a skill and solves them.
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '../../../src/core/stats/random.ts';
import { drawWithoutReplacement, randomStream } from '../../../src/core/stats/random.ts';
import type { DialSkill } from './dial.ts';
import { allSkills, firstWrong, readQuestion, solutionText, work } from './dial.ts';
import { composeFor } from './world.ts';

/**
 * What a teacher does with the skill that it found. `uniform` names a random skill from the list. `shuffled` replaces
 * each skill by another one, always the same one: the profile then has the right shape on the wrong skills.
 */
export const teacherKinds = ['faithful', 'noisy', 'uniform', 'shuffled'] as const;
export type TeacherKind = (typeof teacherKinds)[number];

/** The probability that `noisy` names a random skill. */
export const noise = 0.4;

export interface TeacherSettings {
	readonly seed: number;
	/** `rare/frequent` pairs that the teacher must not use in new questions, since they belong to the harder split. */
	readonly pairs: ReadonlySet<string>;
}

const tag = (prompt: string, name: string): string => {
	const [open, close] = [prompt.indexOf(`<${name}>`), prompt.lastIndexOf(`</${name}>`)];
	return open < 0 || close < open ? '' : prompt.slice(open + name.length + 2, close).trim();
};

/** Returns the reply to one of the product's prompts. `time`: how often this exact prompt was sent before. */
export function replyTo(prompt: string, kind: TeacherKind, { seed, pairs }: TeacherSettings, time: number): string {
	const random = randomStream(seed, 'teacher', kind, prompt, String(time));
	if (prompt.includes('<student_answer>')) {
		return diagnosis(prompt, kind, seed, random);
	}
	if (prompt.includes('<reference_questions>')) {
		const made = composeFor(tag(prompt, 'skill_name') as DialSkill, pairs, random);
		return (
			`<reason>The number at that moment decides.</reason>\n<draft>${made.question} It shows ` +
			`${made.answer}.</draft>\n<question>${made.question}</question>`
		);
	}
	const read = readQuestion(tag(prompt, 'question'));
	const worked = read && work(read.start, read.chain);
	return worked
		? solutionText(worked.steps, worked.result, 1 + random.int(3))
		: 'This cannot be solved: \\boxed{unsolvable}';
}

function diagnosis(prompt: string, kind: TeacherKind, seed: number, random: Random): string {
	const steps = tag(prompt, 'student_answer')
		.split(/^\[\d+\] /m)
		.slice(1)
		.map((step) => step.trim());
	const found = firstWrong(tag(prompt, 'question'), steps);
	if (found === null) {
		return '<judge>correct</judge>\n<reason>Every step is right.</reason>\n<skill>none</skill>';
	}
	const named = namedSkill(found.skill, kind, seed, random);
	return (
		`<judge>incorrect</judge>\n<reason>Step ${found.step + 1} is the first that is ` +
		`wrong.</reason>\n<skill>${named}</skill>\n<step>${found.step + 1}</step>`
	);
}

function namedSkill(skill: DialSkill, kind: TeacherKind, seed: number, random: Random): DialSkill {
	const any = allSkills[random.int(allSkills.length)] as DialSkill;
	if (kind === 'uniform' || (kind === 'noisy' && random.int(1_000_000) < noise * 1_000_000)) {
		return any;
	}
	return kind === 'shuffled' ? elsewhere(skill, seed) : skill;
}

/** Returns another skill, always the same one for each skill: a rotation of a shuffled order. */
export function elsewhere(skill: DialSkill, seed: number): DialSkill {
	const order = drawWithoutReplacement(randomStream(seed, 'elsewhere'), allSkills, allSkills.length);
	return order[(order.indexOf(skill) + 1) % order.length] as DialSkill;
}

export interface RunningTeacher {
	/** Returns the base URL of a kind, for --teacher-url. */
	url(kind: TeacherKind): string;
	/** Number of calls answered so far. */
	readonly calls: () => number;
	close(): Promise<void>;
}

/** Starts an OpenAI-compatible endpoint on this machine, with one URL path per kind of teacher. */
export async function startTeacher(settings: TeacherSettings): Promise<RunningTeacher> {
	const times = new Map<string, number>();
	let calls = 0;
	const server: Server = createServer((request, response) => {
		let body = '';
		request
			.setEncoding('utf8')
			.on('data', (chunk: string) => (body += chunk))
			.on('end', () => {
				const kind = teacherKinds.find((known) => request.url?.startsWith(`/${known}/`));
				response.setHeader('content-type', 'application/json');
				if (kind === undefined || request.method !== 'POST') {
					response.statusCode = kind === undefined ? 404 : 200;
					return response.end(
						JSON.stringify({ object: 'list', data: [{ id: 'dial-teacher', object: 'model' }] }),
					);
				}
				const { messages } = JSON.parse(body) as { messages: readonly { readonly content: string }[] };
				const prompt = messages.map(({ content }) => content).join('\n');
				const key = `${kind} ${prompt}`;
				const time = times.get(key) ?? 0;
				times.set(key, time + 1);
				calls++;
				const content = replyTo(prompt, kind, settings, time);
				response.end(
					JSON.stringify({
						id: 'x',
						object: 'chat.completion',
						created: 0,
						model: 'dial-teacher',
						choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
						usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
					}),
				);
				return undefined;
			});
	});
	server.keepAliveTimeout = 60_000;
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: (kind) => `http://127.0.0.1:${port}/${kind}/v1`,
		calls: () => calls,
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}
