/** esbuild bundles a script as its text (`loader: { '.sh': 'text' }`). */
declare module '*.sh' {
	const text: string;
	// eslint-disable-next-line no-restricted-exports -- the loader's own form
	export default text;
}
