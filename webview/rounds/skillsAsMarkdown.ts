import { skillLabel } from '../../src/core/skills/skill.ts';
import { formatPoints, formatPValue, formatRange } from '../../src/core/text/formatChange.ts';
import { formatPercent } from '../../src/core/text/formatNumber.ts';
import type { SkillLine } from './protocol.ts';

/** Returns the skills as a table in Markdown, for notes. */
export function skillsAsMarkdown(skills: readonly SkillLine[]): string {
	const cell = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, '\\$&');
	const rows = skills.map(({ subject, name, missed, rows: bought, change, finding, fruitless }) => [
		cell(skillLabel(name)),
		cell(skillLabel(subject)),
		String(missed),
		String(bought),
		String(change?.n ?? 0),
		formatPercent(change?.before ?? null),
		formatPercent(change?.after ?? null),
		formatPoints(change?.delta ?? null),
		formatRange(change?.ci95 ?? null),
		formatPValue(change?.pHolm ?? null),
		[finding ?? '', fruitless ? 'no useful gain' : ''].filter(Boolean).join(', '),
	]);
	return (
		[
			'| skill | subject | missed | rows | n | before | after | change | 95 % interval | p (Holm) | finding |',
			'| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
			...rows.map((cells) => `| ${cells.join(' | ')} |`),
		].join('\n') + '\n'
	);
}
