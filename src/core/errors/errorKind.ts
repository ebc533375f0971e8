/** What an error means for the caller's exit code: `usage` exits with 2, `cancelled` with 130, all others with 1. */
export type ErrorKind = 'failed' | 'usage' | 'cancelled' | 'locked' | 'newer-schema' | 'read-only' | 'consent';
