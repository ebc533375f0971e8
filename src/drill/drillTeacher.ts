import { randomStream } from '../core/stats/random.ts';
import { normaliseSkillName } from '../core/skills/skill.ts';
import type { Message } from '../core/text/message.ts';
import type { TeacherCall } from '../core/ports/teacher.ts';
import type { Transport } from '../core/ports/transport.ts';
import { TransportError } from '../core/ports/transport.ts';
import { groupsReply, labelReply, namesReply } from './drillNames.ts';
import { checkWorking } from './checkWorking.ts';

export interface DrillTeacherOptions {
	/** Probability in [0, 1] that the skill named is a random one from the list. */
	readonly noise: number;
	readonly seed: number;
}

/**
 * Creates a teacher that reads. It receives only the prompt's messages, finds the question, steps and skill list in
 * them, checks every step and answers in the paper's tags. It replaces the model beneath the real cache, pace and
 * parsing.
 */
export function drillTransport(options: DrillTeacherOptions): Transport {
	return {
		async send({ messages, call }) {
			return { text: replyTo(call.task, messages, options), usage: null, truncated: false };
		},
		models: async () => ['drill-teacher'],
	};
}

function replyTo(task: TeacherCall['task'], messages: readonly Message[], options: DrillTeacherOptions): string {
	const prompt = messages.map(({ content }) => content).join('\n');
	const question = section(prompt, 'question');
	switch (task) {
		case 'diagnose':
			return diagnosisOf(messages, options);
		case 'catalogName':
			return namesReply(question, options);
		case 'catalogCluster':
			return groupsReply(linesOf(section(prompt, 'skill_list')), options);
		case 'label':
			return labelReply(question, linesOf(section(prompt, 'skill_list')), options);
		default:
			throw new TransportError('missing', `the drill's teacher can name skills, label and diagnose, not ${task}`);
	}
}

/** Returns the reply to one diagnosis prompt, using only its text. */
export function diagnosisOf(messages: readonly Message[], { noise, seed }: DrillTeacherOptions): string {
	const prompt = messages.map(({ content }) => content).join('\n');
	const skills = linesOf(section(prompt, 'skill_list'));
	const question = section(prompt, 'question');
	const steps = section(prompt, 'student_answer')
		.split(/^\[\d+\] /m)
		.slice(1);
	const finding = checkWorking(question, steps);
	if (!finding) {
		return (
			'<judge>correct</judge>\n<reason>Every step follows from the question and from the steps before ' +
			'it.</reason>\n<skill>none</skill>'
		);
	}
	const chance = randomStream(seed, 'teacher', prompt);
	const listed = skills.find((skill) => finding.skill !== null && normaliseSkillName(skill) === finding.skill);
	const blind = chance.int(1_000_000) < noise * 1_000_000;
	// The teacher has to name a skill, even if the wrong step needs none of those on the list.
	const named = blind || listed === undefined ? skills[chance.int(Math.max(1, skills.length))] : listed;
	return (
		`<judge>incorrect</judge>\n<reason>Step ${finding.step + 1} is the first one that is wrong, at ` +
		`“$${finding.formula}$”: ` +
		`${finding.why}.</reason>\n<skill>${named ?? ''}</skill>\n<step>${finding.step + 1}</step>`
	);
}

const linesOf = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');

/**
 * Returns the text between a pair of the prompt's tags: the last such pair, because a question may contain tags of its
 * own.
 */
function section(prompt: string, tag: string): string {
	const open = prompt.indexOf(`<${tag}>`);
	const close = prompt.lastIndexOf(`</${tag}>`);
	return open < 0 || close < open ? '' : prompt.slice(open + tag.length + 2, close).trim();
}
