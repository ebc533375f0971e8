import '../base.css';
import './job.css';
import { button } from '../controls.ts';
import type { Child } from '../dom.ts';
import { h, Section } from '../dom.ts';
import { connect } from '../host.ts';
import { skeletonAfter } from '../states.ts';
import { Curves } from './curves.ts';
import type { JobPanelState, Remembered, ToHost, ToPage } from './protocol.ts';
import { toHost } from './protocol.ts';

const host = connect<ToHost, ToPage, Remembered>();
const root = document.getElementById('root') ?? document.body;
const curves = new Curves();

const head = new Section<JobPanelState>(
	h('header', { class: 'head' }),
	({ points, ...rest }) => [rest, points.length === 0],
	(job): Child[] => {
		const { state, fresh, detail, recipe, dataset, model, step, steps, eta, trusted } = job;
		const going = state === 'queued' || state === 'running';
		const facts: (readonly [string, string])[] = [
			['State', fresh ? state : `${state} when last heard of; its host does not answer`],
			...(detail !== '' && detail !== state ? [['It says', detail] as const] : []),
			['Host', job.host],
			['Model', model],
			['Step', step === null ? 'none yet' : steps === null ? String(step) : `${step.toLocaleString('en')} of ${steps.toLocaleString('en')}`],
			...(eta === null ? [] : [['Left', duration(eta)] as const]),
			...(job.sweep === null ? [] : sweepFacts(job.sweep)),
			...job.recipeInForce,
			['Started', job.createdAt.slice(0, 16).replace('T', ' ')],
			['Id', job.id],
		];
		return [
			h('h1', {}, `${recipe} · ${dataset ?? model}`),
			steps !== null && going ? h('progress', { max: steps, value: step ?? 0, 'aria-label': `step ${step ?? 0} of ${steps}` }) : null,
			h('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
			h('div', { class: 'buttons' },
				button({ label: 'Show Log', focus: 'log', onPress: () => host.post({ type: toHost.log }) }),
				going ? button({ label: 'Cancel…', focus: 'cancel', disabled: !trusted, onPress: () => host.post({ type: toHost.cancel }) }) : null,
				state === 'failed' || state === 'cancelled' || state === 'lost' ? button({ label: 'Resume', focus: 'resume', disabled: !trusted, onPress: () => host.post({ type: toHost.resume }) }) : null,
				state === 'done' ? button({ label: job.fetched ? 'Fetch Again' : 'Fetch Results', primary: !job.fetched, focus: 'fetch', disabled: !trusted, onPress: () => host.post({ type: toHost.fetch }) }) : null),
			job.points.length === 0 ? h('p', { class: 'waiting' }, going ? 'Curves appear with the first step.' : 'It told of no step.') : null,
		];
	},
);

function duration(seconds: number): string {
	return seconds < 90 ? `${Math.ceil(seconds)} s` : seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function sweepFacts({ lr, right, questions, winner, summary }: NonNullable<JobPanelState['sweep']>): (readonly [string, string])[] {
	return [
		['Learning rate', `${lr}, one of a sweep${winner ? '; the most accurate so far' : ''}`],
		...(right === null || questions === null ? [] : [['Validation', `${right} of ${questions} right (${((100 * right) / Math.max(1, questions)).toFixed(1)}%)`] as const]),
		['Sweep', summary],
	];
}

const page = h('div', { class: 'page', hidden: true }, head.element, curves.element);
const stateBox = h('div', { class: 'state' });
root.append(page, stateBox);
const stopSkeleton = skeletonAfter(stateBox, 200);

host.listen(({ state }) => {
	stopSkeleton();
	page.hidden = state.kind !== 'job';
	stateBox.hidden = state.kind === 'job';
	if (state.kind === 'job') {
		head.update(state);
		curves.update(state.points);
		host.remember({ id: state.id });
	} else {
		stateBox.replaceChildren(h('div', { class: 'message failed', role: 'alert' }, h('h1', {}, 'This could not be read'), h('p', {}, state.message)));
	}
});

host.post({ type: toHost.ready });
