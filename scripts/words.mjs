// The dictionary of CONTRIBUTING.md as an ESLint rule: identifiers do not contain the words that misled readers, and
// messages do not use them as verbs of state ("is said", "was asked for").
const misleading = {
	asked: 'request, options',
	given: 'options, input, arguments',
	kept: 'stored, existing, remaining',
	wanted: 'target, required, selected',
	said: 'message, logged, reported',
	word: 'decision, correction, text',
	words: 'format…(), args, text; or wordCount for a number of words',
};

/** Identifiers that contain such a word because it is right there, with the reason. All others are lint errors. */
const allowed = new Map([
	['words', 'a number or list of words of a text: the length rule, --words, content words'],
	['word', 'one word of a text, or a 32-bit word in core/stats/random.ts'],
	['contentWords', 'the words of a text that carry content'],
	['numberWords', 'number names in a text'],
	['wordCount', 'a number of words'],
	['isWord', 'a character class'],
	['firstWord', 'of a text'],
]);

const partsOf = (name) =>
	name
		.replace(/([A-Z])/g, ' $1')
		.toLowerCase()
		.split(/[ _$]+/);

export const words = {
	meta: {
		type: 'suggestion',
		messages: { name: '"{{name}}": say {{instead}} instead of "{{word}}" (the dictionary in CONTRIBUTING.md)' },
		schema: [],
	},
	create(context) {
		const check = (node) => {
			if (!node || node.type !== 'Identifier' || allowed.has(node.name)) {
				return;
			}
			const word = partsOf(node.name).find((part) => Object.hasOwn(misleading, part));
			if (word) {
				context.report({ node, messageId: 'name', data: { name: node.name, word, instead: misleading[word] } });
			}
		};
		const pattern = (node) => {
			switch (node?.type) {
				case 'Identifier':
					return check(node);
				case 'ObjectPattern':
					return node.properties.forEach((property) => pattern(property.value ?? property.argument));
				case 'ArrayPattern':
					return node.elements.forEach(pattern);
				case 'AssignmentPattern':
					return pattern(node.left);
				case 'RestElement':
					return pattern(node.argument);
			}
		};
		const parameters = (node) => {
			check(node.id);
			node.params.forEach(pattern);
		};
		return {
			VariableDeclarator: (node) => pattern(node.id),
			FunctionDeclaration: parameters,
			FunctionExpression: parameters,
			ArrowFunctionExpression: parameters,
			ClassDeclaration: (node) => check(node.id),
			TSInterfaceDeclaration: (node) => check(node.id),
			TSTypeAliasDeclaration: (node) => check(node.id),
			TSPropertySignature: (node) => check(node.key),
			PropertyDefinition: (node) => check(node.key),
			MethodDefinition: (node) => check(node.key),
		};
	},
};
