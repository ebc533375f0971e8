import type { Workbench, WorkbenchOptions } from '../e2e/workbench.ts';

/** Takes a screenshot of the current screen, in every requested theme and size. */
export type Take = (name: string) => Promise<void>;

/** One project and its screenshots. There is one scene per file in scenes/, exported as `scene`. */
export interface Scene {
	readonly workbench: WorkbenchOptions;
	readonly shoot: (bench: Workbench, take: Take) => Promise<void>;
}
