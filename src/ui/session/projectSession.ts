import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import type { Consents } from '../../core/ports/consents.ts';
import type { Hosts, JobFiles } from '../../core/ports/hosts.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { Store, Topic } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';
import { mementoKeys, settingIds } from '../ids.ts';

/**
 * What can change under a view: the store's topics (changed by this process or another one), the scope in view, and the
 * skills ticked for a build.
 */
export type SessionTopic = Topic | 'scope' | 'chosenSkills';

/** The project of one window, shared by every view, panel and command. */
export interface ProjectSession {
	/** The workspace folder that contains `.stat`. */
	readonly root: vscode.Uri;
	/**
	 * Opens the store on first use (sql.js is loaded then, not on activation). `teacher` is always null here: a teacher
	 * is created only when the user does something that needs one.
	 */
	parts(): Promise<Parts>;
	/** Does the same, with the project's jobs and this machine's hosts and consents; connects to nothing. */
	hostParts(): Promise<HostParts>;
	/** Throws until {@link parts} has resolved once. */
	readonly store: Store;
	/**
	 * Returns the student and round in view: the user's choice as long as it exists, else the latest import; `null` if
	 * there are no answers.
	 */
	scope(): Promise<Scope | null>;
	setScope(scope: Scope): Promise<void>;
	/** Whether a skill is selected for builds. Skills are selected until they are unticked; new ones start selected. */
	isChosen(skill: SkillRef): boolean;
	setChosen(changes: readonly (readonly [SkillRef, boolean])[]): Promise<void>;
	/** Fires with the set of what changed; changes in quick succession are combined. */
	readonly onDidChange: vscode.Event<ReadonlySet<SessionTopic>>;
	/** Returns the author of corrections: the setting, else git's user.name, else the operating system's user. */
	author(): string;
}

export type HostParts = Parts & { readonly hosts: Hosts; readonly jobs: JobFiles; readonly consents: Consents };

/** The opened parts of a project, which startStudio.ts connects. `close` ends what opening started. */
export interface OpenedParts {
	readonly parts: Parts;
	readonly hosts: Hosts;
	readonly jobs: JobFiles;
	readonly consents: Consents;
	close(): Promise<void>;
}

export class FolderSession implements ProjectSession, vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<ReadonlySet<SessionTopic>>();
	readonly onDidChange = this.changed.event;
	private opening: Promise<OpenedParts> | undefined;
	private opened: OpenedParts | undefined;
	private stopListening: (() => void) | undefined;
	private gitName: string | undefined;
	private disposed = false;

	constructor(
		readonly root: vscode.Uri,
		private readonly memento: vscode.Memento,
		private readonly open: (root: string) => Promise<OpenedParts>,
	) {}

	async parts(): Promise<Parts> {
		// A failed attempt may be repeated: by then the lock may be free, or the disk back.
		this.opening ??= this.openOnce().catch((error: unknown) => {
			this.opening = undefined;
			throw error;
		});
		return (await this.opening).parts;
	}

	async hostParts(): Promise<HostParts> {
		const parts = await this.parts();
		const { hosts, jobs, consents } = this.opened as OpenedParts;
		return { ...parts, hosts, jobs, consents };
	}

	private async openOnce(): Promise<OpenedParts> {
		const [opened, name] = await Promise.all([this.open(this.root.fsPath), gitUserName(this.root)]);
		this.gitName = name;
		if (this.disposed) {
			await opened.close();
			throw new StatError('editor.cancelled', { problem: 'the project was closed' });
		}
		this.opened = opened;
		this.stopListening = opened.parts.store.onDidChange((topics) => this.changed.fire(topics));
		return opened;
	}

	get store(): Store {
		if (!this.opened) {
			throw new Error('the store is used before parts() has resolved');
		}
		return this.opened.parts.store;
	}

	async scope(): Promise<Scope | null> {
		const { store } = await this.parts();
		const { students, last } = await store.read('students', {});
		const remembered = this.memento.get<Scope>(this.key(mementoKeys.scope));
		if (
			remembered &&
			students.some(
				({ student, rounds }) =>
					student === remembered.student && rounds.some(({ round }) => round === remembered.round),
			)
		) {
			return { student: remembered.student, round: remembered.round };
		}
		return last;
	}

	async setScope(scope: Scope): Promise<void> {
		await this.memento.update(this.key(mementoKeys.scope), { student: scope.student, round: scope.round });
		this.changed.fire(new Set(['scope']));
	}

	isChosen(skill: SkillRef): boolean {
		return !this.unticked().has(skillKey(skill));
	}

	async setChosen(changes: readonly (readonly [SkillRef, boolean])[]): Promise<void> {
		const unticked = this.unticked();
		for (const [skill, chosen] of changes) {
			if (chosen) {
				unticked.delete(skillKey(skill));
			} else {
				unticked.add(skillKey(skill));
			}
		}
		await this.memento.update(this.key(mementoKeys.untickedSkills), [...unticked].sort());
		this.changed.fire(new Set(['chosenSkills']));
	}

	private unticked(): Set<string> {
		return new Set(this.memento.get<string[]>(this.key(mementoKeys.untickedSkills), []));
	}

	author(): string {
		return vscode.workspace.getConfiguration().get<string>(settingIds.author)?.trim() || this.gitName || osUser();
	}

	/** A window may have several folders, so state is remembered separately for each. */
	private key(name: string): string {
		return `${name}:${this.root.toString()}`;
	}

	dispose(): void {
		this.disposed = true;
		this.stopListening?.();
		this.changed.dispose();
		void this.opened?.close();
	}
}

/** Reads git's user.name. Runs nothing in an untrusted folder. */
async function gitUserName(root: vscode.Uri): Promise<string | undefined> {
	if (!vscode.workspace.isTrusted) {
		return undefined;
	}
	return new Promise((resolve) => {
		execFile('git', ['config', '--get', 'user.name'], { cwd: root.fsPath, timeout: 2000 }, (error, stdout) =>
			resolve(error ? undefined : stdout.trim() || undefined),
		);
	});
}

function osUser(): string {
	try {
		return userInfo().username;
	} catch {
		// There is no passwd entry: containers may run under a bare uid.
		return 'unknown';
	}
}
