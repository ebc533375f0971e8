import type { ReplyParsers } from '../../core/ports/prompts.ts';
import { MalformedReply } from '../../core/ports/teacher.ts';
import { skillNamesIn, skillsIn } from './matchSkills.ts';
import type { TagSet } from './replyTags.ts';
import { tagSets, visibleReply, wholeReply } from './replyTags.ts';
import { readVector } from './vectorText.ts';

/**
 * Parses replies in the paper's tags (sec. 2.2, 2.3, C.3). Pure; strict about content, lenient about form: the last
 * complete tag set wins. Throws `MalformedReply`, which causes the call to be retried.
 */
export const replyParsers: ReplyParsers = {
	parseEmbedding: readVector,

	parseDiagnosis(text, offered) {
		let problem = 'no <judge>correct</judge> or <judge>incorrect</judge>';
		for (const set of answers(text, ['judge', 'reason', 'skill', 'step'])) {
			const correct = judged(set.get('judge'));
			if (correct === undefined) {
				continue;
			}
			const reason = set.get('reason') ?? '';
			if (correct) {
				return { judge: 'correct', reason, skills: [], offList: [], firstWrongStep: null };
			}
			const { skills, offList } = skillsIn(set.get('skill') ?? '', offered);
			if (skills.length > 0) {
				return { judge: 'incorrect', reason, skills, offList, firstWrongStep: stepIndex(set.get('step')) };
			}
			problem =
				offList.length > 0
					? `judged incorrect, but no skill named is on the list: ${excerpt(offList.join(', '))}`
					: 'judged incorrect, but <skill> names none';
		}
		throw malformed(text, problem);
	},

	parseLabel(text, offered, max = 5) {
		for (const set of answers(text, ['skill', 'reason'])) {
			const content = set.get('skill');
			if (content === undefined) {
				continue;
			}
			const { skills, offList, none } = skillsIn(content, offered);
			if (skills.length > 0 || none) {
				return { skills: skills.slice(0, max), offList, reason: set.get('reason') ?? '' };
			}
			throw malformed(text, `no skill named is on the list: ${excerpt(offList.join(', '))}`);
		}
		throw malformed(text, 'no <skill> with names from the list');
	},

	parseJudge(text) {
		for (const set of answers(text, ['judge', 'reason'])) {
			const correct = judged(set.get('judge'));
			if (correct !== undefined) {
				return { correct, reason: set.get('reason') ?? '' };
			}
		}
		throw malformed(text, 'no <judge>correct</judge> or <judge>incorrect</judge>');
	},

	parseSolution(text, needsBox = true) {
		const inTags = answers(text, ['solution'])[0]?.get('solution');
		const solution = needsBox ? (inTags ?? visibleReply(text)) : wholeReply(text);
		if (solution === '') {
			throw malformed(text, 'no solution');
		}
		if (!needsBox) {
			return solution;
		}
		const box = solution.lastIndexOf('\\boxed');
		if (box < 0) {
			throw malformed(text, 'no final answer in \\boxed{}');
		}
		if (!closesItsBraces(solution, box)) {
			throw malformed(text, "the final answer's \\boxed{ is never closed");
		}
		if (/^\\boxed\s{0,20}\{\s{0,20}\}/.test(solution.slice(box, box + 60))) {
			throw malformed(text, 'the final \\boxed{} is empty');
		}
		return solution;
	},

	parseProposal(text) {
		for (const set of answers(text, ['reason', 'draft', 'question'])) {
			const question = set.get('question');
			if (question !== undefined && question.length >= 8) {
				return { question, reason: set.get('reason') ?? '', draft: set.get('draft') ?? '' };
			}
		}
		throw malformed(text, 'no <question> with the new question');
	},

	parseCatalogNames(text, max = 3) {
		for (const set of answers(text, ['skill', 'reason'])) {
			const names = skillNamesIn(set.get('skill') ?? '');
			if (names.length > 0) {
				return { names: names.slice(0, max), reason: set.get('reason') ?? '' };
			}
		}
		throw malformed(text, 'no <skill> with the names of skills');
	},

	parseClusters(text, listed) {
		const known = new Map(listed.map((name) => [skillNamesIn(name)[0] ?? name, name]));
		const clusters = new Map<string, string[]>();
		const unknown: string[] = [];
		for (const set of tagSets(text, ['skill', 'member'])) {
			const name = skillNamesIn(set.get('skill') ?? '')[0];
			if (name === undefined) {
				continue;
			}
			for (const member of skillNamesIn(set.get('member') ?? '')) {
				const original = known.get(member);
				if (original === undefined) {
					unknown.push(member);
				} else {
					// A name listed in two groups stays in the first one.
					known.delete(member);
					clusters.set(name, [...(clusters.get(name) ?? []), original]);
				}
			}
		}
		const missing = [...known.values()];
		if (clusters.size === 0 || missing.length > listed.length / 2) {
			throw malformed(
				text,
				clusters.size === 0
					? 'no <cluster> with a <skill> and its <members>'
					: `${missing.length} of ${listed.length} names are in no group`,
			);
		}
		return { clusters: [...clusters].map(([name, members]) => ({ name, members })), missing, unknown };
	},

	parseCheck(text) {
		for (const set of answers(text, ['reason', 'solvable', 'figure', 'uses'])) {
			const [solvable, figure, uses] = [yes(set.get('solvable')), yes(set.get('figure')), yes(set.get('uses'))];
			if (solvable !== undefined && figure !== undefined && uses !== undefined) {
				return { solvable, needsFigure: figure, usesSkill: uses, reason: set.get('reason') ?? '' };
			}
		}
		throw malformed(text, 'no yes or no in each of <solvable>, <figure> and <uses>');
	},
};

/** Returns the tag sets, last one first. */
function answers(text: string, names: readonly string[]): TagSet[] {
	return tagSets(text, names).reverse();
}

/** Parses a verdict; `undefined` if it says neither or both (an echo of `correct|incorrect`). */
function judged(content: string | undefined): boolean | undefined {
	if (content === undefined || content.length > 200) {
		return undefined;
	}
	if (/\b(?:partially|partly|mostly|almost|nearly)\s+(?:correct|right|true)\b/i.test(content)) {
		return false;
	}
	const wrong = /\b(?:incorrect|not\s+(?:correct|right|true)|wrong|false)\b/gi;
	const right = /\b(?:correct|right|true)\b/i.test(content.replace(wrong, ' '));
	const isWrong = content.search(wrong) >= 0;
	return right === isWrong ? undefined : right;
}

function yes(content: string | undefined): boolean | undefined {
	const token = /^\W{0,4}(yes|no|true|false)\b(?!\s+or\b)/i.exec(content ?? '')?.[1]?.toLowerCase();
	return token === undefined ? undefined : token === 'yes' || token === 'true';
}

/** Steps are displayed from 1, whereas our indexes start at 0. */
function stepIndex(content: string | undefined): number | null {
	const step = Number(/^\D{0,12}(\d{1,4})(?!\d)/.exec(content ?? '')?.[1] ?? 0);
	return step >= 1 ? step - 1 : null;
}

function closesItsBraces(text: string, from: number): boolean {
	let depth = 0;
	for (let index = text.indexOf('{', from); index >= 0 && index < text.length; index++) {
		const character = text[index];
		if (character === '\\') {
			index++;
		} else if (character === '{') {
			depth++;
		} else if (character === '}' && --depth === 0) {
			return true;
		}
	}
	// `\boxed 5` has no braces to close.
	return depth === 0;
}

function malformed(text: string, problem: string): MalformedReply {
	const shown = visibleReply(text);
	return new MalformedReply(shown === '' ? 'the reply is empty' : `${problem}; the reply begins “${excerpt(shown)}”`);
}

function excerpt(text: string): string {
	const line = text.slice(0, 400).replace(/\s+/g, ' ').trim();
	return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
