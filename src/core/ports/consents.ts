/**
 * `checker`: a command that grades answers. `host`: a machine that trains. `job`: a job that was launched from here, or
 * whose record from elsewhere was confirmed.
 */
export type ConsentKind = 'checker' | 'host' | 'job';

/** What a person allowed on this machine. */
export interface Consent {
	/** Eight hex digits, from kind, subject and hash. */
	readonly id: string;
	readonly kind: ConsentKind;
	/** The command, the host's name, or the job's ID. */
	readonly subject: string;
	/** SHA-256 of what was allowed, where the subject does not say all of it. */
	readonly hash: string | null;
	/** ISO time; `null` for hosts confirmed by an earlier version. */
	readonly when: string | null;
}

/** Consents of this person on this machine. They are stored outside of projects, so no project can give one. */
export interface Consents {
	list(): Promise<readonly Consent[]>;
	/** Whether the file of consents holds exactly this one. */
	has(consent: Pick<Consent, 'kind' | 'subject' | 'hash'>): Promise<boolean>;
	/** Replaces an earlier consent to the same subject. */
	add(consent: Pick<Consent, 'kind' | 'subject' | 'hash' | 'when'>): Promise<void>;
	/** Returns the withdrawn consent, or `null` if there is none with this ID. */
	withdraw(id: string): Promise<Consent | null>;
}
