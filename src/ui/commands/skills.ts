import type { SkillRef } from '../../core/skills/skill.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession } from '../session/studio.ts';
import { viewIds } from '../ids.ts';
import { skillOf } from './arguments.ts';
import * as vscode from 'vscode';

export const chooseAll: Command = (studio) => chooseEvery(studio, true);
export const chooseNone: Command = (studio) => chooseEvery(studio, false);

async function chooseEvery(studio: Studio, chosen: boolean): Promise<void> {
	const session = await needSession(studio);
	const { store } = await session.parts();
	const rows = await store.read('skills', { scope: await session.scope() });
	await session.setChosen(rows.map((row) => [row as SkillRef, chosen]));
}

/** Shows the questions whose answers miss a skill, in the Questions view. */
export const showMissing: Command = async (studio, argument) => {
	const skill = skillOf(argument);
	await needSession(studio);
	if (skill) {
		await studio.questions.setView({ show: 'difficult', group: 'none', narrow: { skill } });
		await vscode.commands.executeCommand(`${viewIds.questions}.focus`);
	}
};
