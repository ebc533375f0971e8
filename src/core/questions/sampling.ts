/**
 * How a student's answers are drawn where nothing else is set (sec. C.1): nearly greedy for pass@1, at temperature 1
 * where several answers to a question should differ. `maxTokens`: tokens of an answer, at most. The trainer holds the
 * same defaults (test/unit/core/training/settings.test.ts).
 */
export const samplingDefaults = { temperatureOfOne: 0.1, temperatureOfSeveral: 1, maxTokens: 2048, seed: 0 } as const;

/** The temperature for `samples` answers to a question. */
export function samplingTemperature(samples: number): number {
	return samples === 1 ? samplingDefaults.temperatureOfOne : samplingDefaults.temperatureOfSeveral;
}
