import * as vscode from 'vscode';
import { messageOf } from '../../core/errors/statError.ts';
import type { Reads } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';
import { contextKeys, settingIds } from '../ids.ts';
import type { OpenProject } from './openProject.ts';
import type { ProjectSession } from './projectSession.ts';
import type { TeacherChoice } from '../teacher/teacherChoice.ts';

/** What the project contains, in numbers: for welcome views, menus, messages and the status bar. */
export interface Facts {
	readonly scope: Scope | null;
	readonly questions: number;
	readonly train: number;
	readonly skills: number;
	readonly links: number;
	readonly answers: number;
	/** The rule in force for the scope; `null` if it is not classified. */
	readonly method: string | null;
	readonly difficult: number;
	readonly unclassified: number;
	/** Number of difficult questions without a diagnosis. */
	readonly waiting: number;
	readonly datasets: number;
	readonly setAside: number;
}

type Rule = Pick<Facts, 'method' | 'difficult' | 'unclassified'>;
const noRule: Rule = { method: null, difficult: 0, unclassified: 0 };

function toRule(classification: Reads['classification']['result']): Rule {
	return classification
		? {
				method: classification.method,
				difficult: classification.difficult.length,
				unclassified: classification.unclassified.length,
			}
		: noRule;
}

/** The facts, or why the project could not be opened, for the views to show. */
export type FactState =
	| { readonly kind: 'none' }
	| { readonly kind: 'failed'; readonly message: string }
	| { readonly kind: 'open'; readonly facts: Facts };

/**
 * Keeps context keys in step with the project. The store is opened by the first visible view or the first command, not
 * by this class. From then on, every change is read within half a second, or within ten times the duration of a read if
 * that is longer.
 */
export class ProjectFacts implements vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<FactState>();
	readonly onDidChange = this.changed.event;
	private state: FactState = { kind: 'none' };
	private reading: Promise<FactState> | undefined;
	/** The classification lists every difficult question, so it is read again only when it has changed. */
	private rule: Rule | undefined;
	private again = false;
	/**
	 * Duration of the last read in ms. Reads are spaced by it, because a run of thousands of calls needs the store too.
	 */
	private took = 0;
	private timer: NodeJS.Timeout | undefined;
	private sessionListener: vscode.Disposable | undefined;
	private readonly disposables: vscode.Disposable[] = [];

	constructor(
		private readonly project: OpenProject,
		private readonly teachers: TeacherChoice,
		private readonly log: vscode.LogOutputChannel,
	) {
		this.disposables.push(
			project.onDidChange((session) => this.follow(session)),
			vscode.workspace.onDidChangeConfiguration((event) => {
				if (
					event.affectsConfiguration(settingIds.teacherModel) ||
					event.affectsConfiguration(settingIds.teacherBaseUrl) ||
					event.affectsConfiguration(settingIds.teacherKind) ||
					event.affectsConfiguration(settingIds.teacherScripted)
				) {
					this.setTeacherKey();
				}
			}),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.setTeacherKey()),
		);
	}

	get current(): FactState {
		return this.state;
	}

	/** Reads the facts; opens the store if necessary. Never rejects: an error is one of the states. */
	async read(): Promise<FactState> {
		this.reading ??= this.readOnce().finally(() => {
			this.reading = undefined;
			if (this.again) {
				this.again = false;
				this.soon();
			}
		});
		return this.reading;
	}

	private async readOnce(): Promise<FactState> {
		const { session } = this.project;
		if (!session) {
			return this.set({ kind: 'none' });
		}
		const began = Date.now();
		try {
			const facts = await this.readFacts(session);
			this.took = Date.now() - began;
			return this.set({ kind: 'open', facts });
		} catch (error) {
			const message = messageOf(error);
			this.log.error(`reading the project: ${error instanceof Error ? (error.stack ?? message) : message}`);
			return this.set({ kind: 'failed', message });
		}
	}

	private async readFacts(session: ProjectSession): Promise<Facts> {
		const { store, datasets } = await session.parts();
		const scope = await session.scope();
		const waiting = scope
			? store.read('questions', { scope, filter: { difficult: true, diagnosed: false }, offset: 0, limit: 0 })
			: { total: 0 };
		const [status, cards] = await Promise.all([store.read('status', {}), datasets.list()]);
		const rule = this.rule ?? (scope ? toRule(await store.read('classification', scope)) : noRule);
		this.rule = rule;
		return {
			scope,
			questions: status.questions.train + status.questions.validation + status.questions.test,
			train: status.questions.train,
			skills: status.skills,
			links: status.links,
			answers: status.answers,
			...rule,
			waiting: (await waiting).total,
			datasets: cards.length,
			setAside: status.setAside,
		};
	}

	private set(state: FactState): FactState {
		this.state = state;
		const facts = state.kind === 'open' ? state.facts : undefined;
		const keys: [string, boolean][] = [
			[contextKeys.failed, state.kind === 'failed'],
			[contextKeys.hasSkills, (facts?.skills ?? 0) > 0],
			[contextKeys.hasQuestions, (facts?.questions ?? 0) > 0],
			[contextKeys.hasAnswers, (facts?.answers ?? 0) > 0],
			[contextKeys.classified, facts !== undefined && facts.method !== null],
			[contextKeys.diagnosed, facts !== undefined && facts.difficult > facts.waiting],
			[contextKeys.hasDatasets, (facts?.datasets ?? 0) > 0],
		];
		for (const [key, value] of keys) {
			void vscode.commands.executeCommand('setContext', key, value);
		}
		this.setTeacherKey();
		this.changed.fire(state);
		return state;
	}

	private setTeacherKey(): void {
		const { session } = this.project;
		void vscode.commands.executeCommand(
			'setContext',
			contextKeys.hasTeacher,
			session !== null && this.teachers.chosenOrNone(session.root) !== null,
		);
	}

	private follow(session: ProjectSession | null): void {
		this.sessionListener?.dispose();
		this.rule = undefined;
		this.sessionListener = session?.onDidChange((topics) => {
			if (topics.has('classification') || topics.has('scope') || topics.has('answers')) {
				this.rule = undefined;
			}
			this.soon();
		});
		this.setTeacherKey();
		if (session && this.state.kind === 'none') {
			return;
		}
		void this.read();
	}

	private soon(): void {
		if (this.reading) {
			this.again = true;
			return;
		}
		this.timer ??= setTimeout(
			() => {
				this.timer = undefined;
				void this.read();
			},
			Math.max(300, Math.min(10_000, 10 * this.took)),
		);
	}

	dispose(): void {
		clearTimeout(this.timer);
		this.sessionListener?.dispose();
		this.disposables.forEach((disposable) => disposable.dispose());
		this.changed.dispose();
	}
}
