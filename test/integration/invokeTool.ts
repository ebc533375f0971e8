import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Returns what an agent gets when it calls a tool: VS Code finds the tool, prepares it and invokes it. */
export async function invoke(id: string, input: object): Promise<string> {
	assert.ok(
		vscode.lm.tools.some(({ name }) => name === id),
		`${id} is not offered`,
	);
	const { content } = await vscode.lm.invokeTool(
		id,
		{ input, toolInvocationToken: undefined },
		new vscode.CancellationTokenSource().token,
	);
	return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}
