import type { CheckResult } from '../../core/ports/checker.ts';

const verdicts = new Map([
	['right', true],
	['wrong', false],
	['unsure', null],
] as const);

/** Maximum length of a reason. */
const longest = 500;

/**
 * Finds the verdict in a checker's output: the one line that is a JSON object with this nonce. A program of the student
 * does not know the nonce, so whatever it prints, before or after, is no verdict. No such line, or several: unsure.
 */
export function readVerdict(output: string, nonce: string, errors = ''): CheckResult {
	const found = output.split('\n').flatMap((line) => {
		const object = line.includes(nonce) ? parsed(line) : undefined;
		return object?.['nonce'] === nonce ? [object] : [];
	});
	const [line] = found;
	if (line === undefined || found.length > 1) {
		const last = errors.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
		const how = line === undefined ? 'no verdict line with the nonce of its input' : 'several verdict lines';
		return { verdict: null, reason: `the checker wrote ${how}${last === '' ? '' : `: ${last}`}` };
	}
	const { verdict, reason } = line;
	const known = [...verdicts.keys()].find((name) => name === verdict);
	if (known === undefined) {
		return { verdict: null, reason: 'the checker\'s verdict is none of "right", "wrong" and "unsure"' };
	}
	return {
		verdict: verdicts.get(known) ?? null,
		reason: typeof reason === 'string' && reason !== '' ? reason.slice(0, longest) : null,
	};
}

function parsed(line: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
