import type { JSX } from 'preact';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import { namedBy } from '../../src/core/diagnosis/teacherQuality.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { Button } from '../kit/controls.tsx';
import { RichText } from '../kit/RichText.tsx';
import type { QuestionState } from './protocol.ts';
import { useStore } from './state.ts';

/** A second teacher's diagnosis of the same answer, and a button to adopt it. */
export function JuryReading(props: {
	readonly state: QuestionState;
	readonly diagnosis: Diagnosis;
	readonly verdict: Diagnosis;
}): JSX.Element {
	const store = useStore();
	const { state, diagnosis, verdict } = props;
	const difference = differenceOf(diagnosis, verdict);
	const canAdopt = difference !== null && state.correction === null && state.surroundings.readOnly === null;
	const adopt = (): void =>
		verdict.judge === 'correct' ? store.correct('disputed', null) : store.correct('changed', verdict.skills);
	return (
		<div class="jury">
			<p>
				<span class="dim">jury: </span>
				<strong>{difference ?? 'agrees'}</strong>
				<span class="dim">{` (${verdict.model}) `}</span>
				{canAdopt ? (
					<Button label="Adopt Its Diagnosis" focus={`jury:${verdict.model}`} onPress={adopt} />
				) : null}
			</p>
			{difference === null ? null : (
				<details>
					<summary data-focus={`juryReason:${verdict.model}`}>Its reason</summary>
					<RichText text={verdict.reason} raw={store.raw.value} />
				</details>
			)}
		</div>
	);
}

/** Describes how a second diagnosis differs from the teacher's; returns `null` if they name the same skills. */
function differenceOf(diagnosis: Diagnosis, verdict: Diagnosis): string | null {
	const [teacher, jury] = [namedBy(diagnosis), namedBy(verdict)];
	const [also, lacks] = [without(jury, teacher), without(teacher, jury)];
	if (also.length === 0 && lacks.length === 0) {
		return null;
	}
	if (verdict.judge === 'correct') {
		return 'finds the answer correct';
	}
	const names = lacks.length === teacher.length ? 'names' : 'also names';
	return [
		also.length > 0 ? `${names} ${listSkills(also)}` : '',
		lacks.length > 0 ? `does not name ${listSkills(lacks)}` : '',
	]
		.filter(Boolean)
		.join('; ');
}

function without(skills: readonly SkillRef[], others: readonly SkillRef[]): readonly SkillRef[] {
	return skills.filter((skill) => !others.some((other) => skillKey(other) === skillKey(skill)));
}

function listSkills(skills: readonly SkillRef[]): string {
	return skills.map(({ name }) => skillLabel(name)).join(', ');
}
