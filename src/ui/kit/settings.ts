import * as path from 'node:path';
import * as vscode from 'vscode';
import { Budget } from '../../core/ports/budget.ts';
import type { Tier } from '../../core/ports/tier.ts';
import { tiers } from '../../core/ports/tier.ts';
import { settingIds } from '../ids.ts';

export interface TeacherSettings {
	readonly kind: 'endpoint' | 'vscode';
	readonly baseUrl: string;
	readonly model: string;
	/** The model at the same address that embeds questions to find their neighbours; empty for none. */
	readonly embeddingModel: string;
	/** Further fields of each request to the teacher, e.g. `reasoning_effort`; unchecked. */
	readonly requestFields: Readonly<Record<string, unknown>>;
	/** How the teacher's requests are sent; `default` leaves it to the endpoint. */
	readonly tier: Tier;
	/** Maximum number of calls in flight, from 1 to 512. */
	readonly concurrency: number;
	/** The budget of one run, in USD (or in calls if the price is unknown); `undefined` for none. */
	readonly budget: number | undefined;
	/** The budget of one run in calls; `undefined` for none. */
	readonly budgetCalls: number | undefined;
}

/**
 * Reads a setting from the user's own settings, never from a workspace's. The manifest already gives these settings
 * `machine` scope. Reading the layer explicitly keeps them safe even if the manifest is changed: a repository must not
 * be able to redirect the key.
 */
function own<T>(id: string): T | undefined {
	const value = vscode.workspace.getConfiguration().inspect<T>(id);
	return value?.globalValue ?? value?.defaultValue;
}

export function teacherSettings(): TeacherSettings {
	return {
		kind: own<string>(settingIds.teacherKind) === 'vscode' ? 'vscode' : 'endpoint',
		baseUrl: (own<string>(settingIds.teacherBaseUrl) ?? '').trim(),
		model: (own<string>(settingIds.teacherModel) ?? '').trim(),
		embeddingModel: (own<string>(settingIds.teacherEmbeddingModel) ?? '').trim(),
		requestFields: own<Record<string, unknown>>(settingIds.teacherRequestFields) ?? {},
		tier: tiers.find((tier) => tier === own<string>(settingIds.teacherTier)) ?? 'default',
		concurrency: Math.min(512, Math.max(1, Math.round(own<number>(settingIds.teacherConcurrency) ?? 16))),
		budget: limit(settingIds.teacherBudget),
		budgetCalls: limit(settingIds.teacherBudgetCalls),
	};
}

/** Returns a setting that limits something; `undefined` if it is empty or no positive number. */
function limit(id: string): number | undefined {
	const value = own<number | null>(id);
	return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Returns the budget of a new run. `usd` replaces the one in the settings. */
export function runBudget(usd?: number | null): Budget {
	const { budget, budgetCalls } = teacherSettings();
	return new Budget({ usd: usd ?? budget, calls: budgetCalls });
}

/** Returns the ssh settings for reaching hosts. Unset ones are omitted, so that the environment or `PATH` decides. */
export function sshSettings(): { readonly sshPath?: string; readonly configFile?: string } {
	const [sshPath, configFile] = [settingIds.remoteSshPath, settingIds.remoteSshConfig].map((id) =>
		(own<string>(id) ?? '').trim(),
	);
	return { ...(sshPath ? { sshPath } : {}), ...(configFile ? { configFile } : {}) };
}

/**
 * Returns the workspace's file of scripted replies, relative to its folder; empty if none is named or the workspace is
 * not trusted.
 */
export function scriptedSetting(root: vscode.Uri): string {
	return vscode.workspace.isTrusted
		? (vscode.workspace.getConfiguration(undefined, root).get<string>(settingIds.teacherScripted) ?? '').trim()
		: '';
}

/** Resolves `relative` under `root`; returns undefined if it is absolute or leads out of `root`. */
export function insideFolder(root: string, relative: string): string | undefined {
	if (relative === '' || path.isAbsolute(relative) || path.win32.isAbsolute(relative)) {
		return undefined;
	}
	const full = path.resolve(root, relative);
	const back = path.relative(root, full);
	return back === '' || back === '..' || back.startsWith(`..${path.sep}`) || path.isAbsolute(back) ? undefined : full;
}

export async function setOwn(id: string, value: unknown): Promise<void> {
	await vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global);
}
