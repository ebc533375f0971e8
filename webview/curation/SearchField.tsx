import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

const label = 'Filter by words of the question';

export interface SearchFieldProps {
	/** The filter's text. */
	readonly text: string;
	/** Identifies the list: a different value means a different list. */
	readonly listKey: string;
	readonly field: RefObject<HTMLInputElement | null>;
	readonly onSearch: (text: string) => void;
	/** Called after Enter or Escape. */
	readonly onLeave: () => void;
}

/**
 * The field that filters by words. It filters a quarter of a second after the last key, or at once on Enter; Escape
 * empties it.
 */
export function SearchField({ text, listKey, field, onSearch, onLeave }: SearchFieldProps): JSX.Element {
	const timer = useRef(0);
	useLayoutEffect(() => {
		// A field that has the focus is left unchanged, because the user may be typing in it.
		if (field.current && document.activeElement !== field.current) {
			field.current.value = text;
		}
	}, [listKey]);
	useEffect(() => () => clearTimeout(timer.current), []);
	const latest = useRef(onSearch);
	latest.current = onSearch;
	const search = (): void => {
		clearTimeout(timer.current);
		latest.current(field.current?.value.trim() ?? '');
	};
	return (
		<input
			ref={field}
			type="search"
			class="combo-input search"
			placeholder={label}
			aria-label={label}
			autocomplete="off"
			spellcheck={false}
			onInput={() => {
				clearTimeout(timer.current);
				timer.current = window.setTimeout(search, 250);
			}}
			onKeyDown={(event) => {
				if (event.key === 'Enter' || event.key === 'Escape') {
					event.preventDefault();
					event.stopPropagation();
					if (event.key === 'Escape') {
						event.currentTarget.value = '';
					}
					search();
					onLeave();
				}
			}}
		/>
	);
}
