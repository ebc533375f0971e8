// Questions, answers, skills, reasons, file names and server replies are other people's text. VS Code reads a little
// markup in places one would not think of; these two functions switch it off. (Tooltips: tooltip.ts. Pages:
// src/ui/panels.)

const zeroWidth = '\u200b';

/** For notifications and input prompts, where VS Code makes `[words](command:…)` a link that runs a command. */
export function forMessage(text: string): string {
	return oneLine(text, 600).replace(/\]\(/g, `]${zeroWidth}(`);
}

/** For quick picks and the status bar, where `$(name)` becomes an icon, and `$(x)$` is a formula that would vanish. */
export function forLabel(text: string): string {
	return oneLine(text, 300).replace(/\$\(/g, `$${zeroWidth}(`);
}

/**
 * For Markdown that is escaped already: VS Code still makes a link of every bare address, and other people's addresses
 * are not ours to offer.
 */
export function withoutLinks(text: string): string {
	return text
		.replace(/:\/\//g, `:${zeroWidth}//`)
		.replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}${zeroWidth}.`)
		.replace(/@/g, `${zeroWidth}@`);
}

/**
 * On one line, at most `max` characters, cut between code points. Bidirectional overrides are dropped: they reorder
 * what stands around them.
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
