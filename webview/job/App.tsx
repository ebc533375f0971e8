import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { connect } from '../kit/host.ts';
import { PanelPage } from '../kit/PanelPage.tsx';
import { Curves } from './Curves.tsx';
import { Details, formatTime } from './Details.tsx';
import type { JobPanelContent, JobPanelState } from './protocol.ts';
import { JobStore, StoreProvider, useStore } from './state.ts';

export function App(): JSX.Element {
	const store = useMemo(() => new JobStore(connect()), []);
	return (
		<StoreProvider store={store}>
			<Content content={store.content.value} />
		</StoreProvider>
	);
}

function Content({ content }: { readonly content: JobPanelContent | null }): JSX.Element {
	if (content?.kind !== 'job') {
		return <PanelPage instead={content ?? 'loading'}>{null}</PanelPage>;
	}
	return (
		<PanelPage instead={null}>
			<Head job={content} />
			<Curves points={content.points} />
			<Details job={content} />
		</PanelPage>
	);
}

/** The job's state, progress and actions. */
function Head({ job }: { readonly job: JobPanelState }): JSX.Element {
	const { state, recipe, dataset, model, step, steps } = job;
	const isGoing = state === 'queued' || state === 'running';
	return (
		<header class="head">
			<h1>{`${recipe} · ${dataset ?? model}`}</h1>
			<p class="lead">{sentence(job)}</p>
			{steps !== null && isGoing ? (
				<progress max={steps} value={step ?? 0} aria-label={`step ${step ?? 0} of ${steps}`} />
			) : null}
			<Actions job={job} isGoing={isGoing} />
			{job.points.length === 0 ? (
				<p class="waiting">{isGoing ? 'Curves appear with the first step.' : 'It reported no steps.'}</p>
			) : null}
		</header>
	);
}

function Actions({ job, isGoing }: { readonly job: JobPanelState; readonly isGoing: boolean }): JSX.Element {
	const store = useStore();
	const { state, fetched, trusted } = job;
	const canResume = state === 'failed' || state === 'cancelled' || state === 'lost';
	return (
		<div class="buttons">
			{state === 'done' ? (
				<Button
					label={fetched ? 'Fetch Again' : 'Fetch Results'}
					primary={!fetched}
					focus="fetch"
					disabled={!trusted}
					onPress={() => store.fetch()}
				/>
			) : null}
			{canResume ? (
				<Button label="Resume" focus="resume" disabled={!trusted} onPress={() => store.resume()} />
			) : null}
			<Button label="Show Log" focus="log" onPress={() => store.showLog()} />
			{isGoing ? (
				<Button label="Cancel…" focus="cancel" disabled={!trusted} onPress={() => store.cancel()} />
			) : null}
		</div>
	);
}

/** Describes the job's state in one sentence, with what it means for the reader. */
function sentence(job: JobPanelState): string {
	const { state, fresh, detail, host, createdAt, eta, fetched } = job;
	const at = progressOf(job);
	const says = detail !== '' && detail !== state ? ` It says: ${detail}` : '';
	if (!fresh) {
		return `${host} does not answer; the last known state of the job is ${state}${at}.${says}`;
	}
	switch (state) {
		case 'running': {
			const left = eta === null ? '' : `, ${formatDuration(eta)} left`;
			return `Running on ${host} since ${formatTime(createdAt)}${at}${left}. This window may be closed.${says}`;
		}
		case 'queued':
			return `Waiting on ${host} since ${formatTime(createdAt)}. This window may be closed.${says}`;
		case 'done':
			return `Done on ${host}${at}. Its results are ${fetched ? 'fetched' : 'not fetched yet'}.${says}`;
		case 'failed':
			return `Failed on ${host}${at}.${says}`;
		case 'cancelled':
			return `Cancelled on ${host}${at}.${says}`;
		case 'lost':
			return `Lost: ${host} no longer knows the job${at}.${says}`;
	}
}

function progressOf({ step, steps }: JobPanelState): string {
	if (step === null) {
		return '';
	}
	return steps === null ? `, step ${formatCount(step)}` : `, step ${formatCount(step)} of ${formatCount(steps)}`;
}

function formatDuration(seconds: number): string {
	if (seconds < 90) {
		return `${Math.ceil(seconds)} s`;
	}
	return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
