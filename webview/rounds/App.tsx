import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Button } from '../kit/controls.tsx';
import { connect } from '../kit/host.ts';
import { KeyList } from '../kit/KeyList.tsx';
import type { Key } from '../kit/keys.ts';
import { Notices } from '../kit/Notices.tsx';
import { PanelPage } from '../kit/PanelPage.tsx';
import { Controls } from './Controls.tsx';
import { Flips } from './Flips.tsx';
import { Lineage } from './Lineage.tsx';
import type { RoundsState } from './protocol.ts';
import { Skills } from './Skills.tsx';
import { RoundsStore, StoreProvider, useStore } from './state.ts';
import { Summary } from './Summary.tsx';

export function App(): JSX.Element {
	const store = useMemo(() => new RoundsStore(connect()), []);
	const keys = useMemo(() => keysOf(store), [store]);
	const content = store.content.value;
	const beside = (
		<>
			<Notices store={store.notices} />
			<KeyList keys={keys} open={store.areKeysOpen} />
		</>
	);
	return (
		<StoreProvider store={store}>
			{content?.kind === 'rounds' ? (
				<PanelPage instead={null} beside={beside}>
					<Content state={content} />
				</PanelPage>
			) : (
				<PanelPage instead={content ?? 'loading'} beside={beside}>
					{null}
				</PanelPage>
			)}
		</StoreProvider>
	);
}

function keysOf(store: RoundsStore): readonly Key[] {
	return [
		{ keys: ['a'], shown: 'A', does: 'all skills, or the ten most missed', run: () => store.toggleAll() },
		{
			keys: ['f'],
			shown: 'F',
			does: 'switch between questions that turned right and wrong',
			run: () => store.showSide(store.side.value === 'right' ? 'wrong' : 'right'),
		},
		{ keys: ['r'], shown: 'R', does: 'report as Markdown', run: () => store.report() },
		{ keys: ['c'], shown: 'C', does: 'copy the skills as Markdown', run: () => store.copy() },
		{ keys: ['s'], shown: 'S', does: 'swap before and after', run: () => store.swap() },
		{
			keys: ['?'],
			shown: '?',
			does: 'this list',
			run: () => (store.areKeysOpen.value = !store.areKeysOpen.value),
		},
	];
}

function Content({ state }: { readonly state: RoundsState }): JSX.Element {
	const { compared } = state;
	return (
		<>
			<Head trusted={state.trusted} />
			<Lineage state={state} />
			<Controls state={state} />
			<Summary state={state} />
			{compared && compared.skills.length > 0 ? <Skills compared={compared} /> : null}
			{compared && compared.right + compared.wrong > 0 ? <Flips compared={compared} /> : null}
		</>
	);
}

function Head({ trusted }: { readonly trusted: boolean }): JSX.Element {
	const store = useStore();
	return (
		<header class="head">
			<h1>Rounds</h1>
			<div class="buttons">
				<Button
					label="Report"
					shortcut="R"
					focus="report"
					name="Report as Markdown"
					onPress={() => store.report()}
				/>
				<Button
					label="Next Round…"
					focus="next"
					disabled={!trusted}
					name="Start the next round from a finished job…"
					onPress={() => store.takeNextRound()}
				/>
			</div>
		</header>
	);
}
