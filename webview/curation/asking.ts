import type { RejectReason } from '../../src/core/curation/curation.ts';
import { button } from '../kit/controls.tsx';
import { h } from '../kit/dom.ts';
import { reasons, reasonWords } from './view.ts';

/** A small dialog over the item; closing it gives the focus back. */
class Asking {
	readonly element = h('dialog', { class: 'keys asking', onclose: () => this.element.replaceChildren() });

	protected open(label: string, ...children: readonly HTMLElement[]): void {
		this.element.setAttribute('aria-label', label);
		this.element.replaceChildren(h('h2', {}, label), ...children);
		this.element.showModal();
	}
}

/** Why is it rejected? A digit answers at once; words may be written first. */
export class AskReason extends Asking {
	ask(what: string, onAnswer: (reason: RejectReason, note: string | null) => void): void {
		const note = h('input', {
			type: 'text',
			class: 'combo-input',
			maxlength: 2000,
			placeholder: 'In your words, if you like (Tab)',
			'aria-label': 'In your words',
			autocomplete: 'off',
		});
		const answer = (reason: RejectReason): void => {
			const words = note.value.trim();
			this.element.close();
			onAnswer(reason, words === '' ? null : words);
		};
		const list = h(
			'ol',
			{ class: 'reasons' },
			...reasons.map((reason, index) =>
				h(
					'li',
					{},
					h(
						'button',
						{ type: 'button', class: 'plain reason', onclick: () => answer(reason) },
						h('kbd', { 'aria-hidden': 'true' }, String(index + 1)),
						` ${reasonWords[reason]}`,
					),
				),
			),
		);
		const onKey = (event: KeyboardEvent): void => {
			const reason = reasons[Number(event.key) - 1];
			if (event.target === note) {
				if (event.key === 'Enter' && note.value.trim() !== '') {
					event.preventDefault();
					answer('other');
				}
			} else if (reason && !event.ctrlKey && !event.altKey && !event.metaKey) {
				event.preventDefault();
				answer(reason);
			}
			event.stopPropagation();
		};
		const box = h(
			'div',
			{ onkeydown: (event) => onKey(event as KeyboardEvent) },
			list,
			note,
			h('p', { class: 'dim' }, 'Enter in the field rejects for “another reason”, with your words. Esc leaves.'),
		);
		this.open(`Why is ${what} rejected?`, box);
		list.querySelector('button')?.focus();
	}
}

/** What should the teacher do differently? */
export class AskHint extends Asking {
	ask(before: string, onAnswer: (hint: string) => void): void {
		const field = h('textarea', {
			class: 'combo-input hint-field',
			rows: 3,
			maxlength: 2000,
			placeholder: 'e.g. use a rate that is not a whole number, and ask for the time',
			'aria-label': 'Hint for the teacher',
		});
		field.value = before;
		const send = (): void => {
			const hint = field.value.trim();
			if (hint === '') {
				field.focus();
				return;
			}
			this.element.close();
			onAnswer(hint);
		};
		const onKey = (event: KeyboardEvent): void => {
			if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
				event.preventDefault();
				send();
			}
			event.stopPropagation();
		};
		const box = h(
			'div',
			{ onkeydown: (event) => onKey(event as KeyboardEvent) },
			field,
			h(
				'p',
				{ class: 'dim' },
				'The teacher writes another question for the same skill and references, and solves it ' +
					'again. What it costs is said before. The old one stays in the history.',
			),
			h(
				'div',
				{ class: 'actions' },
				button({ label: 'Ask the teacher', key: 'Enter', primary: true, onPress: send }),
				button({ label: 'Leave', key: 'Esc', onPress: () => this.element.close() }),
			),
		);
		this.open('What should the new question be like?', box);
		field.focus();
		field.select();
	}
}
