// Compares skill lists with the planted skills. The lists are made from the drill's questions by a teacher that names
// skills from the text.
import { bestMatch } from '../test/fixtures/partition.ts';
import { questionId } from '../src/core/questions/question.ts';
import { drillTransport } from '../src/drill/drillTeacher.ts';
import { createTeacherOver } from '../src/teacher/ask/teacherOver.ts';
import { catalog } from '../src/workflow/skills/catalog.ts';
import { openDrillProject } from '../test/unit/workflow/drillProject.ts';

const run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => '2026-11-21T00:00:00.000Z',
};

async function main(): Promise<void> {
	console.log(
		'| noise | questions | names | skills made (18 planted) | precision | recall | F1 | calls |\n| --- ' +
			'| --- | --- | --- | --- | --- | --- | --- |',
	);
	for (const noise of [0, 0.05, 0.1, 0.2, 0.3]) {
		const { parts, close, world } = await openDrillProject({ questions: 500, seed: 1, subject: null });
		const teacher = createTeacherOver({
			transport: drillTransport({ noise, seed: 1 }),
			model: 'drill-teacher',
			endpoint: 'drill',
			replies: parts.store,
			facts: { input: 0, output: 0 },
			concurrency: 16,
			log: () => undefined,
		});
		const made = await catalog({ ...parts, teacher }, { chunkSize: 40 }, run);
		const truth = new Map<string, Set<string>>();
		world.questions.forEach(({ text, skills }) =>
			skills.forEach((skill) => truth.set(skill, (truth.get(skill) ?? new Set()).add(questionId(text)))),
		);
		const found = new Map<string, Set<string>>();
		for (const { questionId: id, skills } of await parts.store.read('labels', {
			ids: world.questions.map(({ text }) => questionId(text)),
		})) {
			skills.forEach(({ name }) => found.set(name, (found.get(name) ?? new Set()).add(id)));
		}
		const { precision, recall, f1 } = bestMatch(truth, found);
		const lists = made.lists[0]?.skills ?? [];
		console.log(
			`| ${noise} | ${made.questions} + ${made.failed} set aside | ${made.names} | ${lists.length} | ` +
				`${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} | ${made.calls} |`,
		);
		await teacher.dispose();
		await close();
	}
}

void main();
