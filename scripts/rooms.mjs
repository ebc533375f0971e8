// The arrow rule of docs/architecture.md as an ESLint rule:
//   ui → workflow → core ← (teacher, store, formats, grading, remote, drill)
// Inside core and workflow, a chapter may use the chapters before it in the loop, but never one after it.
// startStudio.ts and cli.ts connect the rooms and may import any of them (cli.ts may not import ui); extension.ts
// starts startStudio.ts.
import path from 'node:path';

const middle = ['teacher', 'store', 'formats', 'grading', 'remote', 'drill'];
/** Maps each room to the rooms that it may import from (a room may always import from itself). */
export const allowed = {
	core: [],
	workflow: ['core'],
	ui: ['core', 'workflow', 'webview'],
	webview: ['core'],
	'extension.ts': ['startStudio.ts', 'ui'],
	'startStudio.ts': ['core', 'workflow', 'ui', ...middle],
	'cli.ts': ['core', 'workflow', 'cli', ...middle],
	cli: ['core', 'workflow', ...middle],
	...Object.fromEntries(middle.map((room) => [room, ['core']])),
};

/** The loop, in order: a chapter of core or workflow may import from itself and from chapters listed before it. */
const loop = [
	'questions',
	'skills',
	'difficulty',
	'diagnosis',
	'profile',
	'datasets',
	'curation',
	'training',
	'rounds',
];
export const chapters = {
	// `ports` contains the contracts between rooms. They refer to the chapters' types, and no chapter imports them.
	core: ['errors', 'text', 'stats', ...loop, 'ports'],
	workflow: ['asking', 'reading', ...loop],
};

/** Returns why `from` may not import `to` (paths inside a room), or undefined. */
export function chapterFault(room, from, to) {
	const order = chapters[room];
	if (!order) {
		return undefined;
	}
	const [source, target] = [from, to].map((name) => (name.includes('/') ? name.split('/')[0] : null));
	if (source !== null && !order.includes(source)) {
		return `src/${room}/${source} is no chapter: there are ${order.join(', ')}`;
	}
	// Files beside the chapters (run.ts, scope.ts, …) may be imported by all chapters.
	if (target === null || source === target) {
		return undefined;
	}
	if (source === null) {
		return `${from} lies below the chapters of ${room} and may not import ${to}`;
	}
	return order.indexOf(target) < order.indexOf(source) ? undefined : `chapter ${source} comes before ${target}`;
}

/** Returns the room of an absolute file name, or undefined outside src/ and webview/. */
export function roomOf(file, root) {
	const parts = path.relative(root, file).split(path.sep);
	if (parts[0] === 'webview') {
		return 'webview';
	}
	return parts[0] === 'src' ? parts[1] : undefined;
}

export const rooms = {
	meta: {
		type: 'problem',
		messages: {
			wall: '{{from}} may not import {{to}}: see the arrow rule in docs/architecture.md',
			outside: '{{from}} may not import {{to}}',
			chapter: '{{fault}}: see the chapters in docs/architecture.md',
		},
		schema: [],
	},
	create(context) {
		const root = context.cwd;
		const from = roomOf(context.filename, root);
		if (!from) {
			return {};
		}
		const check = (node) => {
			const source = node.source?.value;
			if (typeof source !== 'string') {
				return;
			}
			if (!source.startsWith('.')) {
				const isVscode = source === 'vscode';
				const isNode = source.startsWith('node:');
				if (isVscode && from !== 'ui' && from !== 'extension.ts' && from !== 'startStudio.ts') {
					context.report({ node, messageId: 'outside', data: { from, to: source } });
				}
				if (
					(isNode && (from === 'core' || from === 'webview')) ||
					(source.startsWith('@vscode/webview-ui-toolkit') && !context.filename.endsWith('controls.tsx'))
				) {
					context.report({ node, messageId: 'outside', data: { from, to: source } });
				}
				return;
			}
			const target = path.resolve(path.dirname(context.filename), source);
			const to = roomOf(target, root);
			if (to === from) {
				const inside = (file) =>
					path
						.relative(path.join(root, 'src', from), file)
						.split(path.sep)
						.join('/');
				const fault = chapterFault(from, inside(context.filename), inside(target));
				if (fault) {
					context.report({ node, messageId: 'chapter', data: { fault } });
				}
			}
			if (to && to !== from && !(allowed[from] ?? []).includes(to)) {
				// The protocol is the only file that a webview shares with the extension. It contains only types and
				// constants.
				if (from === 'ui' && to === 'webview' && !/protocol(\.ts)?$/i.test(source)) {
					context.report({ node, messageId: 'wall', data: { from, to: `${to} (only protocol files)` } });
					return;
				}
				context.report({ node, messageId: 'wall', data: { from, to } });
			} else if (from === 'ui' && to === 'webview' && !/protocol(\.ts)?$/i.test(source)) {
				context.report({ node, messageId: 'wall', data: { from, to: `${to} (only protocol files)` } });
			}
		};
		return {
			ImportDeclaration: check,
			ExportNamedDeclaration: check,
			ExportAllDeclaration: check,
			ImportExpression: check,
		};
	},
};
