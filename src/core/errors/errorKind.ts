/** What an error means to whoever called: `usage` exits 2, `cancelled` 130, the rest 1. */
export type ErrorKind = 'failed' | 'usage' | 'cancelled' | 'locked' | 'newer-schema' | 'read-only' | 'consent';
