import type { JSX } from 'preact';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { ComboboxField } from '../kit/ComboboxField.tsx';
import { useStore } from './state.ts';
import type { View } from './view.ts';
import { missingOf, skillChoices, teachersSkills, verdictOf } from './view.ts';

/**
 * The missing skills as chips: first those that count, then those of the teacher that a user removed, then names that
 * are not on the list.
 */
export function MissingSkills({ view }: { readonly view: View }): JSX.Element {
	const { state } = view;
	const missing = missingOf(view);
	const counted = new Set(missing.map(skillKey));
	const named = new Map(teachersSkills(state).map((skill) => [skillKey(skill), skill]));
	const isEditable = state.surroundings.readOnly === null;
	const origin = verdictOf(view) === 'agreed' ? 'Named by an earlier diagnosis, agreed with' : 'Added by a person';
	return (
		<ul class="chips" aria-label="Missing skills">
			{missing.length === 0 ? <li class="dim none">{noneNamed(view)}</li> : null}
			{missing.map((skill) => {
				const isAdded = state.diagnosis !== null && !named.has(skillKey(skill));
				return isAdded ? (
					<Chip key={skillKey(skill)} skill={skill} kind="added" title={origin} isEditable={isEditable} />
				) : (
					<Chip key={skillKey(skill)} skill={skill} kind="counted" isEditable={isEditable} />
				);
			})}
			{[...named.values()]
				.filter((skill) => !counted.has(skillKey(skill)))
				.map((skill) => (
					<Chip
						key={skillKey(skill)}
						skill={skill}
						kind="removed"
						title="Named by the teacher, removed by a person"
						isEditable={isEditable}
					/>
				))}
			{(state.diagnosis?.offList ?? []).map((name, at) => (
				<li key={at} class="chip off-list" title="Not on the list of skills: stored, never counted">
					<span>{skillLabel(name)}</span>
					<span class="dim">not on the list</span>
				</li>
			))}
		</ul>
	);
}

function noneNamed(view: View): string {
	if (view.state.annotations.some(({ counts }) => counts)) {
		return 'only those annotated below';
	}
	return view.state.diagnosis === null && verdictOf(view) === null ? 'none named yet' : 'no skill counts as missing';
}

interface ChipProps {
	readonly skill: SkillRef;
	readonly kind: 'counted' | 'added' | 'removed';
	readonly title?: string;
	readonly isEditable: boolean;
}

function Chip({ skill, kind, title, isEditable }: ChipProps): JSX.Element {
	const store = useStore();
	const isRemoved = kind === 'removed';
	const toggle = (): void => store.toggleSkill(skillKey(skill));
	return (
		<li class={kind === 'counted' ? 'chip' : `chip ${kind}`} title={title}>
			<ChipLabel label={skillLabel(skill.name)} kind={kind} />
			{isEditable ? (
				<button
					type="button"
					class="chip-button"
					title={isRemoved ? 'Put back' : 'Remove (Delete)'}
					data-focus={`chip:${skillKey(skill)}`}
					onClick={toggle}
					onKeyDown={(event) => {
						if (!isRemoved && (event.key === 'Delete' || event.key === 'Backspace')) {
							event.preventDefault();
							toggle();
						}
					}}
				>
					<span aria-hidden="true">{isRemoved ? '↶' : '×'}</span>
					<span class="sr">{`${isRemoved ? 'Put back' : 'Remove'} ${skillLabel(skill.name)}`}</span>
				</button>
			) : null}
		</li>
	);
}

function ChipLabel({ label, kind }: { readonly label: string; readonly kind: ChipProps['kind'] }): JSX.Element {
	switch (kind) {
		case 'counted':
			return <span>{label}</span>;
		case 'added':
			return (
				<span>
					<span class="sr">added: </span>
					<span aria-hidden="true">+ </span>
					{label}
				</span>
			);
		case 'removed':
			return (
				<span>
					<span class="sr">removed: </span>
					<s>{label}</s>
				</span>
			);
	}
}

/** The field that adds and removes missing skills. */
export function SkillField({ view }: { readonly view: View }): JSX.Element {
	const store = useStore();
	return (
		<ComboboxField
			label="Add or remove a missing skill"
			placeholder="Add a skill…"
			choices={skillChoices(view)}
			chosenHint=", missing already; Enter removes it"
			emptyHint="No skills are known for this subject"
			noMatchHint="No skill matches"
			disabled={view.state.surroundings.readOnly !== null}
			handle={store.skillField}
			onToggle={(key) => store.toggleSkill(key)}
			onRemoveLast={() => store.removeLastSkill()}
			onLeave={() => document.querySelector<HTMLElement>('[data-focus="change"]')?.focus()}
		/>
	);
}
