import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Studio } from '../../src/ui/studio.ts';
import type { GroupNode } from '../../src/ui/tree/questionsTree.ts';
import type { PageNode } from '../../src/ui/tree/rows.ts';
import { pageSize } from '../../src/ui/tree/rows.ts';
import type { SubjectNode } from '../../src/ui/tree/skillsTree.ts';
import { activate, root } from './studio.ts';

const questions = Number(process.env['STAT_LARGE'] ?? 100_000);
const scope = { student: 'big', round: 1 };
const subjects = ['algebra', 'geometry', 'number_theory', 'precalculus'];
const at = new Date(0).toISOString();

/** Prints a line bench/editor.ts reads. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
	const delay = monitorEventLoopDelay({ resolution: 5 });
	delay.enable();
	const began = performance.now();
	const result = await work();
	delay.disable();
	console.log(`measured|${what}|${(performance.now() - began).toFixed(1)}|${(delay.max / 1e6).toFixed(1)}`);
	return result;
}

describe(`${questions} questions`, function () {
	this.timeout(600_000);
	let studio: Studio;

	before(async () => {
		studio = await activate();
		await studio.initialise(root().fsPath);
		const session = await studio.project.look();
		assert.ok(session);
		const { store } = await session.parts();
		for (let from = 0; from < questions; from += 5000) {
			const rows = Array.from({ length: Math.min(5000, questions - from) }, (_, index) => {
				const n = from + index;
				return { question: { text: `Question ${n}: find $x$ such that $${n} x + ${n % 97} = ${n % 89}$.`, subject: subjects[n % 4], level: 1 + (n % 5), gold: String(n % 89) }, samples: [{ sample: 0, text: `The answer is \\boxed{${n % 7}}.`, extracted: String(n % 7), verdict: n % 7 === n % 89, logVerdict: null, stepScores: null, steps: [] }] };
			});
			const { questions: added } = await store.write('addAnswers', { ...scope, source: 'made', benchmark: 'made', rows });
			assert.equal(added, rows.length);
		}
		const ids: string[] = [];
		for (let after: string | null = null; ; ) {
			const page: readonly { readonly questionId: string }[] = await store.read('digests', { ...scope, after, limit: 20_000 });
			ids.push(...page.map(({ questionId }) => questionId));
			if (page.length < 20_000) {
				break;
			}
			after = page.at(-1)?.questionId ?? null;
		}
		await store.write('setClassification', { ...scope, method: 'answer', settings: {}, at, rows: ids.map((questionId) => ({ questionId, difficult: true })) });
		const skills = Array.from({ length: 120 }, (_, n) => ({ subject: subjects[n % 4] ?? '', name: `skill number ${n}` }));
		await store.write('addSkills', { skills });
		for (let from = 0; from < ids.length * 0.9; from += 5000) {
			const rows = ids.slice(from, from + 5000).map((questionId, n): Diagnosis => ({ ...scope, questionId, sample: 0, judge: 'incorrect', reason: 'made', skills: [skills[n % 120] ?? skills[0]!, skills[0]!].filter((skill, index, all) => all.indexOf(skill) === index), offList: [], firstWrongStep: null, replyKey: 'none', model: 'made', promptVersion: 'made@1', at }));
			await store.write('addDiagnoses', { rows });
		}
	});

	it('fill the Skills view', async () => {
		const found = (await timed('Skills: subjects and skills', () => studio.skills.getChildren())) as SubjectNode[];
		assert.equal(found.length, 4);
		const top = found.flatMap(({ skills }) => skills).sort((a, b) => b.missed - a.missed)[0];
		assert.ok((top?.missed ?? 0) > questions * 0.8);
	});

	it('fill the Questions view, group by group and page by page', async () => {
		await timed('Facts: totals, badge, welcome views', () => studio.facts.read());
		for (const group of ['missingSkill', 'subject', 'level', 'verdict', 'none'] as const) {
			await studio.questions.setView({ show: 'difficult', group, narrow: {} });
			const groups = await timed(`Questions by ${group}: groups`, () => studio.questions.getChildren());
			assert.ok(groups.length > 0 && groups.length <= 201, `${groups.length} rows`);
			let largest = groups.filter((node): node is GroupNode => node.kind === 'group').sort((a, b) => b.count - a.count)[0] as GroupNode | PageNode | undefined;
			largest ??= groups[groups.length - 1] as PageNode;
			if (largest.kind === 'group') {
				const pages = await timed(`Questions by ${group}: its largest group`, () => studio.questions.getChildren(largest));
				assert.ok(pages.length <= pageSize);
				largest = pages[pages.length - 1] as PageNode;
			}
			const rows = await timed(`Questions by ${group}: the last page of it`, () => studio.questions.getChildren(largest));
			assert.ok(rows.length > 0 && rows.length <= pageSize);
			assert.ok(rows.every(({ kind }) => kind === 'question'));
		}
	});

	it('are searched', async () => {
		await studio.questions.setView({ show: 'difficult', group: 'none', narrow: { text: '= 42$' } });
		const rows = await timed('Questions: text search', () => studio.questions.getChildren());
		assert.ok(rows.length > 0);
		await studio.questions.setView({ narrow: {} });
	});
});
