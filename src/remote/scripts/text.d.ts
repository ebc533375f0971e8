/** esbuild bundles a script as its text (`loader: { '.sh': 'text' }`). */
declare module '*.sh' {
	const text: string;
	// eslint-disable-next-line no-restricted-exports -- the loader requires a default export
	export default text;
}
