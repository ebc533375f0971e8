import type { JSX } from 'preact';
import { usefulGain } from '../../src/core/rounds/ledger.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { formatPoints, formatRange } from '../../src/core/text/formatChange.ts';
import { formatCount, formatMoney } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { roundsKeys } from './panelKeys.ts';
import { Axis, axisReach, IntervalPlot, Numbers, questionsOf } from './ChangeList.tsx';
import type { Compared, SkillLine } from './protocol.ts';
import { fewSkills, useStore } from './state.ts';

/** The change in each skill, most missed first, with the rows bought for it. */
export function Skills({ compared }: { readonly compared: Compared }): JSX.Element {
	const store = useStore();
	const { skills, isLedger } = compared;
	const shown = store.shownOf(skills);
	const reach = axisReach(shown.map(({ change }) => change));
	return (
		<section class="skills" aria-label="Skills">
			<h2>{isLedger ? 'Skill ledger' : 'Skills'}</h2>
			<p class="dim">{introductionOf(compared)}</p>
			<Axis reach={reach} />
			<ol class="changes">
				{shown.map((skill) => (
					<Skill key={skillKey(skill)} skill={skill} compared={compared} reach={reach} />
				))}
			</ol>
			<div class="buttons">
				{skills.length > fewSkills ? (
					<Button
						label={store.isAll.value ? `Only the ${fewSkills} most missed` : `All ${skills.length} skills`}
						shortcut={shortcutOf(roundsKeys.all)}
						focus="all"
						onPress={() => store.toggleAll()}
					/>
				) : null}
				<Button
					label="Copy as Markdown"
					shortcut={shortcutOf(roundsKeys.copy)}
					focus="copy"
					onPress={() => store.copy()}
				/>
			</div>
		</section>
	);
}

function introductionOf({ skills, controls, family, isLedger }: Compared): string {
	const found = skills.filter(({ finding }) => finding !== null).length;
	const fruitless = skills.filter((skill) => skill.fruitless).length;
	const changed = found === 0 ? 'No skill' : `${found} of ${family} skills`;
	return [
		`${changed} changed beyond chance: p is corrected for all ${family} (Holm, 5 %).`,
		isLedger ? 'Rows and cost are those bought for the skill.' : '',
		fruitless > 0
			? `${fruitless} with no useful gain: at least an even share of the rows, and an interval that ends below ` +
				`+${usefulGain * 100} points.`
			: '',
		controlsOf({ controls, isLedger }),
	]
		.filter(Boolean)
		.join(' ');
}

function controlsOf({ controls, isLedger }: Pick<Compared, 'controls' | 'isLedger'>): string {
	if (controls.length === 0) {
		return isLedger ? 'No control arm: part of each gain may come from training as such.' : '';
	}
	const names = controls.map(({ name, equalSize }) => `${name}${equalSize === false ? ' (of another size)' : ''}`);
	return `Hollow marks: control arm ${names.join(', ')}.`;
}

function Skill(props: { readonly skill: SkillLine; readonly compared: Compared; readonly reach: number }): JSX.Element {
	const { skill, compared, reach } = props;
	const store = useStore();
	const { name, change, fruitless, controls } = skill;
	return (
		<li class="change-row">
			<span class="name">
				<button
					type="button"
					class="plain"
					data-focus={`skill:${skillKey(skill)}`}
					title="Show the questions that miss it"
					onClick={() => store.showMissing(skill)}
				>
					{skillLabel(name)}
				</button>
				{change ? <span class="dim">{` · ${questionsOf(change)}`}</span> : null}
				<Finding skill={skill} />
				{fruitless ? (
					<span
						class="tag fruitless"
						title={
							'At least an even share of the rows were for it, and the interval of its gain ends below ' +
							`+${usefulGain * 100} points`
						}
					>
						no useful gain
					</span>
				) : null}
			</span>
			{change ? (
				<>
					<IntervalPlot change={change} reach={reach} control={controls[0]?.gain ?? null} />
					<Numbers change={change} />
				</>
			) : (
				<span class="dim plot-none">no compared question needs it</span>
			)}
			<span class="more-words">{costsOf(skill, compared)}</span>
		</li>
	);
}

function Finding({ skill: { finding, controls } }: { readonly skill: SkillLine }): JSX.Element | null {
	if (finding === null) {
		return null;
	}
	const isBeyond = controls.length > 0 && controls.every((arm) => arm.finding === finding);
	return (
		<span class={`tag ${finding}`}>
			{`${finding === 'gain' ? '▲ gain' : '▼ loss'}${isBeyond ? ', beyond control' : ''}`}
		</span>
	);
}

/** Describes how often a skill was missed, the rows bought for it, and its gain beyond the control arms. */
function costsOf({ missed, rows, cost, controls }: SkillLine, compared: Compared): string {
	const bought = `${formatCount(rows)} rows${cost === null ? '' : `, ${formatMoney(cost)}`}`;
	return [
		missed > 0 ? `missed by ${missed}` : 'not missed',
		compared.isLedger ? bought : '',
		...controls.map(({ over }, at) =>
			over
				? `beyond ${compared.controls[at]?.name ?? ''}: ${formatPoints(over.delta)} (${formatRange(over.ci95)})`
				: '',
		),
	]
		.filter(Boolean)
		.join(' · ');
}
