import type { DifficultyRule } from '../../src/core/difficulty/difficulty.ts';
import { difficultyDefaults } from '../../src/core/difficulty/difficulty.ts';
import { formatCost, formatCount, formatPercent } from '../../src/core/text/formatNumber.ts';
import { buildDefaults } from '../../src/core/datasets/paperPreset.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import type { WhatIf, WhatIfDials, WhatIfSkill, WhatIfTable } from '../../src/core/datasets/whatIf.ts';
import { fittingPairs, pairsWithinBudget, whatIf } from '../../src/core/datasets/whatIf.ts';
import { button } from '../kit/controls.tsx';
import { h } from '../kit/dom.ts';
import type { BuildWith, WhatIfOffer } from './protocol.ts';

type Method = DifficultyRule['method'] | 'now';

type Dials = Omit<WhatIfDials, 'rule' | 'off'>;

/** The form's own words, before they are dials. */
type Values = { -readonly [Name in keyof Dials]: Dials[Name] } & {
	method: Method;
	tau1: number;
	tau2: number;
	/** Of `answer`: the majority of that many is wrong. */
	votes: number;
	samples: number;
	words: number;
};

const shownAtFirst = 20;

/**
 * The dials of a build: what is turned is shown at once, computed here by the build's own selection. The form is made
 * once for each table, so that a dial being dragged is never taken from under the hand.
 */
export class WhatIfSection {
	readonly element = h('section', { class: 'what-if', 'aria-label': 'What if' });
	private offer: WhatIfOffer | undefined;
	private values: Values | undefined;
	private off = new Set<string>();
	private before: WhatIf | undefined;
	private readonly outputs = h('dl', { class: 'facts' });
	private readonly said = h('p', { class: 'sr', role: 'status', 'aria-live': 'polite' });
	private readonly note = h('p', { class: 'dim note' });
	private readonly body = h('tbody', {});
	private readonly moreBox = h('div', { class: 'more' });
	private readonly buildBox = h('div', { class: 'more' });
	private all = false;
	private frame = 0;
	private quiet = 0;

	constructor(
		/** Asks for the table, now and whenever it changes, or no more. */
		private readonly ask: (on: boolean) => void,
		private readonly build: (settings: BuildWith) => void,
	) {
		this.closed();
	}

	/** Opens, or closes. */
	toggle(): void {
		if (this.offer) {
			this.offer = undefined;
			this.closed();
			this.ask(false);
		} else {
			this.ask(true);
		}
	}

	show(offer: WhatIfOffer): void {
		const isFirst = this.offer === undefined;
		this.offer = offer;
		const rule = offer.table.rule;
		this.values ??= {
			method: 'now',
			tau1: rule?.method === 'reward' ? rule.tau1 : difficultyDefaults.tau1,
			tau2: rule?.method === 'reward' ? rule.tau2 : difficultyDefaults.tau2,
			votes: rule?.method === 'answer' ? rule.samples : 1,
			samples: rule?.method === 'consistency' ? rule.samples : difficultyDefaults.consistencySamples,
			words: rule?.method === 'length' ? rule.words : difficultyDefaults.words,
			...buildDefaults,
			answersFrom: 'teacher',
			price: offer.price,
			pace: offer.pace,
			budget: offer.budget,
		};
		if (isFirst) {
			this.off = new Set(offer.off);
			this.body.replaceChildren();
		}
		const held =
			document.activeElement instanceof HTMLElement && this.element.contains(document.activeElement)
				? document.activeElement.dataset['focus']
				: undefined;
		this.before = whatIf(offer.table, this.dials());
		this.element.replaceChildren(
			h(
				'div',
				{ class: 'what-if-head' },
				h('h2', {}, 'What if…'),
				button({ label: 'Close', key: 'W', focus: 'what-if', onPress: () => this.toggle() }),
			),
			h(
				'div',
				{ class: 'dials-and-facts' },
				this.form(offer),
				h('div', { class: 'outcome' }, this.outputs, this.note, this.buildBox),
			),
			h(
				'div',
				{ class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Skills of the build' },
				h(
					'table',
					{ class: 'what-if-skills' },
					h(
						'thead',
						{},
						h(
							'tr',
							{},
							...['Use', 'Skill', 'Missed', 'Pairs', 'Share of pairs', 'Training questions'].map(
								(title, at) => h('th', { scope: 'col', class: at > 1 ? 'numeric' : undefined }, title),
							),
						),
					),
					this.body,
				),
			),
			this.moreBox,
			this.said,
		);
		this.update();
		if (isFirst) {
			this.element.scrollIntoView({ block: 'start' });
			this.element.querySelector<HTMLElement>('select, input')?.focus({ preventScroll: true });
		} else if (held !== undefined) {
			[...this.element.querySelectorAll<HTMLElement>('[data-focus]')]
				.find((element) => element.dataset['focus'] === held)
				?.focus({ preventScroll: true });
		}
	}

	private closed(): void {
		this.element.replaceChildren(
			button({
				label: 'What if…',
				name: 'What if thresholds, skills, mix, size or budget were other…',
				key: 'W',
				focus: 'what-if',
				onPress: () => this.toggle(),
			}),
		);
	}

	private form({ table }: WhatIfOffer): HTMLElement {
		const has = (test: (question: WhatIfTable['questions'][number]) => boolean) => table.questions.some(test);
		const methods: [Method, string][] = [['now', 'as it is now']];
		if (has(({ digest }) => digest.verdicts.some((verdict) => verdict !== null))) {
			methods.push(['answer', 'wrong final answer']);
		}
		if (has(({ digest }) => digest.reward !== null)) {
			methods.push(['reward', 'process rewards']);
		}
		if (has(({ digest }) => digest.samples.length > 1)) {
			methods.push(['consistency', 'consistency']);
		}
		methods.push(['length', 'length of answers']);
		const only = (element: HTMLElement, ...of: Method[]): HTMLElement => {
			element.dataset['methods'] = of.join(' ');
			return element;
		};
		const form = h(
			'form',
			{ class: 'dials', onsubmit: (event) => event.preventDefault() },
			h(
				'fieldset',
				{},
				h('legend', {}, 'Difficult'),
				this.choice('Rule', 'method', methods),
				only(this.slider('τ1', 'tau1', 0, 1, 0.01), 'reward'),
				only(this.slider('τ2', 'tau2', 0, 1, 0.01), 'reward'),
				only(this.number('Wrong in most of', 'votes', 1, 1000), 'answer'),
				only(this.number('All differ, of', 'samples', 2, 1000), 'consistency'),
				only(this.number('Words, from', 'words', 1, 100_000), 'length'),
			),
			h(
				'fieldset',
				{},
				h('legend', {}, 'Cost'),
				this.choice('Answers', 'answersFrom', [
					['teacher', 'rewritten'],
					['original', 'original'],
				]),
				this.number('Price of one, USD', 'price', 0, 1000, 'any'),
				this.number('Answers a minute', 'pace', 1, 1_000_000),
				this.number('Budget, USD', 'budget', 0, 1_000_000, 'any'),
			),
			h(
				'fieldset',
				{},
				h('legend', {}, 'Selection'),
				this.number('Pairs, at most', 'pairs', 1, 10_000_000),
				this.number('Questions, at most', 'difficult', 1, 1_000_000),
				this.number('Draws for each skill', 'perSkill', 1, 1000),
				this.number('Answers a question', 'answers', 1, 100),
				this.slider('Mixed with P', 'mix', 0, 0.9, 0.05),
				this.choice('Skills weigh by', 'rank', [
					['share', 'times missed'],
					['exposure', 'rate where needed'],
				]),
				this.choice('Repeated draws', 'repeats', [
					['keep', 'kept'],
					['drop', 'dropped'],
				]),
				this.number('Seed', 'seed', 0, 2 ** 31),
			),
		);
		return form;
	}

	private field(label: string, control: HTMLElement, extra: HTMLElement | null = null): HTMLElement {
		return h('label', { class: 'dial' }, h('span', {}, label), control, extra);
	}

	private number(
		label: string,
		name:
			| 'votes'
			| 'samples'
			| 'words'
			| 'pairs'
			| 'difficult'
			| 'perSkill'
			| 'answers'
			| 'seed'
			| 'price'
			| 'pace'
			| 'budget',
		min: number,
		max: number,
		step: 'any' | 1 = 1,
	): HTMLElement {
		const input = h('input', {
			type: 'number',
			min,
			max,
			step,
			'data-focus': `dial:${name}`,
			placeholder: name === 'budget' ? 'none' : name === 'price' ? 'unknown' : undefined,
			value: this.values?.[name] === null ? '' : +(this.values?.[name] ?? 0).toPrecision(6),
		});
		input.addEventListener('input', () => {
			const values = this.values;
			const value = input.value.trim() === '' ? NaN : Number(input.value);
			const isRight = value >= min && value <= max && (step === 'any' || Number.isInteger(value));
			const isNone = input.value.trim() === '' && (name === 'price' || name === 'budget');
			input.setAttribute('aria-invalid', String(!isRight && !isNone));
			if (values && (isRight || isNone)) {
				// What is not a number yet is still being typed: the last one that was stands.
				Object.assign(values, { [name]: isNone ? null : value });
				this.later();
			}
		});
		return this.field(label, input);
	}

	private slider(label: string, name: 'tau1' | 'tau2' | 'mix', min: number, max: number, step: number): HTMLElement {
		const words = (value: number): string => (name === 'mix' ? `${Math.round(value * 100)} %` : value.toFixed(2));
		const shown = h('output', { 'aria-hidden': 'true' }, words(this.values?.[name] ?? min));
		const input = h('input', {
			type: 'range',
			min,
			max,
			step,
			value: this.values?.[name] ?? min,
			'data-focus': `dial:${name}`,
			'aria-valuetext': words(this.values?.[name] ?? min),
		});
		input.addEventListener('input', () => {
			if (this.values) {
				this.values[name] = Number(input.value);
				shown.textContent = words(this.values[name]);
				input.setAttribute('aria-valuetext', words(this.values[name]));
				this.later();
			}
		});
		return this.field(label, input, shown);
	}

	private choice(
		label: string,
		name: 'method' | 'rank' | 'repeats' | 'answersFrom',
		choices: readonly (readonly [value: string, words: string])[],
	): HTMLElement {
		const select = h(
			'select',
			{ 'data-focus': `dial:${name}` },
			...choices.map(([value, words]) => h('option', { value, selected: this.values?.[name] === value }, words)),
		);
		select.addEventListener('change', () => {
			if (this.values) {
				Object.assign(this.values, { [name]: select.value });
				this.later();
			}
		});
		return this.field(label, select);
	}

	private rule(): DifficultyRule | null {
		const { method, tau1, tau2, votes, samples, words } = this.values as Values;
		switch (method) {
			case 'now':
				return null;
			case 'reward':
				return { method, tau1, tau2 };
			case 'length':
				return { method, words };
			case 'answer':
				return { method, samples: votes };
			case 'consistency':
				return { method, samples };
		}
	}

	private dials(): WhatIfDials {
		return { ...(this.values as Values), rule: this.rule(), off: this.off };
	}

	/** Once a frame, however fast a dial is turned. */
	private later(): void {
		cancelAnimationFrame(this.frame);
		this.frame = requestAnimationFrame(() => this.update());
	}

	private update(): void {
		const { offer, values } = this;
		if (!offer || !values) {
			return;
		}
		const dials = this.dials();
		const now = whatIf(offer.table, dials);
		this.element.querySelectorAll<HTMLElement>('[data-methods]').forEach((element) => {
			element.hidden = !(element.dataset['methods'] ?? '').split(' ').includes(values.method);
		});
		const facts = this.facts(now);
		this.outputs.replaceChildren(
			...facts.flatMap(([name, value, was]) => [
				h('dt', {}, name),
				h(
					'dd',
					{},
					h('strong', {}, value),
					was === '' || was === value ? null : h('span', { class: 'dim' }, ` was ${was}`),
				),
			]),
		);
		this.note.textContent = notes(now, dials).join(' ');
		this.rows(now, dials);
		const needsRule = values.method !== 'now' && JSON.stringify(dials.rule) !== JSON.stringify(offer.table.rule);
		this.buildBox.replaceChildren(
			button({
				label: needsRule ? 'Classify and Build with These…' : 'Build with These…',
				primary: true,
				focus: 'build',
				disabled: !offer.trusted || now.pairs === 0,
				onPress: () => this.start(),
			}),
			...(fittingPairs(now) === null
				? []
				: [button({ label: 'Cut to Pairs That Fit', focus: 'cut-pairs', onPress: () => this.cutPairs(now) })]),
		);
		clearTimeout(this.quiet);
		this.quiet = window.setTimeout(
			() =>
				(this.said.textContent = facts
					.slice(0, 6)
					.map(([name, value]) => `${name}: ${value}`)
					.join('; ')),
			700,
		);
	}

	/** Name, value, and the value with the dials as they stood at first. */
	private facts(now: WhatIf): [string, string, string][] {
		const of = (what: WhatIf): string[] => [
			`${formatCount(what.difficult)}${what.unclassified > 0 ? `, ${formatCount(what.unclassified)} unclassified` : ''}`,
			`${formatCount(what.profiled)}${what.undiagnosed > 0 ? `, ${formatCount(what.undiagnosed)} to diagnose first` : ''}`,
			`${formatCount(what.pairs)}${what.rehearsal > 0 ? `, ${formatCount(what.rehearsal)} of them from all of P` : ''}`,
			formatCount(what.questions),
			formatCount(what.calls),
			formatCost(what.cost),
			what.calls === 0 ? 'none' : duration(what.minutes),
		];
		const was = this.before ? of(this.before) : [];
		return of(now).map((value, at) => [
			[
				'Difficult questions',
				'Profiled',
				'Pairs',
				'Distinct questions',
				'Answers to rewrite',
				'Cost, at most',
				'Teacher’s time, about',
			][at] ?? '',
			value,
			was[at] ?? '',
		]);
	}

	private rows(now: WhatIf, dials: WhatIfDials): void {
		const shown = this.all ? now.skills : now.skills.slice(0, shownAtFirst);
		const keys = shown.map(skillKey);
		const there = [...this.body.children].map((row) => (row as HTMLElement).dataset['skill'] ?? '');
		const [held] = [
			document.activeElement instanceof HTMLElement ? document.activeElement.dataset['focus'] : undefined,
		];
		if (keys.join('\n') !== there.join('\n')) {
			this.body.replaceChildren(...shown.map((skill) => this.row(skill)));
			if (held?.startsWith('use:')) {
				[...this.body.querySelectorAll<HTMLElement>('[data-focus]')]
					.find((element) => element.dataset['focus'] === held)
					?.focus();
			}
		}
		shown.forEach((skill, at) => {
			const cells = [...(this.body.children[at]?.children ?? [])];
			const isOff = dials.off.has(skillKey(skill));
			[
				formatCount(skill.questions),
				isOff ? '–' : formatCount(skill.pairs),
				isOff ? '–' : formatPercent(now.pairs === 0 ? null : skill.pairs / now.pairs),
				formatCount(skill.train),
			].forEach((text, cell) => {
				const element = cells[cell + 2];
				if (element && element.textContent !== text) {
					element.textContent = text;
				}
			});
			this.body.children[at]?.classList.toggle('off', isOff);
		});
		this.moreBox.replaceChildren(
			...(now.skills.length > shownAtFirst
				? [
						button({
							label: this.all
								? `Only the ${shownAtFirst} most missed`
								: `All ${now.skills.length} skills`,
							focus: 'what-if-all',
							onPress: () => ((this.all = !this.all), this.update()),
						}),
					]
				: []),
		);
	}

	private row(skill: WhatIfSkill): HTMLElement {
		const key = skillKey(skill);
		const box = h('input', {
			type: 'checkbox',
			'data-focus': `use:${key}`,
			'aria-label': `Use ${skillLabel(skill.name)}`,
			checked: !this.off.has(key),
		});
		box.addEventListener('change', () => {
			if (box.checked) {
				this.off.delete(key);
			} else {
				this.off.add(key);
			}
			this.later();
		});
		return h(
			'tr',
			{ 'data-skill': key },
			h('td', {}, box),
			h(
				'th',
				{ scope: 'row' },
				skillLabel(skill.name),
				h('span', { class: 'subject' }, skillLabel(skill.subject)),
			),
			h('td', { class: 'numeric' }),
			h('td', { class: 'numeric' }),
			h('td', { class: 'numeric' }),
			h('td', { class: 'numeric' }),
		);
	}

	/** Turns the dial of the pairs to what the budget pays for. */
	private cutPairs(now: WhatIf): void {
		const pairs = this.offer ? pairsWithinBudget(this.offer.table, this.dials(), now) : null;
		if (pairs === null) {
			return;
		}
		const input = this.element.querySelector<HTMLInputElement>('[data-focus="dial:pairs"]');
		if (input) {
			input.value = String(pairs);
			input.dispatchEvent(new Event('input'));
			input.focus();
		}
	}

	private start(): void {
		if (!this.offer) {
			return;
		}
		const { table } = this.offer;
		const {
			rule: wanted,
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
		} = this.dials();
		const rule = JSON.stringify(wanted) === JSON.stringify(table.rule) ? null : wanted;
		this.build({
			rule,
			skills: this.off.size === 0 ? null : table.skills.filter((skill) => !this.off.has(skillKey(skill))),
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
		});
	}
}

function notes(now: WhatIf, dials: WhatIfDials): string[] {
	const { pairs, undiagnosed, affordable, calls, used, profiled } = now;
	return [
		affordable !== null && affordable < calls
			? `The budget pays for ${formatCount(affordable)} of ${formatCount(calls)} answers: about ` +
				`${formatCount(fittingPairs(now) ?? 0)} pairs fit, and a build of more stops when it is used up.`
			: '',
		pairs < dials.pairs ? `Fewer than the ${formatCount(dials.pairs)} pairs asked for: the pool has no more.` : '',
		used < profiled ? `${formatCount(used)} of ${formatCount(profiled)} profiled questions are used.` : '',
		undiagnosed > 0 ? 'Questions without a diagnosis bring no pairs.' : '',
		dials.mix > 0 ? 'With a mix, distinct questions and answers are expected values.' : '',
	].filter(Boolean);
}

function duration(minutes: number): string {
	return minutes < 1
		? 'under a minute'
		: minutes < 90
			? `${Math.round(minutes)} min`
			: `${(minutes / 60).toFixed(1)} h`;
}
