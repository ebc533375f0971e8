import { computed, signal } from '@preact/signals';

/** Longer times are pauses. */
const longestLook = 120;

/** How long a person looks at a problem before deciding on it. */
export class Pace {
	/** The seconds of the latest decisions, at most 50. */
	readonly looks = signal<readonly number[]>([]);
	/** The median seconds of the latest decisions; `null` if there are too few yet. */
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
