import type { ProjectSession } from '../session/projectSession.ts';

/** Returns the window's project; looks for it first if necessary. */
export type SessionSource = () => ProjectSession | null | Promise<ProjectSession | null>;
