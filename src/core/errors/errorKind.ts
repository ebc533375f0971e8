/** The consequence of an error for the caller: `usage` exits 2, `cancelled` 130, the others 1. */
export type ErrorKind = 'failed' | 'usage' | 'cancelled' | 'locked' | 'newer-schema' | 'read-only' | 'consent';
