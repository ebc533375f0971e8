import { computed, signal } from '@preact/signals';

/** In seconds. Longer times are pauses and do not count. */
const longestLook = 120;

/** Measures how long the user looks at a problem before deciding on it. */
export class Pace {
	/** Seconds taken by the latest decisions, at most 50 of them. */
	readonly looks = signal<readonly number[]>([]);
	/** Median of the seconds taken by the latest decisions; `null` if there are too few yet. */
	readonly seconds = computed(() => {
		const sorted = [...this.looks.value].sort((left, right) => left - right);
		return sorted.length < 3 ? null : (sorted[Math.floor(sorted.length / 2)] ?? null);
	});
	private shownAt = 0;

	shown(): void {
		this.shownAt = performance.now();
	}

	decided(): void {
		const seconds = (performance.now() - this.shownAt) / 1000;
		if (seconds < longestLook) {
			this.looks.value = [...this.looks.value.slice(-49), Math.round(seconds * 100) / 100];
		}
	}
}
