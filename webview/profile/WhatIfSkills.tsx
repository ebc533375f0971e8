import type { JSX } from 'preact';
import type { WhatIfSkill } from '../../src/core/datasets/whatIf.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { formatCount, formatPercent } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { useStore } from './state.ts';
import type { Outcome } from './whatIfState.ts';

/** Number of skills shown at first. */
const few = 20;

/** The skills of the build: which ones are used, and how many rows each gets. */
export function WhatIfSkills({ outcome }: { readonly outcome: Outcome }): JSX.Element {
	const { whatIf } = useStore();
	const { skills } = outcome.now;
	const shown = whatIf.isAll.value ? skills : skills.slice(0, few);
	return (
		<>
			<div class="scroll" tabIndex={0} role="region" aria-label="Skills of the build">
				<table class="what-if-skills">
					<thead>
						<tr>
							<th scope="col">Use</th>
							<th scope="col">Skill</th>
							{['Missed', 'Pairs', 'Share of pairs', 'Training questions'].map((title) => (
								<th key={title} scope="col" class="numeric">
									{title}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{shown.map((skill) => (
							<Skill key={skillKey(skill)} skill={skill} outcome={outcome} />
						))}
					</tbody>
				</table>
			</div>
			<div class="more">
				{skills.length > few ? (
					<Button
						label={whatIf.isAll.value ? `Only the ${few} most missed` : `All ${skills.length} skills`}
						focus="what-if-all"
						onPress={() => whatIf.toggleAll()}
					/>
				) : null}
			</div>
		</>
	);
}

function Skill({ skill, outcome }: { readonly skill: WhatIfSkill; readonly outcome: Outcome }): JSX.Element {
	const { whatIf } = useStore();
	const { now, dials } = outcome;
	const key = skillKey(skill);
	const isOff = dials.off.has(key);
	const share = now.pairs === 0 ? null : skill.pairs / now.pairs;
	return (
		<tr data-skill={key} class={isOff ? 'off' : undefined}>
			<td>
				<input
					type="checkbox"
					data-focus={`use:${key}`}
					aria-label={`Use ${skillLabel(skill.name)}`}
					checked={!whatIf.off.value.has(key)}
					onChange={({ currentTarget }) => whatIf.use(key, currentTarget.checked)}
				/>
			</td>
			<th scope="row">
				{skillLabel(skill.name)}
				<span class="subject">{skillLabel(skill.subject)}</span>
			</th>
			<td class="numeric">{formatCount(skill.questions)}</td>
			<td class="numeric">{isOff ? '–' : formatCount(skill.pairs)}</td>
			<td class="numeric">{isOff ? '–' : formatPercent(share)}</td>
			<td class="numeric">{formatCount(skill.train)}</td>
		</tr>
	);
}
