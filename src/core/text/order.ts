/** Compares by code units, so that the order is the same on every machine, regardless of its locale. */
export function compareText(left: string, right: string): number {
	if (left < right) {
		return -1;
	}
	return left > right ? 1 : 0;
}
