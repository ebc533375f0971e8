import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
	commandIds,
	contextKeys,
	documentLanguage,
	documentScheme,
	editScheme,
	panelIds,
	settingIds,
	toolIds,
	viewIds,
	walkthroughId,
} from '../../src/ui/ids.ts';

interface Entry {
	command?: string;
	submenu?: string;
	when?: string;
	group?: string;
}
interface Manifest {
	main: string;
	icon: string;
	extensionKind: string[];
	activationEvents: string[];
	engines: { vscode: string };
	categories: string[];
	capabilities: {
		untrustedWorkspaces: { supported: string; description: string; restrictedConfigurations: string[] };
		virtualWorkspaces: { supported: boolean };
	};
	contributes: {
		commands: {
			command: string;
			title: string;
			category: string;
			icon?: string;
			when?: string;
			enablement?: string;
		}[];
		menus: Record<string, Entry[]>;
		submenus: { id: string; label: string }[];
		views: Record<string, { id: string; name: string; icon: string }[]>;
		viewsContainers: { activitybar: { id: string; icon: string }[] };
		viewsWelcome: { view: string; contents: string; when: string }[];
		configuration: {
			properties: Record<
				string,
				{
					scope: string;
					markdownDescription: string;
					default?: unknown;
					enum?: string[];
					markdownEnumDescriptions?: string[];
				}
			>;
		};
		walkthroughs: {
			id: string;
			icon: string;
			steps: {
				id: string;
				title: string;
				description: string;
				media: { markdown: string };
				completionEvents: string[];
			}[];
		}[];
		languages: { id: string; configuration: string; extensions?: string[]; filenamePatterns: string[] }[];
		grammars: { language: string; path: string }[];
		languageModelTools: { name: string; modelDescription: string; inputSchema: object; when: string }[];
	};
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const commands: readonly string[] = Object.values(commandIds);
const keys: readonly string[] = Object.values(contextKeys);
const views: readonly string[] = Object.values(viewIds);
/** VS Code's own commands to which welcome views and the walkthrough link. */
const builtIn = ['vscode.openFolder', 'workbench.trust.manage'];

const sorted = (values: readonly string[]) => [...values].sort();
const localised = (key: string) => (/^%.+%$/.test(key) ? (nls[key.slice(1, -1)] ?? '') : key);
const whens = [
	...Object.values(contributes.menus).flat(),
	...contributes.viewsWelcome,
	...contributes.commands.map(({ enablement }) => ({ when: enablement })),
	...contributes.languageModelTools,
].flatMap(({ when }) => (when === undefined ? [] : [when]));

test('the manifest and the code have the same commands', () => {
	assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(commands));
});

test('every command has a category, a title that begins with a verb, and no when clause', () => {
	for (const { command, title, category, when } of contributes.commands) {
		assert.equal(category, 'STAT', command);
		assert.match(title, /^%.+%$/, `${command}: the title is not in package.nls.json`);
		assert.match(localised(title), /^[A-Z][a-z]+ /, `${command}: “${localised(title)}”`);
		assert.equal(
			when,
			undefined,
			`${command}: \`when\` on a command is ignored by VS Code: use \`enablement\` or a menu`,
		);
	}
});

test('menus name existing commands, views, panels and context keys', () => {
	const submenus = contributes.submenus.map(({ id }) => id);
	for (const [menu, entries] of Object.entries(contributes.menus)) {
		for (const { command, submenu, group } of entries) {
			assert.ok(
				command === undefined ? submenus.includes(submenu ?? '') : commands.includes(command),
				`${menu}: ${command ?? submenu}`,
			);
			assert.ok(menu === 'commandPalette' || group, `${menu}: ${command} has no group`);
		}
	}
	assert.ok(submenus.every((id) => id in contributes.menus));
	for (const when of whens) {
		for (const [, , name] of when.matchAll(/(^|[\s!(])(stat\.[A-Za-z.]+)/g)) {
			assert.ok(
				[...keys, ...views, ...Object.values<string>(panelIds)].includes(name ?? ''),
				`“${when}” names ${name}`,
			);
		}
		assert.doesNotMatch(when, /\|\|.*&&|&&.*\|\|/, `“${when}” mixes && and ||: VS Code has no brackets`);
	}
});

test('regular expressions in when clauses are valid', () => {
	for (const when of whens) {
		for (const [, source] of when.matchAll(/=~ \/((?:\\.|[^/\\])*)\//g)) {
			assert.doesNotThrow(() => new RegExp(source ?? ''), when);
		}
	}
});

test('commands that need an argument are hidden from the palette', () => {
	const palette = new Map(contributes.menus['commandPalette']?.map(({ command, when }) => [command, when]));
	assert.equal(palette.get(commandIds.showMissing), 'false');
	for (const { command } of contributes.commands) {
		const anywhere: readonly string[] = [commandIds.openSample, commandIds.showLog];
		assert.ok(
			anywhere.includes(command) || palette.has(command),
			`${command} clutters the palette of windows without a project`,
		);
	}
});

test('the palette offers the commands of a project before any view has been opened', () => {
	for (const { command, when } of contributes.menus['commandPalette'] ?? []) {
		assert.doesNotMatch(when ?? '', /stat\.(has|classified|diagnosed|failed)/, command);
	}
});

test('commands that write or call a teacher are disabled in untrusted workspaces', () => {
	const off = contributes.commands
		.filter(({ enablement }) => enablement === 'isWorkspaceTrusted')
		.map(({ command }) => command);
	for (const id of [
		commandIds.diagnose,
		commandIds.label,
		commandIds.build,
		commandIds.classify,
		commandIds.importAnswers,
		commandIds.importQuestions,
		commandIds.importSkills,
		commandIds.agree,
		commandIds.changeSkills,
		commandIds.dispute,
		commandIds.withdraw,
		commandIds.annotate,
		commandIds.editAnnotation,
		commandIds.acceptAnnotation,
		commandIds.dismissAnnotation,
		commandIds.initialise,
		commandIds.loadSample,
		commandIds.testTeacher,
		commandIds.setKey,
		commandIds.chooseTeacher,
		commandIds.chooseModel,
		commandIds.export,
	]) {
		assert.ok(off.includes(id), id);
	}
});

test('every view has a container and welcome text', () => {
	assert.deepEqual(
		Object.keys(contributes.views),
		contributes.viewsContainers.activitybar.map(({ id }) => id),
	);
	assert.deepEqual(
		sorted(
			Object.values(contributes.views)
				.flat()
				.map(({ id }) => id),
		),
		sorted(views),
	);
	for (const { view, contents, when } of contributes.viewsWelcome) {
		assert.ok(views.includes(view), view);
		assert.ok(when.length > 0, `${view}: a welcome text without a condition is always there`);
		const lines = localised(contents).split('\n');
		assert.ok(
			lines.filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line)).length <= 1,
			`${contents} has more than one button`,
		);
		for (const [, command] of localised(contents).matchAll(/\(command:([^)?]+)/g)) {
			assert.ok([...commands, ...builtIn].includes(command ?? ''), `${contents} links to ${command}`);
		}
	}
	// Each empty state has text: no project; a project without skills, questions, answers, rule or teacher; untrusted;
	// no folder.
	for (const part of [
		'workspaceFolderCount == 0',
		'stat.project == none',
		'!stat.hasSkills',
		'!stat.hasQuestions',
		'!stat.hasAnswers',
		'!stat.classified',
		'!stat.hasTeacher',
		'!stat.diagnosed',
		'!isWorkspaceTrusted',
		'stat.filtered',
	]) {
		assert.ok(
			contributes.viewsWelcome.some(({ when }) => when.includes(part)),
			`no welcome view for ${part}`,
		);
	}
});

test('the manifest and the code have the same settings, and no workspace setting can redirect traffic', () => {
	const { properties } = contributes.configuration;
	assert.deepEqual(sorted(Object.keys(properties)), sorted(Object.values(settingIds)));
	for (const [id, { scope, markdownDescription, enum: values, markdownEnumDescriptions }] of Object.entries(
		properties,
	)) {
		assert.ok(localised(markdownDescription).length > 20, `${id} is not described`);
		assert.equal(values?.length, markdownEnumDescriptions?.length, id);
		if (id === settingIds.inlineEnabled) {
			assert.equal(scope, 'window', 'it only shows or hides');
			continue;
		}
		assert.ok(
			manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes(id),
			`${id} is read in untrusted workspaces`,
		);
		assert.equal(scope, id === settingIds.teacherScripted ? 'resource' : 'machine', id);
	}
	assert.ok(!text.includes('apiKey'), 'a key in settings is a key in a repository');
});

test('untrusted workspaces have limited support, and the extension runs on the machine that holds the files', () => {
	assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
	assert.deepEqual(manifest.extensionKind, ['workspace']);
	assert.equal(manifest.engines.vscode, '^1.101.0');
});

test('only a project, its panels and user actions activate the extension', () => {
	assert.deepEqual(manifest.activationEvents, [
		'workspaceContains:.stat',
		...Object.values(panelIds).map((id) => `onWebviewPanel:${id}`),
		`onFileSystem:${editScheme}`,
	]);
});

test('every icon and image exists', () => {
	for (const file of [
		manifest.icon,
		...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
		...Object.values(contributes.views)
			.flat()
			.map(({ icon }) => icon),
		...contributes.walkthroughs.map(({ icon }) => icon),
	]) {
		assert.ok(existsSync(file), file);
	}
	const png = readFileSync(manifest.icon);
	assert.ok(png.readUInt32BE(16) >= 128 && png.readUInt32BE(20) >= 128, 'the icon is smaller than 128 px');
	for (const { command, icon } of contributes.commands) {
		assert.match(icon ?? '$(x)', /^\$\([a-z-]+\)$/, command);
	}
});

test('the walkthrough has text, images and completion events', () => {
	assert.deepEqual(
		contributes.walkthroughs.map(({ id }) => id),
		[walkthroughId],
	);
	for (const { id, description, media, completionEvents } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
		assert.ok(existsSync(media.markdown), media.markdown);
		assert.ok(completionEvents.length > 0, `${id} never ends`);
		for (const event of completionEvents) {
			const [kind, name = ''] = event.split(':');
			assert.ok(
				kind === 'onContext' ? keys.includes(name) : kind === 'onCommand' && commands.includes(name),
				`${id}: ${event}`,
			);
		}
		for (const [, command] of localised(description).matchAll(/\(command:([^)?]+)/g)) {
			assert.ok([...commands, ...builtIn].includes(command ?? ''), `${id} links to ${command}`);
		}
	}
	const files = readdirSync('media/walkthrough').map((name) => path.posix.join('media/walkthrough', name));
	assert.deepEqual(
		sorted(files),
		sorted(contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown))),
	);
});

test('every localized string key exists and is used', () => {
	const used = [...text.matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key ?? '');
	assert.deepEqual(sorted([...new Set(used)]), sorted(Object.keys(nls)));
	assert.ok(Object.values(nls).every((value) => value.trim() !== ''));
});

test('chat tools are read-only, have the same names as in the code and are hidden without a project', () => {
	assert.deepEqual(sorted(contributes.languageModelTools.map(({ name }) => name)), sorted(Object.values(toolIds)));
	for (const { name, modelDescription, inputSchema, when } of contributes.languageModelTools) {
		assert.match(modelDescription, /Reads only/, name);
		assert.equal((inputSchema as { type?: string }).type, 'object');
		assert.equal(when, 'stat.project == open');
	}
});

test('documents have their own language ID, so the Markdown preview never renders untrusted text', () => {
	const [language] = contributes.languages;
	assert.equal(language?.id, documentLanguage);
	assert.equal(language?.extensions, undefined);
	assert.equal(documentScheme, 'stat');
	for (const file of [language?.configuration ?? '', ...contributes.grammars.map(({ path: file }) => file)]) {
		assert.doesNotThrow(() => JSON.parse(readFileSync(file, 'utf8')) as unknown, file);
	}
});

test('user-visible strings are literals with a value for each placeholder', () => {
	const files = readdirSync('src/ui', { recursive: true })
		.map((name) => path.join('src/ui', String(name)))
		.filter((name) => name.endsWith('.ts'));
	assert.ok(files.length > 30);
	for (const file of [...files, 'src/extension.ts', 'src/startStudio.ts']) {
		const source = readFileSync(file, 'utf8');
		if (file.endsWith('describeError.ts')) {
			// The only function that localises the tables of error sentences; the sentences there are literals of their
			// own.
			continue;
		}
		assert.doesNotMatch(
			source,
			/l10n\.t\((?!['"`])(?!\s*['"`])/,
			`${file}: l10n.t of something that is no literal`,
		);
		assert.doesNotMatch(source, /l10n\.t\(`/, `${file}: l10n.t of a template string`);
		assert.doesNotMatch(source, /isTrusted = true|supportHtml = true|supportThemeIcons = true/, file);
	}
});

test('activate() is short and contains no logic', () => {
	for (const [file, most] of [
		['src/extension.ts', 50],
		['src/startStudio.ts', 200],
	] as const) {
		const lines = readFileSync(file, 'utf8').split('\n');
		assert.ok(lines.length < most, `${file}: ${lines.length} lines`);
	}
});

test('messages name commands by their titles', () => {
	const titles = new Set(contributes.commands.map(({ title }) => nls[title.slice(1, -1)]));
	let named = 0;
	for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
		name.endsWith('.ts'),
	)) {
		for (const [, title = ''] of readFileSync(path.join('src', file), 'utf8').matchAll(
			/\bSTAT: ([A-Z][A-Za-z -]*…?)/g,
		)) {
			named++;
			assert.ok(
				titles.has(title.trim()) || [...titles].some((known) => title.startsWith(`${known} `)),
				`${file} names “STAT: ${title}”, which is no command`,
			);
		}
	}
	assert.ok(named > 5, `${named} found`);
});
