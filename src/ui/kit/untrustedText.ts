// Questions, answers, skills, reasons, file names and server replies are untrusted text. VS Code interprets markup in
// unexpected places; these functions prevent that. (For tooltips see tooltip.ts; for pages see src/ui/panels.)

const zeroWidth = '\u200b';

/**
 * Makes text safe for notifications and input prompts, where VS Code turns `[words](command:…)` into a link that runs a
 * command.
 */
export function forMessage(text: string): string {
	return oneLine(text, 600).replace(/\]\(/g, `]${zeroWidth}(`);
}

/**
 * Makes text safe for quick picks and the status bar, where `$(name)` becomes an icon and `$(x)$` is a formula that
 * would vanish.
 */
export function forLabel(text: string): string {
	return oneLine(text, 300).replace(/\$\(/g, `$${zeroWidth}(`);
}

/**
 * Takes Markdown that is already escaped. VS Code would still turn every bare address into a link, and we do not offer
 * links to untrusted addresses.
 */
export function withoutLinks(text: string): string {
	return text
		.replace(/:\/\//g, `:${zeroWidth}//`)
		.replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}${zeroWidth}.`)
		.replace(/@/g, `${zeroWidth}@`);
}

/**
 * Returns one line of at most `max` characters, cut between code points. Bidirectional overrides are removed, because
 * they reorder the text around them.
 */
export function oneLine(text: string, max: number): string {
	const line = text
		.slice(0, max * 4)
		.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
		.replace(/[\s\u0000-\u001f\u007f]+/gu, ' ')
		.trim();
	const points = [...line];
	return points.length > max ? `${points.slice(0, max - 1).join('')}…` : line;
}
