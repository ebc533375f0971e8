import type { Workbench, WorkbenchOptions } from '../e2e/workbench.ts';

/** Takes the picture of what is on the screen now, in every theme and size that was asked for. */
export type Take = (name: string) => Promise<void>;

/** One project and the pictures taken of it. One scene a file in scenes/, exported as `scene`. */
export interface Scene {
	readonly workbench: WorkbenchOptions;
	readonly shoot: (bench: Workbench, take: Take) => Promise<void>;
}
