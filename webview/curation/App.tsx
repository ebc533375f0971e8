import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { connect } from '../kit/host.ts';
import { KeyList } from '../kit/KeyList.tsx';
import { Notices } from '../kit/Notices.tsx';
import type { PanelPageProps } from '../kit/PanelPage.tsx';
import { Banner, PanelPage } from '../kit/PanelPage.tsx';
import { Region } from '../kit/Region.tsx';
import { ActionBar } from './ActionBar.tsx';
import { AskHint } from './AskHint.tsx';
import { AskReason } from './AskReason.tsx';
import { PageElements } from './elements.ts';
import { FilterBar } from './FilterBar.tsx';
import { Header } from './Header.tsx';
import { curationKeys } from './keys.ts';
import { Problem } from './Problem.tsx';
import type { CurationState } from './protocol.ts';
import { QueueList } from './QueueList.tsx';
import { RepairOffer } from './RepairOffer.tsx';
import { CurationStore, StoreProvider, useStore } from './state.ts';

export function App(): JSX.Element {
	const store = useMemo(() => new CurationStore(connect()), []);
	const elements = useMemo(() => new PageElements(), []);
	return (
		<StoreProvider store={store}>
			<Page elements={elements} />
		</StoreProvider>
	);
}

function Page({ elements }: { readonly elements: PageElements }): JSX.Element {
	const store = useStore();
	useWindow(store);
	return (
		<PanelPage
			instead={insteadOf(store.queue.content.value)}
			emptyTitle="Nothing to curate"
			class={store.isListVisible.value ? 'with-list' : undefined}
			beside={
				<>
					<Notices store={store.notices} />
					<Keys elements={elements} />
					<Dialogs />
				</>
			}
		>
			<Header />
			<Banners />
			<FilterBar elements={elements} />
			<Body elements={elements} />
		</PanelPage>
	);
}

function insteadOf(content: CurationState | null): PanelPageProps['instead'] {
	if (content === null) {
		return 'loading';
	}
	return content.kind === 'queue' ? null : content;
}

/** Tracks whether the window has room for the list, and stops ignoring keys when it gets the focus. */
function useWindow(store: CurationStore): void {
	useLayoutEffect(() => {
		const measure = (): void => {
			store.hasRoom.value = window.innerWidth >= 900;
		};
		measure();
		window.addEventListener('resize', measure);
		return () => window.removeEventListener('resize', measure);
	}, [store]);
	useEffect(() => {
		const hear = (): void => store.hear();
		window.addEventListener('focus', hear);
		return () => window.removeEventListener('focus', hear);
	}, [store]);
}

/** Explains why some actions are disabled. */
function Banners(): JSX.Element {
	const { state } = useStore().queue;
	const queue = state.value;
	return (
		<Region class="banners">
			{queue ? (
				<Banner readOnly={queue.readOnly} trusted={queue.trusted} waiting="Decisions and teacher calls" />
			) : null}
		</Region>
	);
}

/** The list, the problem, and its actions. */
function Body({ elements }: { readonly elements: PageElements }): JSX.Element {
	const store = useStore();
	const isListVisible = store.isListVisible.value;
	useLayoutEffect(() => {
		if (!isListVisible && document.activeElement === elements.list.current) {
			// A hidden element cannot keep the focus, so Tab would start at the top.
			elements.problem.current?.focus();
		}
	}, [isListVisible]);
	return (
		<div class="body">
			<QueueList box={elements.list} />
			<div class="detail">
				<Problem box={elements.problem} />
				<RepairOffer />
				<ActionBar />
			</div>
		</div>
	);
}

function Keys({ elements }: { readonly elements: PageElements }): JSX.Element {
	const store = useStore();
	const keys = useMemo(() => curationKeys(store, elements), [store, elements]);
	return <KeyList keys={store.isDeaf.value ? [] : keys} open={store.isKeyListOpen} />;
}

function Dialogs(): JSX.Element | null {
	const dialog = useStore().dialog.value;
	if (dialog === null) {
		return null;
	}
	return dialog.kind === 'reason' ? <AskReason dialog={dialog} /> : <AskHint dialog={dialog} />;
}
