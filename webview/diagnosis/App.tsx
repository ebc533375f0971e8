import type { JSX } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { connect } from '../kit/host.ts';
import { KeyList } from '../kit/KeyList.tsx';
import { Notices } from '../kit/Notices.tsx';
import { Banner, PanelPage } from '../kit/PanelPage.tsx';
import { Region } from '../kit/Region.tsx';
import { useScrollRest } from '../kit/useScrollRest.ts';
import { After } from './After.tsx';
import { Bar } from './Bar.tsx';
import { panelKeys } from './panelKeys.ts';
import { QuestionText } from './QuestionText.tsx';
import { DiagnosisStore, keyOf, StoreProvider, useStore } from './state.ts';
import { StudentColumn } from './StudentColumn.tsx';
import { TeacherColumn } from './TeacherColumn.tsx';
import type { View } from './view.ts';

export function App(): JSX.Element {
	const store = useMemo(() => new DiagnosisStore(connect()), []);
	const keys = useMemo(() => panelKeys(store), [store]);
	useScrollRest((top) => store.rememberScroll(top));
	const content = store.content.value;
	const view = store.view.value;
	const instead = content?.kind === 'question' ? null : (content ?? 'loading');
	return (
		<StoreProvider store={store}>
			<PanelPage
				instead={instead}
				emptyTitle="Nothing to show"
				beside={
					<>
						<Notices store={store.notices} />
						<KeyList keys={keys} open={store.areKeysShown} />
					</>
				}
			>
				{view ? <Content view={view} /> : null}
			</PanelPage>
		</StoreProvider>
	);
}

function Content({ view }: { readonly view: View }): JSX.Element {
	const store = useStore();
	const { state } = view;
	const key = keyOf(state);
	useLayoutEffect(() => window.scrollTo(0, store.scroll), [key]);
	return (
		<>
			<Bar state={state} />
			<Region class="banners">
				<Banner {...state.surroundings} waiting="Corrections and teacher calls" />
			</Region>
			<QuestionText question={state.question} />
			<div class="columns">
				<StudentColumn state={state} />
				<TeacherColumn view={view} />
			</div>
			<After state={state} />
		</>
	);
}
