import type { JSX } from 'preact';
import { Region } from '../kit/Region.tsx';
import { Annotations } from './Annotations.tsx';
import { CorrectionButtons } from './CorrectionButtons.tsx';
import { History } from './History.tsx';
import { MissingSkills, SkillField } from './MissingSkills.tsx';
import { NoteField } from './NoteField.tsx';
import { keyOf } from './state.ts';
import { TeacherReading } from './TeacherReading.tsx';
import type { View } from './view.ts';

/** The teacher's diagnosis, the users' corrections to it, and the controls for correcting it. */
export function TeacherColumn({ view }: { readonly view: View }): JSX.Element {
	const { state } = view;
	const key = keyOf(state);
	return (
		<section class="column teacher" aria-label="Teacher’s diagnosis">
			<h2>Teacher · diagnosis</h2>
			<Region class="reading">
				<TeacherReading key={key} state={state} />
			</Region>
			<h3>Missing skills</h3>
			<Region class="missing">
				<MissingSkills view={view} />
			</Region>
			<SkillField view={view} />
			<Region class="word">
				<CorrectionButtons view={view} />
			</Region>
			<NoteField view={view} />
			<Region class="past">
				<Annotations state={state} />
				<History key={key} history={state.history} />
			</Region>
		</section>
	);
}
