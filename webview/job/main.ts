import '../kit/base.css';
import './job.css';
import { countWords, percentWords } from '../../src/core/text/numberWords.ts';
import { button } from '../kit/controls.ts';
import type { Child } from '../kit/dom.ts';
import { h, Section } from '../kit/dom.ts';
import { connect } from '../kit/host.ts';
import { Page } from '../kit/page.ts';
import { Curves } from './curves.ts';
import type { JobPanelState, Remembered, ToHost, ToPage } from './protocol.ts';
import { toHost } from './protocol.ts';

const host = connect<ToHost, ToPage, Remembered>();
const curves = new Curves();

const head = new Section<JobPanelState>(
	h('header', { class: 'head' }),
	({ points, ...rest }) => [rest, points.length === 0],
	(job): Child[] => {
		const { state, recipe, dataset, model, step, steps, trusted } = job;
		const going = state === 'queued' || state === 'running';
		return [
			h('h1', {}, `${recipe} · ${dataset ?? model}`),
			h('p', { class: 'lead' }, sentence(job)),
			steps !== null && going
				? h('progress', { max: steps, value: step ?? 0, 'aria-label': `step ${step ?? 0} of ${steps}` })
				: null,
			h(
				'div',
				{ class: 'buttons' },
				state === 'done'
					? button({
							label: job.fetched ? 'Fetch Again' : 'Fetch Results',
							primary: !job.fetched,
							focus: 'fetch',
							disabled: !trusted,
							onPress: () => host.post({ type: toHost.fetch }),
						})
					: null,
				state === 'failed' || state === 'cancelled' || state === 'lost'
					? button({
							label: 'Resume',
							focus: 'resume',
							disabled: !trusted,
							onPress: () => host.post({ type: toHost.resume }),
						})
					: null,
				button({ label: 'Show Log', focus: 'log', onPress: () => host.post({ type: toHost.log }) }),
				going
					? button({
							label: 'Cancel…',
							focus: 'cancel',
							disabled: !trusted,
							onPress: () => host.post({ type: toHost.cancel }),
						})
					: null,
			),
			job.points.length === 0
				? h('p', { class: 'waiting' }, going ? 'Curves appear with the first step.' : 'It told of no step.')
				: null,
		];
	},
);

/** Under the curves: what does not change from step to step. */
const details = new Section<JobPanelState>(
	h('section', { class: 'details', 'aria-label': 'Details' }),
	({ host: where, model, sweep, recipeInForce, createdAt, id }) => [
		where,
		model,
		sweep,
		recipeInForce,
		createdAt,
		id,
	],
	(job): Child[] => {
		const facts: (readonly [string, string])[] = [
			['Model', job.model],
			['Host', job.host],
			...(job.sweep === null ? [] : sweepFacts(job.sweep)),
			...job.recipeInForce,
			['Started', moment(job.createdAt)],
			['Id', job.id],
		];
		return [
			h('h2', {}, 'Details'),
			h('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
		];
	},
);

/** How it stands, in one sentence, and what that means for who reads it. */
function sentence({ state, fresh, detail, host: where, createdAt, step, steps, eta, fetched }: JobPanelState): string {
	const at =
		step === null
			? ''
			: steps === null
				? `, step ${countWords(step)}`
				: `, step ${countWords(step)} of ${countWords(steps)}`;
	const says = detail !== '' && detail !== state ? ` It says: ${detail}` : '';
	if (!fresh) {
		return `${where} does not answer; when last heard of, the job was ${state}${at}.${says}`;
	}
	switch (state) {
		case 'running':
			return (
				`Running on ${where} since ` +
				`${moment(createdAt)}${at}${eta === null ? '' : `, ${duration(eta)} left`}. This window may be ` +
				`closed.${says}`
			);
		case 'queued':
			return `Waiting on ${where} since ${moment(createdAt)}. This window may be closed.${says}`;
		case 'done':
			return `Done on ${where}${at}. Its results are ${fetched ? 'fetched' : 'not fetched yet'}.${says}`;
		case 'failed':
			return `Failed on ${where}${at}.${says}`;
		case 'cancelled':
			return `Cancelled on ${where}${at}.${says}`;
		case 'lost':
			return `Lost: ${where} knows nothing more of it${at}.${says}`;
	}
}

/** In the reader's own time and manner. */
function moment(iso: string): string {
	return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function duration(seconds: number): string {
	return seconds < 90
		? `${Math.ceil(seconds)} s`
		: seconds < 5400
			? `${Math.ceil(seconds / 60)} min`
			: `${(seconds / 3600).toFixed(1)} h`;
}

function sweepFacts({
	lr,
	right,
	questions,
	winner,
	summary,
}: NonNullable<JobPanelState['sweep']>): (readonly [string, string])[] {
	return [
		['Learning rate', `${lr}, one of a sweep${winner ? '; the most accurate so far' : ''}`],
		...(right === null || questions === null
			? []
			: [
					[
						'Validation',
						`${right} of ${questions} right (${percentWords(right / Math.max(1, questions))})`,
					] as const,
				]),
		['Sweep', summary],
	];
}

const page = new Page([head.element, curves.element, details.element]);

host.listen(({ state }) => {
	if (state.kind === 'job') {
		page.show();
		head.update(state);
		details.update(state);
		curves.update(state.points);
		host.remember({ id: state.id });
	} else {
		page.showInstead(state);
	}
});

host.post({ type: toHost.ready });
