import type { JSX } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { connect } from '../kit/host.ts';
import { KeyList } from '../kit/KeyList.tsx';
import { panelKeys } from './panelKeys.ts';
import { Notices } from '../kit/Notices.tsx';
import { PanelPage } from '../kit/PanelPage.tsx';
import { useScrollRest } from '../kit/useScrollRest.ts';
import { Chart } from './Chart.tsx';
import { Controls } from './Controls.tsx';
import { Head } from './Head.tsx';
import type { ProfilePanelState } from './protocol.ts';
import { SkillTable } from './SkillTable.tsx';
import { ProfileStore, StoreProvider } from './state.ts';
import { Thresholds } from './Thresholds.tsx';
import { WhatIf } from './WhatIf.tsx';

export function App(): JSX.Element {
	const store = useMemo(() => new ProfileStore(connect()), []);
	const keys = useMemo(() => panelKeys(store), [store]);
	const content = store.content.value;
	const isFirst = content === null;
	useLayoutEffect(() => {
		if (!isFirst && store.scrollAtFirst > 0) {
			window.scrollTo(0, store.scrollAtFirst);
		}
	}, [isFirst]);
	useScrollRest((top) => store.scrolled(top));
	const beside = (
		<>
			<Notices store={store.notices} />
			<KeyList keys={keys} open={store.areKeysOpen} />
		</>
	);
	return (
		<StoreProvider store={store}>
			{content?.kind === 'profile' ? (
				<PanelPage instead={null} beside={beside}>
					<Content state={content} />
				</PanelPage>
			) : (
				<PanelPage instead={content ?? 'loading'} emptyTitle="No profile yet" beside={beside}>
					{null}
				</PanelPage>
			)}
		</StoreProvider>
	);
}

function Content({ state }: { readonly state: ProfilePanelState }): JSX.Element {
	return (
		<>
			<Head state={state} />
			<Controls state={state} />
			<Chart state={state} />
			<WhatIf />
			<SkillTable />
			<Thresholds grid={state.grid} rule={state.rule} />
		</>
	);
}
