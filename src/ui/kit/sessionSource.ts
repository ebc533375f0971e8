import type { ProjectSession } from '../session/projectSession.ts';

/** Gives the window's project, looking for it first if need be. */
export type SessionSource = () => ProjectSession | null | Promise<ProjectSession | null>;
