import type { Form } from './form.ts';

const bare = (text: string): string =>
	text
		.replace(/\\(?:text|mbox|textbf|textrm|mathrm|mathbf|textnormal|boxed)\s*\{/g, '{')
		.replace(/[{}$]|\\[,;:! ]|\*\*|\\!/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();

/** Reads 4:30 p.m., 16:30, 4:51:06 p.m., 4 p.m.; undefined if it is not a time of day. */
export function readTime(text: string): Form | undefined {
	if (text.length > 80 || !/\d/.test(text)) {
		return undefined;
	}
	const match = /^(?:at )?(\d{1,2})(?: ?: ?(\d{2}))?(?: ?: ?(\d{2}))? ?(?:([ap])\.? ?m\b\.?)?\.?$/i.exec(bare(text));
	if (!match || (match[2] === undefined && match[4] === undefined)) {
		return undefined;
	}
	const [hour, minute, second] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
	if (hour > 24 || minute > 59 || second > 59 || (match[4] !== undefined && hour > 12)) {
		return undefined;
	}
	return {
		kind: 'time',
		hour,
		minute,
		second,
		...(match[4] === undefined ? {} : { half: match[4].toLowerCase() === 'a' ? 'am' : 'pm' }),
	};
}

/** Reads C, (C), C., option C, (C) 12, C) 12; undefined without a choice letter. */
export function readChoice(text: string, readRest: (rest: string) => Form): Form | undefined {
	if (text.length > 400) {
		return undefined;
	}
	const plain = bare(text);
	const alone =
		/^(?:(?:the )?(?:correct )?(?:answer|option|choice)(?: is)?:? ?)?(?:([A-Z])|\( ?([A-Za-z]) ?\)|([A-Z])[.):]|\[ ?([A-Z]) ?\])\.?$/i.exec(
			plain,
		);
	const letter = alone?.[1] ?? alone?.[2] ?? alone?.[3] ?? alone?.[4];
	if (letter !== undefined && (alone?.[2] !== undefined || letter === letter.toUpperCase())) {
		return { kind: 'choice', letter: letter.toUpperCase() };
	}
	const long =
		/^(?:(?:the )?(?:correct )?(?:answer|option|choice)(?: is)?:? ?)?(?:\( ?([A-Z]) ?\)|([A-Z])[.):](?= ))[ :.]*(.+)$/.exec(
			plain,
		);
	const rest = long?.[3];
	if (long && rest !== undefined && !/^(?:and|or|,|[-+*/^=<>_!']|\\(?:cup|cap|cdot|times|le|ge|in)\b)/i.test(rest)) {
		const labelled = /^.*?(?:\( ?[A-Z] ?\)|[A-Z][.):])[\s\\,;:!~}$*]*/.exec(text);
		const remainder = text.slice(labelled?.[0].length ?? 0).replace(/^\}+/, '');
		return {
			kind: 'choice',
			letter: (long[1] ?? long[2] ?? '').toUpperCase(),
			rest: readRest(balanced(remainder)),
		};
	}
	return undefined;
}

/** Closes or drops brackets that were left unbalanced by the cut after "(C)". */
function balanced(text: string): string {
	let depth = 0;
	let out = '';
	for (const c of text) {
		if (c === '{') {
			depth++;
		} else if (c === '}' && --depth < 0) {
			depth = 0;
			continue;
		}
		out += c;
	}
	return out + '}'.repeat(depth);
}
