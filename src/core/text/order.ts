/** Compares by code units: the same order on every machine, whatever its locale. */
export function compareText(left: string, right: string): number {
	if (left < right) {
		return -1;
	}
	return left > right ? 1 : 0;
}
