import { useEffect, useRef } from 'preact/hooks';

/**
 * Calls `onRest` with the scroll position once scrolling has stopped, so that VS Code can store the position with the
 * page.
 */
export function useScrollRest(onRest: (top: number) => void): void {
	const latest = useRef(onRest);
	latest.current = onRest;
	useEffect(() => {
		let timer = 0;
		const scrolled = (): void => {
			clearTimeout(timer);
			timer = window.setTimeout(() => latest.current(Math.round(window.scrollY)), 200);
		};
		document.addEventListener('scroll', scrolled, { passive: true });
		return () => {
			clearTimeout(timer);
			document.removeEventListener('scroll', scrolled);
		};
	}, []);
}
