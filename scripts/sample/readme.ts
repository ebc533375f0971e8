import type { Sample } from './sample.ts';
import { skillsOf, subjects } from './catalog.ts';

/** Returns the sample's README. */
export function readme(sample: Sample, kinds: number): string {
	const wrong = sample.answers.filter((answers) => answers[0]?.right === false).length;
	const skills = subjects.reduce((total, subject) => total + skillsOf(subject).length, 0);
	return `# A sample project

**Everything here is made.** A script (\`node scripts/makeSample.mjs\`, seed fixed) wrote the questions, the student's answers, the
step scores and the teacher's replies. No model wrote any of it, and nothing measured on it is evidence about a model. It is
for trying every step of STAT Studio without a key, a GPU or a network: \`npm run demo\`, or *STAT: Open Sample Project*.

| file | what it is |
| --- | --- |
| \`skills/SUBJECT/train/train_post_cluster.json\` | ${sample.train.length} training questions with worked solutions, by skill \
(a skill bank as AdaptMI publishes them); questions have one to three skills |
| \`skills/SUBJECT/validation/validation_post_cluster.json\` | ${sample.validation.length} validation questions, by skill, with printed answers |
| \`questions/train.jsonl\` | the training questions once more, as MATH has them, with their levels |
| \`answers/tiny-student.jsonl\` | five answers to each validation question by “tiny-student”, as the Qwen2.5-Math evaluator logs them, with AdaptMI's \`step_scores\` |
| \`teacher.jsonl\` | a scripted teacher's replies to every question the workflows ask (docs/scripted-teacher.md) |
| \`sample.json\` | which file is what |

${subjects.length} subjects, ${skills} skills, ${kinds} kinds of question. \
The first answer is wrong for ${wrong} of the ${sample.validation.length} validation questions. The student slips at one step and
carries the slip on to its final answer; what it has not understood about a question goes wrong in most of its five answers.
Some answers end without a box, break off, carry a unit, or are right in another form.

The teacher is not perfect either, on purpose. Some of its diagnoses name the wrong skill, a few dispute a wrong answer or name
a skill that is not on the list, some first attempts are malformed, and a few rewritten solutions end in a wrong answer. Of the
questions it writes some repeat others, and some of its solutions to them disagree.

In the editor, import in this order: the skill banks under \`skills/\`, \`questions/train.jsonl\`, \`answers/tiny-student.jsonl\`
(student: tiny-student); then classify, choose \`teacher.jsonl\` as a scripted teacher, diagnose, and build.

By hand, from the repository's root after \`npm ci && npm run build\`:

\`\`\`sh
alias stat-studio="node $PWD/dist/cli.js" && sample=$PWD/examples/sample && mkdir -p /tmp/stat-sample && cd /tmp/stat-sample
stat-studio init
stat-studio import skills $sample/skills/*/train/*.json --split train
stat-studio import skills $sample/skills/*/validation/*.json --split validation
stat-studio import questions $sample/questions/train.jsonl --split train
stat-studio import answers $sample/answers/tiny-student.jsonl --student tiny-student
stat-studio classify
stat-studio diagnose --teacher scripted:$sample/teacher.jsonl
stat-studio profile --top 10
stat-studio build sel --name targeted --pairs 500 --teacher scripted:$sample/teacher.jsonl
stat-studio why targeted 0
\`\`\`
`;
}
