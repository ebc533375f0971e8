import type { JSX } from 'preact';
import type { CurationStatus, ItemFilter } from '../../src/core/curation/curation.ts';
import { curationStatuses } from '../../src/core/curation/curation.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Dropdown } from '../kit/controls.tsx';
import { Region } from '../kit/Region.tsx';
import { visibleControls } from '../kit/richText.ts';
import type { PageElements } from './elements.ts';
import { flagLabels, statusGlyphs } from './labels.ts';
import type { QueueState } from './protocol.ts';
import { SearchField } from './SearchField.tsx';
import { useStore } from './state.ts';

// The toolkit cannot select an empty value.
const any = 'any';
type Choice = readonly [value: string, label: string];

/** The filters of the queue's list. */
export function FilterBar({ elements }: { readonly elements: PageElements }): JSX.Element | null {
	const store = useStore();
	const queue = store.queue.state.value;
	if (!queue) {
		return null;
	}
	const { filter, dataset, version } = queue;
	return (
		<div class="filters" role="search">
			<SearchField
				text={filter.text ?? ''}
				listKey={JSON.stringify([dataset, version])}
				field={elements.search}
				onSearch={(text) => {
					if (text !== (filter.text ?? '')) {
						store.setFilter({ ...filter, text: text === '' ? undefined : text });
					}
				}}
				onLeave={() => (store.isListVisible.value ? elements.list : elements.problem).current?.focus()}
			/>
			<Region class="selects">
				<Selects queue={queue} onChange={(change) => store.setFilter({ ...filter, ...change })} />
			</Region>
		</div>
	);
}

function Selects(props: {
	readonly queue: QueueState;
	readonly onChange: (change: Partial<ItemFilter>) => void;
}): JSX.Element {
	const { queue, onChange } = props;
	const { filter, skills, flags } = queue;
	return (
		<>
			<Dropdown
				label="Status"
				focus="filter-status"
				value={filter.status ?? any}
				choices={statusChoices(queue)}
				onChange={(value) => onChange({ status: value === any ? undefined : (value as CurationStatus) })}
			/>
			<Dropdown
				label="Skill"
				focus="filter-skill"
				value={filter.skill ? skillKey(filter.skill) : any}
				choices={skillChoices(queue)}
				onChange={(value) => {
					const skill = skills.find((one) => skillKey(one) === value);
					onChange({ skill: skill && { subject: skill.subject, name: skill.name } });
				}}
			/>
			<Dropdown
				label="Flag"
				focus="filter-flag"
				value={flagValue(filter)}
				choices={flagChoices(queue)}
				onChange={(value) =>
					onChange({ flagged: flaggedOf(value), flag: flags.find(({ flag }) => flag === value)?.flag })
				}
			/>
		</>
	);
}

function statusChoices({ counts }: QueueState): Choice[] {
	const whole = Object.values(counts).reduce((sum, count) => sum + count, 0);
	return [
		[any, `any status (${formatCount(whole)})`],
		...curationStatuses.map((status): Choice => [
			status,
			`${statusGlyphs[status]} ${status} (${formatCount(counts[status])})`,
		]),
	];
}

function skillChoices({ skills }: QueueState): Choice[] {
	return [
		[any, `any skill (${formatCount(skills.length)})`],
		...skills.map((skill): Choice => [
			skillKey(skill),
			`${visibleControls(skillLabel(skill.name))} (${formatCount(skill.items)})`,
		]),
	];
}

function flagChoices({ flags }: QueueState): Choice[] {
	return [
		[any, 'flagged or not'],
		['flagged', '⚑ any flag'],
		['unflagged', 'no flag'],
		...flags.map(({ flag, items }): Choice => [flag, `${flagLabels[flag][1]} (${formatCount(items)})`]),
	];
}

function flagValue({ flag, flagged }: ItemFilter): string {
	if (flag !== undefined || flagged === undefined) {
		return flag ?? any;
	}
	return flagged ? 'flagged' : 'unflagged';
}

function flaggedOf(value: string): boolean | undefined {
	return value === 'flagged' || value === 'unflagged' ? value === 'flagged' : undefined;
}
