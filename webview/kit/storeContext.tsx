import type { ComponentChildren, JSX } from 'preact';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/**
 * Creates a context that passes a panel's store to the components below its App. The store holds all state in signals;
 * App creates it, and modules hold no state. A component that reads `signal.value` while rendering is rendered again
 * when the signal changes.
 */
export function storeContext<Store extends object>(): {
	readonly StoreProvider: (props: { readonly store: Store; readonly children: ComponentChildren }) => JSX.Element;
	readonly useStore: () => Store;
} {
	const context = createContext<Store | null>(null);
	return {
		StoreProvider: ({ store, children }) => <context.Provider value={store}>{children}</context.Provider>,
		useStore: () => {
			const store = useContext(context);
			if (!store) {
				throw new Error('the component is outside of its StoreProvider');
			}
			return store;
		},
	};
}
