// The dictionary of CONTRIBUTING.md as an ESLint rule: declared names must not use the words that misled readers, and
// no message may use them as verbs of state ("is kept", "was asked for").
import path from 'node:path';

const misleading = {
	asked: 'request, requested, options',
	given: 'options, input, arguments',
	kept: 'stored, existing, remaining',
	wanted: 'target, required, selected',
	said: 'message, reported, recorded',
	word: 'decision, correction, label',
	words: 'format…(), text, args',
};

const inFolders = (...folders) => new RegExp(`^(?:${folders.join('|')})`);
/** Places where such a word is the right one. */
const allowed = [
	{
		why: 'words of a text',
		words: ['word', 'words'],
		files: inFolders(
			'src/grading/',
			'src/core/text/',
			'src/core/curation/repair',
			'src/core/datasets/neighbours',
			'src/teacher/replies/matchSkills',
			'src/cli/usage',
			'webview/curation/passages',
			'bench/neighbours',
			'bench/similarity',
			'scripts/(?:demo|words)',
			'scripts/sample/counting',
			'test/unit/core/text/',
			'test/unit/core/curation/repair',
			'test/fixtures/(?:bank|teacher)Answers',
		),
	},
	{
		why: 'a number of words: the length rule, whose setting is stored as "words"',
		words: ['word', 'words'],
		files: inFolders(
			'src/core/difficulty/',
			'src/core/questions/answer',
			'src/workflow/difficulty/',
			'src/workflow/datasets/whatIfTable',
			'src/ui/commands/classify',
			'src/store/tables/answers',
			'webview/profile/whatIfState',
			'test/unit/core/difficulty/',
		),
	},
	{ why: '32 bits', words: ['word'], files: inFolders('src/core/stats/random') },
	{
		why: 'stored in card.json or printed with --json by released versions',
		words: ['asked', 'kept'],
		files: inFolders(
			'src/core/datasets/synthesis\\.',
			'src/core/ports/store/questions',
			'src/core/questions/imported',
			'src/workflow/diagnosis/jury',
			'test/unit/cli/curate',
			'test/unit/remote/commands',
		),
	},
];

/**
 * Patterns for the misleading words above used as verbs of state in messages. Prompts for the teacher are exempt:
 * changing one would change the key under which replies that are already paid for are cached.
 */
const misused = [
	/\b(?:is|are|was|were|been|being|be) (?:no longer )?(?:kept|said|wanted)\b/i,
	/\basked (?:for|anew)\b/i,
	/\b(?:your|their|latest|teacher['’]s) word\b|\bwaits? for a word\b/i,
];

const partsOf = (name) =>
	name
		.replace(/([A-Z])/g, ' $1')
		.toLowerCase()
		.split(/[ _$#]+/);

/**
 * Yields the identifiers that a pattern declares. A shorthand takes the name of the property, which is declared
 * elsewhere.
 */
function* declared(node) {
	switch (node?.type) {
		case 'Identifier':
			yield node;
			return;
		case 'ObjectPattern':
			for (const property of node.properties.filter(({ shorthand }) => !shorthand)) {
				yield* declared(property.value ?? property.argument);
			}
			return;
		case 'ArrayPattern':
			for (const element of node.elements) {
				yield* declared(element);
			}
			return;
		case 'AssignmentPattern':
			yield* declared(node.left);
			return;
		case 'RestElement':
			yield* declared(node.argument);
			return;
		case 'TSParameterProperty':
			yield* declared(node.parameter);
	}
}

export const words = {
	meta: {
		type: 'suggestion',
		messages: {
			name: '"{{name}}": {{instead}}, not "{{word}}" (the dictionary in CONTRIBUTING.md)',
			sentence:
				'"{{phrase}}" in a message: stored, reported, requested, decision (the dictionary in CONTRIBUTING.md)',
		},
		schema: [],
	},
	create(context) {
		const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
		const right = new Set(allowed.flatMap(({ words, files }) => (files.test(file) ? words : [])));
		const check = (node) => {
			if (node?.type !== 'Identifier') {
				return;
			}
			const word = partsOf(node.name).find((part) => Object.hasOwn(misleading, part) && !right.has(part));
			if (word) {
				context.report({ node, messageId: 'name', data: { name: node.name, word, instead: misleading[word] } });
			}
		};
		const sentence = (node, text) => {
			const phrase = misused.map((wrong) => wrong.exec(text)?.[0]).find((found) => found !== undefined);
			if (phrase !== undefined) {
				context.report({ node, messageId: 'sentence', data: { phrase } });
			}
		};
		const pattern = (node) => [...declared(node)].forEach(check);
		const callable = (node) => {
			check(node.id);
			node.params.forEach(pattern);
		};
		const named = (node) => check(node.id);
		const member = (node) => check(node.key);
		const sentences = {
			Literal: (node) => typeof node.value === 'string' && sentence(node, node.value),
			JSXText: (node) => sentence(node, node.value),
			TemplateElement: (node) => sentence(node, node.value.raw),
		};
		return {
			...(/^(?:src|webview)\//.test(file) ? sentences : {}),
			VariableDeclarator: (node) => pattern(node.id),
			FunctionDeclaration: callable,
			FunctionExpression: callable,
			ArrowFunctionExpression: callable,
			TSDeclareFunction: callable,
			TSFunctionType: (node) => node.params.forEach(pattern),
			CatchClause: (node) => pattern(node.param),
			ClassDeclaration: named,
			TSInterfaceDeclaration: named,
			TSTypeAliasDeclaration: named,
			TSPropertySignature: member,
			TSMethodSignature: (node) => {
				member(node);
				node.params.forEach(pattern);
			},
			PropertyDefinition: member,
			MethodDefinition: member,
		};
	},
};
