import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { panelKeys, roundsKeys } from './panelKeys.ts';
import { connect } from '../kit/host.ts';
import { KeyList } from '../kit/KeyList.tsx';
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
	const keys = useMemo(() => panelKeys(store), [store]);
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
					shortcut={shortcutOf(roundsKeys.report)}
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
