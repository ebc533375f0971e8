/**
 * Default sampling settings for a student's answers (sec. C.1): nearly greedy for pass@1, and temperature 1 when
 * several answers per question should differ. `maxTokens` is the maximum length of an answer. The trainer has the same
 * defaults (test/unit/core/training/settings.test.ts).
 */
export const samplingDefaults = { temperatureOfOne: 0.1, temperatureOfSeveral: 1, maxTokens: 2048, seed: 0 } as const;

/** Returns the default temperature for `samples` answers per question. */
export function samplingTemperature(samples: number): number {
	return samples === 1 ? samplingDefaults.temperatureOfOne : samplingDefaults.temperatureOfSeveral;
}
