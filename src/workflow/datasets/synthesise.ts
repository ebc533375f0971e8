import { Budget } from '../../core/ports/budget.ts';
import type { ItemFlag, ItemSolution, SynthesizedQuestion } from '../../core/curation/curation.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { referenceLines } from '../../core/ports/promptValues.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { SimilarityIndex } from '../../core/text/similarityIndex.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { SkillYield, SynthesisTarget, SynthesisYield } from '../../core/datasets/synthesis.ts';
import {
	drawReferences,
	emptyYield,
	inBuyingOrder,
	largestGroup,
	nextSlice,
	saysUnsolvable,
	targetKey,
} from '../../core/datasets/synthesis.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { AskResult } from '../asking/askTeacher.ts';
import { askTeacher, makeCall } from '../asking/askTeacher.ts';
import { questionsWithIds } from '../reading/chunks.ts';
import { QuestionFilter } from './synthesisFilters.ts';
import type { SynSettings } from './synSettings.ts';

/** A problem that the teacher's check of a new question can find. */
type Finding = 'unsolvable' | 'figure-needed' | 'skill-not-used';

/** A new question in progress. */
interface Proposal {
	readonly target: SynthesisTarget;
	readonly references: readonly QuestionId[];
	readonly question: string;
	readonly replyKey: string;
	readonly model: string;
	readonly promptVersion: string;
	readonly at: string;
}
type Candidate = Proposal & { readonly id: QuestionId; readonly flags: ItemFlag[] };

/** A target's calls in one round. */
interface PlannedTarget {
	readonly target: SynthesisTarget;
	readonly references: readonly QuestionId[];
	readonly calls: readonly TeacherCall[];
}

/** What new questions are made from. */
export interface SynthesisPools {
	/**
	 * The questions from which references are drawn: by target key (STAT-Syn: the Skill-Map) or, for targets without a
	 * skill, by difficult question (Embed-Syn: its neighbours).
	 */
	readonly pools: ReadonlyMap<string, readonly QuestionId[]>;
	/** Questions of the pools that are never references. */
	readonly unfit: ReadonlySet<QuestionId>;
}

/**
 * Samples of draws in which an unfit reference was replaced are numbered from here. Otherwise they would shift the
 * numbers of the other draws, and requests paid for by a version that replaced none would not be recognised.
 */
const firstReplacedSample = 1_000_000;

/**
 * Runs STAT-Syn (sec. 2.3) round by round: references, proposals, filters, solutions, agreement. A round buys its
 * targets in slices and stops once there are enough pairs. Replies arrive in any order but are used in the order of
 * their calls, so the same replies produce the same questions; replies that were paid for earlier are read from disk.
 */
export class Synthesis {
	readonly yield: SynthesisYield = emptyYield();
	readonly accepted: SynthesizedQuestion[] = [];
	calls = 0;
	cost: number | null = 0;
	failed = 0;
	/** Whether the budget was used up before every call was sent. */
	isOverBudget = false;
	/** Number of targets bought, over all rounds. */
	done = 0;
	/** Set once the budget is used up: stored replies are free, and nothing else is bought. */
	private onlyStored = false;
	private readonly skills = new Map<string, { -readonly [Field in keyof SkillYield]: SkillYield[Field] }>();
	/**
	 * How often the same references have been shown for the same skill; identical messages are distinguished by their
	 * sample.
	 */
	private readonly shown = new Map<string, number>();
	private readonly made = new SimilarityIndex();
	private readonly filter: QuestionFilter;

	constructor(
		private readonly parts: Parts,
		private readonly settings: SynSettings,
		private readonly sources: SynthesisPools,
		known: { readonly training: SimilarityIndex; readonly evaluation: SimilarityIndex },
		private readonly run: Run,
	) {
		this.filter = new QuestionFilter(settings.filters, known, this.made, this.yield);
	}

	get skillYields(): SkillYield[] {
		return [...this.skills].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, counts]) => ({ ...counts }));
	}

	/**
	 * Returns each target's proposal calls in a round, in the order of `targets`. Advances the count of identical
	 * messages, so each round must be planned only once, and as a whole.
	 */
	async proposalCalls(targets: readonly SynthesisTarget[], round: number): Promise<PlannedTarget[]> {
		const drawn = targets.map((target) =>
			drawReferences(
				this.settings.seed,
				target,
				round,
				this.sources.pools.get(target.skill ? targetKey(target) : target.forQuestion) ?? [],
				this.settings.references,
				this.sources.unfit,
			),
		);
		const texts = await questionsWithIds(this.parts.store, [
			...new Set(drawn.flatMap(({ references }) => references)),
		]);
		return targets.map((target, index) => {
			const { references: ids = [], changed = false } = drawn[index] ?? {};
			const references = ids.filter((id) => texts.has(id));
			const lines = referenceLines(references.map((id) => texts.get(id) ?? { text: '' }));
			const key = targetKey(target);
			const calls = Array.from({ length: this.settings.new }, (_, which) => {
				const same = `${key}\n${references.join()}${changed ? '\nreplaced' : ''}`;
				const shown = this.shown.get(same) ?? 0;
				this.shown.set(same, shown + 1);
				const sample = shown + (changed ? firstReplacedSample : 0);
				const about = `${target.forQuestion}/${key}/${round * this.settings.new + which}`;
				const common = { references: lines, hint: 'none' };
				const subject =
					(target.skill ? target.skill.subject : texts.get(references[0] ?? '')?.subject) || 'any';
				return target.skill
					? makeCall(this.parts, 'propose', about, { subject, skill: target.skill.name, ...common }, sample)
					: makeCall(this.parts, 'proposeNear', about, { subject, ...common }, sample);
			});
			return { target, references, calls };
		});
	}

	/**
	 * Runs one pass over the targets: in random order and in slices, until there are enough pairs. The paper's preset
	 * buys all of them, in their own order. Returns `false` once a scripted teacher's file has no replies left.
	 */
	async round(targets: readonly SynthesisTarget[], round: number): Promise<boolean> {
		const { pairs, preset, seed, solutions } = this.settings;
		const planned = await this.proposalCalls(targets, round);
		const left = preset === 'paper' ? planned : inBuyingOrder(seed, round, planned);
		const most = this.settings.new * solutions;
		let hasReplies = round === 0;
		while (left.length > 0 && (preset === 'paper' || this.yield.pool < pairs)) {
			this.onlyStored = this.isOverBudget;
			const isWhole = preset === 'paper' || this.onlyStored;
			const size = nextSlice({ pairs, pool: this.yield.pool, done: this.done, most });
			const slice = left.splice(0, isWhole ? left.length : size);
			const { proposals, exhausted } = await this.propose(slice, round);
			this.done += slice.length;
			hasReplies ||= !exhausted;
			await this.keep(await this.solve(this.distinct(proposals)));
		}
		return hasReplies;
	}

	private async propose(
		slice: readonly PlannedTarget[],
		round: number,
	): Promise<{ proposals: Proposal[]; exhausted: boolean }> {
		const planned = slice.flatMap(({ calls, ...rest }) => calls.map((call) => ({ call, ...rest })));
		const byAbout = new Map(planned.map((plan) => [plan.call.about, plan]));
		const found = new Map<string, Proposal>();
		const result = await this.ask(
			'Writing questions',
			planned.map(({ call }) => call),
			(text) => this.parts.replies.parseProposal(text),
			({ about }) => `propose/${about}`,
			({ call, reply, value }) => {
				const plan = byAbout.get(call.about);
				if (plan) {
					found.set(call.about, {
						target: plan.target,
						references: plan.references,
						question: value.question,
						replyKey: reply.key,
						model: reply.model,
						promptVersion: reply.promptVersion,
						at: reply.at,
					});
				}
			},
		);
		// A scripted teacher runs out of replies at some point, so calls of later rounds for which it has none do not
		// count as failed.
		const missing =
			round > 0
				? result.failures.filter(({ failure }) => failure.kind === 'missing').map(({ about }) => about)
				: [];
		if (missing.length > 0) {
			await this.parts.store.write('clearSetAside', {
				operation: this.operation,
				keys: missing.map((about) => `propose/${about}`),
			});
		}
		const unasked = new Set(missing);
		const failures = new Set(result.failures.map(({ about }) => about));
		this.failed -= missing.length;
		for (const { call, target } of planned) {
			const wasFound = found.has(call.about);
			if (unasked.has(call.about) || (!wasFound && !failures.has(call.about))) {
				continue;
			}
			this.yield.asked += 1;
			this.yield[wasFound ? 'parsed' : 'failed'] += 1;
			this.count(target, 'asked');
			if (wasFound) {
				this.count(target, 'parsed');
			}
		}
		const proposals = planned.flatMap(({ call }) => found.get(call.about) ?? []);
		return { proposals, exhausted: round > 0 && proposals.length === 0 && missing.length === planned.length };
	}

	private distinct(proposals: readonly Proposal[]): Candidate[] {
		const candidates: Candidate[] = [];
		for (const proposal of proposals) {
			const id = questionId(proposal.question);
			const flags = this.filter.flagsOf(proposal.question);
			if (flags) {
				this.made.add(id, proposal.question);
				this.yield.distinct += 1;
				this.count(proposal.target, 'distinct');
				candidates.push({ ...proposal, id, flags });
			}
		}
		return candidates;
	}

	private async solve(candidates: readonly Candidate[]): Promise<SynthesizedQuestion[]> {
		const { solutions, agree, filters } = this.settings;
		const calls = candidates.flatMap(({ id, question }) =>
			Array.from({ length: solutions }, (_, sample) => makeCall(this.parts, 'solve', id, { question }, sample)),
		);
		const found = new Map<QuestionId, (ItemSolution | undefined)[]>(candidates.map(({ id }) => [id, []]));
		const result = await this.ask(
			'Solving',
			calls,
			(text) => {
				const solution = this.parts.replies.parseSolution(text);
				return { solution, answer: this.parts.grader.extract(solution).answer };
			},
			({ about, sample }) => `solve/${about}/${sample}`,
			({ call, reply, value }) => {
				const of = found.get(call.about);
				if (of) {
					of[call.sample] = {
						sample: call.sample,
						text: value.solution,
						answer: value.answer,
						agrees: false,
						replyKey: reply.key,
					};
				}
			},
		);
		const settled = new Map<QuestionId, number>();
		for (const { about } of result.failures) {
			settled.set(about, (settled.get(about) ?? 0) + 1);
		}
		const consistent: SynthesizedQuestion[] = [];
		for (const { id, question, target, references, flags, replyKey, model, promptVersion, at } of candidates) {
			const bought = (found.get(id) ?? []).filter((solution) => solution !== undefined);
			if (bought.length + (settled.get(id) ?? 0) < solutions) {
				this.yield.unbought += 1;
				continue;
			}
			const answers = bought.map(({ answer }) => answer);
			const group = largestGroup(answers, await this.parts.grader.groups(answers));
			if (group.agree < agree) {
				this.yield.inconsistent += 1;
				continue;
			}
			if (
				answers.some((answer, index) => group.members.has(index) && saysUnsolvable(answer)) &&
				filters.unsolvable !== 'off'
			) {
				if (filters.unsolvable === 'drop') {
					this.yield.unsolvable += 1;
					continue;
				}
				flags.push({ kind: 'unsolvable', with: null, score: null });
			}
			this.yield.consistent += 1;
			this.count(target, 'consistent');
			const items = bought.map((solution, index) => ({ ...solution, agrees: group.members.has(index) }));
			const subject = target.skill?.subject || null;
			consistent.push({
				target,
				questionId: id,
				question,
				subject,
				skill: target.skill,
				forQuestion: target.forQuestion,
				references,
				solutions: items,
				agreement: { agree: group.agree, of: solutions },
				flags,
				replyKey,
				model,
				promptVersion,
				proposalVersion: promptVersion,
				at,
			});
		}
		return consistent;
	}

	/** Applies the teacher's check if it is on, then adds the remaining questions. */
	private async keep(consistent: readonly SynthesizedQuestion[]): Promise<void> {
		const checked =
			this.settings.filters.skill === 'off'
				? new Map<QuestionId, Finding | null>()
				: await this.check(consistent);
		for (const found of consistent) {
			const finding = checked.get(found.questionId) ?? null;
			if (finding !== null && this.settings.filters.skill === 'drop') {
				this.yield[lossOf(finding)] += 1;
				continue;
			}
			const flags = finding === null ? found.flags : [...found.flags, { kind: finding, with: null, score: null }];
			this.accepted.push({ ...found, flags });
			this.yield.kept += 1;
			this.yield.flagged += flags.length > 0 ? 1 : 0;
			this.yield.pool += found.agreement.agree;
			this.count(found.target, 'kept');
		}
	}

	private async check(questions: readonly SynthesizedQuestion[]): Promise<Map<QuestionId, Finding | null>> {
		const calls = questions.map(({ questionId: id, question, target }) =>
			makeCall(this.parts, 'check', `${id}/${targetKey(target)}`, { skill: target.skill?.name ?? '', question }),
		);
		const findings = new Map<QuestionId, Finding | null>();
		await this.ask(
			'Checking',
			calls,
			(text) => this.parts.replies.parseCheck(text),
			({ about }) => `check/${about}`,
			({ call, value }) => {
				findings.set(call.about.slice(0, call.about.indexOf('/')), findingOf(value));
			},
		);
		return findings;
	}

	private async ask<T>(
		label: string,
		calls: readonly TeacherCall[],
		parse: (text: string) => T,
		keyOf: (call: TeacherCall) => string,
		row: Parameters<typeof askTeacher<T, void>>[1]['row'],
	): Promise<AskResult> {
		const solver = label === 'Solving' ? this.parts.solver : undefined;
		const result = await askTeacher<T, void>(
			solver ? { ...this.parts, teacher: solver } : this.parts,
			// Nothing to write: the replies themselves are stored, and the dataset is written as a whole at the end.
			{
				operation: this.operation,
				label,
				calls,
				total: calls.length,
				parse,
				keyOf,
				row,
				write: async () => {},
				budget: this.onlyStored ? new Budget({ calls: 0 }) : this.settings.budget,
				hasAnswered: this.yield.parsed > 0,
			},
			this.run,
		);
		this.calls += result.calls;
		this.cost = this.cost === null || result.cost === null ? null : this.cost + result.cost;
		this.failed += result.failures.length;
		this.isOverBudget ||= result.overBudget > 0;
		return result;
	}

	private get operation(): string {
		return `build ${this.settings.name}`;
	}

	private count({ skill }: SynthesisTarget, stage: 'asked' | 'parsed' | 'distinct' | 'consistent' | 'kept'): void {
		if (!skill) {
			return;
		}
		const key = skillKey(skill);
		const counts = this.skills.get(key) ?? {
			subject: skill.subject,
			skill: skill.name,
			asked: 0,
			parsed: 0,
			distinct: 0,
			consistent: 0,
			kept: 0,
		};
		counts[stage] += 1;
		this.skills.set(key, counts);
	}
}

/** Returns what the teacher's check found, or `null` if it found nothing. */
function findingOf({ solvable, needsFigure, usesSkill }: ReturnType<Parts['replies']['parseCheck']>): Finding | null {
	if (!solvable) {
		return 'unsolvable';
	}
	if (needsFigure) {
		return 'figure-needed';
	}
	return usesSkill ? null : 'skill-not-used';
}

/** Returns the name of the count of questions dropped because of a finding. */
function lossOf(finding: Finding): 'skillUnused' | 'figures' | 'unsolvable' {
	switch (finding) {
		case 'skill-not-used':
			return 'skillUnused';
		case 'figure-needed':
			return 'figures';
		case 'unsolvable':
			return 'unsolvable';
	}
}
