/**
 * Sampling defaults for a student's answers (sec. C.1): nearly greedy for pass@1, temperature 1 if several answers per
 * question should differ. `maxTokens`: maximum tokens of an answer. The trainer has the same defaults
 * (test/unit/core/training/settings.test.ts).
 */
export const samplingDefaults = { temperatureOfOne: 0.1, temperatureOfSeveral: 1, maxTokens: 2048, seed: 0 } as const;

/** The default temperature for `samples` answers per question. */
export function samplingTemperature(samples: number): number {
	return samples === 1 ? samplingDefaults.temperatureOfOne : samplingDefaults.temperatureOfSeveral;
}
