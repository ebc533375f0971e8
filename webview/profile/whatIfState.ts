import { batch, signal } from '@preact/signals';
import { buildDefaults } from '../../src/core/datasets/buildDefaults.ts';
import type { WhatIf, WhatIfDials } from '../../src/core/datasets/whatIf.ts';
import { pairsWithinBudget, whatIf } from '../../src/core/datasets/whatIf.ts';
import type { DifficultyRule } from '../../src/core/difficulty/difficulty.ts';
import { answerRule, difficultyDefaults, rightBelowOf } from '../../src/core/difficulty/difficulty.ts';
import { skillKey } from '../../src/core/skills/skill.ts';
import type { ToHost, WhatIfOffer } from './protocol.ts';
import { toHost } from './protocol.ts';

/** `now`: the questions' current classification. */
export type Method = DifficultyRule['method'] | 'now';

/** The content of the form, which {@link WhatIfStore.dials} turns into dials. */
export interface Values extends Omit<WhatIfDials, 'rule' | 'off'> {
	readonly method: Method;
	readonly tau1: number;
	readonly tau2: number;
	/**
	 * For `answer`: the number of samples read. A question is difficult if fewer than `rightBelow` of them are right.
	 */
	readonly votes: number;
	readonly rightBelow: number;
	readonly samples: number;
	readonly words: number;
}

export interface Outcome {
	readonly dials: WhatIfDials;
	readonly now: WhatIf;
	/** The outcome with the dials as they were when the table arrived. */
	readonly before: WhatIf;
}

/** The dials of a build. The page computes the outcome with the same selection as the build itself. */
export class WhatIfStore {
	/** `null` while the dials are closed. */
	readonly offer = signal<WhatIfOffer | null>(null);
	/** `null` if the dials have never been opened. The values remain after they are closed. */
	readonly values = signal<Values | null>(null);
	/** Keys of excluded skills. */
	readonly off = signal<ReadonlySet<string>>(new Set());
	readonly outcome = signal<Outcome | null>(null);
	/** Whether all skills are shown, or only the most missed. */
	readonly isAll = signal(false);
	private frame = 0;

	constructor(private readonly post: (message: ToHost) => void) {}

	/** Opens the dials, which requests the table now and whenever it changes; or closes them. */
	toggle(): void {
		const isOpen = this.offer.value !== null;
		this.offer.value = null;
		this.post({ type: toHost.whatIf, on: !isOpen });
	}

	show(offer: WhatIfOffer): void {
		batch(() => {
			this.values.value ??= valuesAtFirst(offer);
			if (this.offer.value === null) {
				this.off.value = new Set(offer.off);
			}
			this.offer.value = offer;
			const dials = this.dials(this.values.value);
			const now = whatIf(offer.table, dials);
			this.outcome.value = { dials, now, before: now };
		});
	}

	set<Name extends keyof Values>(name: Name, value: Values[Name]): void {
		if (this.values.value) {
			const votes = name === 'votes' ? { rightBelow: rightBelowOf(Number(value)) } : {};
			this.values.value = { ...this.values.value, ...votes, [name]: value };
			this.computeSoon();
		}
	}

	use(key: string, isUsed: boolean): void {
		const off = new Set(this.off.value);
		if (isUsed) {
			off.delete(key);
		} else {
			off.add(key);
		}
		this.off.value = off;
		this.computeSoon();
	}

	toggleAll(): void {
		this.isAll.value = !this.isAll.value;
	}

	/** Lowers the number of pairs to what the budget can pay for. */
	cutPairs(): void {
		const [offer, outcome] = [this.offer.value, this.outcome.value];
		const pairs = offer && outcome ? pairsWithinBudget(offer.table, outcome.dials, outcome.now) : null;
		if (pairs !== null) {
			this.set('pairs', pairs);
		}
	}

	/** Whether a build with these dials would first classify the questions by another rule. */
	needsRule({ rule }: WhatIfDials): boolean {
		return rule !== null && JSON.stringify(rule) !== JSON.stringify(this.offer.value?.table.rule);
	}

	build(): void {
		const [offer, values] = [this.offer.value, this.values.value];
		if (!offer || !values) {
			return;
		}
		const dials = this.dials(values);
		const { rule, off, seed, difficult, perSkill, answers, repeats, pairs, mix, rank, answersFrom, budget } = dials;
		const used = offer.table.skills.filter((skill) => !off.has(skillKey(skill)));
		this.post({
			type: toHost.build,
			settings: {
				rule: this.needsRule(dials) ? rule : null,
				skills: off.size === 0 ? null : used,
				seed,
				difficult,
				perSkill,
				answers,
				repeats,
				pairs,
				mix,
				rank,
				answersFrom,
				budget,
			},
		});
	}

	private dials(values: Values): WhatIfDials {
		return { ...values, rule: ruleOf(values), off: this.off.value };
	}

	/** Computes the outcome once per frame, however fast a dial is turned. */
	private computeSoon(): void {
		cancelAnimationFrame(this.frame);
		this.frame = requestAnimationFrame(() => {
			const [offer, values, outcome] = [this.offer.value, this.values.value, this.outcome.value];
			if (offer && values && outcome) {
				const dials = this.dials(values);
				this.outcome.value = { dials, now: whatIf(offer.table, dials), before: outcome.before };
			}
		});
	}
}

function valuesAtFirst({ table: { rule }, price, pace, budget }: WhatIfOffer): Values {
	return {
		method: 'now',
		tau1: rule?.method === 'reward' ? rule.tau1 : difficultyDefaults.tau1,
		tau2: rule?.method === 'reward' ? rule.tau2 : difficultyDefaults.tau2,
		votes: rule?.method === 'answer' ? rule.samples : 1,
		rightBelow: (rule?.method === 'answer' ? rule.rightBelow : undefined) ?? 1,
		samples: rule?.method === 'consistency' ? rule.samples : difficultyDefaults.consistencySamples,
		words: rule?.method === 'length' ? rule.words : difficultyDefaults.words,
		...buildDefaults,
		answersFrom: 'teacher',
		price,
		pace,
		budget,
	};
}

function ruleOf({ method, tau1, tau2, votes, rightBelow, samples, words }: Values): DifficultyRule | null {
	switch (method) {
		case 'now':
			return null;
		case 'reward':
			return { method, tau1, tau2 };
		case 'length':
			return { method, words };
		case 'answer':
			return answerRule(votes, rightBelow);
		case 'consistency':
			return { method, samples };
	}
}
