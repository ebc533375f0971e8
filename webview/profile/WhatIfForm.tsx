import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { WhatIfTable } from '../../src/core/datasets/whatIf.ts';
import { Field } from '../kit/Field.tsx';
import { useStore } from './state.ts';
import type { Method, Values } from './whatIfState.ts';

type NamesOf<Kind> = { [Name in keyof Values]: Values[Name] extends Kind ? Name : never }[keyof Values];

/** The dials. Each change is computed at once; if the input is not a number, the previous value stays in effect. */
export function WhatIfForm({ table, values }: { readonly table: WhatIfTable; readonly values: Values }): JSX.Element {
	const methods = useMemo(() => methodsOf(table), [table]);
	const { method } = values;
	return (
		<form class="dials" onSubmit={(event) => event.preventDefault()}>
			<fieldset>
				<legend>Difficult</legend>
				<Choice label="Rule" name="method" values={values} choices={methods} />
				{method === 'reward' ? (
					<>
						<Slider label="τ1" name="tau1" values={values} max={1} step={0.01} format={formatThreshold} />
						<Slider label="τ2" name="tau2" values={values} max={1} step={0.01} format={formatThreshold} />
					</>
				) : null}
				{method === 'answer' ? (
					<Count label="Answers read" name="votes" values={values} min={1} max={1000} />
				) : null}
				{method === 'answer' && values.votes > 1 ? (
					<Count label="Right, fewer than" name="rightBelow" values={values} min={1} max={values.votes} />
				) : null}
				{method === 'consistency' ? (
					<Count label="All differ, of" name="samples" values={values} min={2} max={1000} />
				) : null}
				{method === 'length' ? (
					<Count label="Words, from" name="words" values={values} min={1} max={100_000} />
				) : null}
			</fieldset>
			<fieldset>
				<legend>Cost</legend>
				<Choice
					label="Answers"
					name="answersFrom"
					values={values}
					choices={[
						['teacher', 'rewritten'],
						['original', 'original'],
					]}
				/>
				<Dollars label="Price of one, USD" name="price" values={values} max={1000} placeholder="unknown" />
				<Count label="Answers per minute" name="pace" values={values} min={1} max={1_000_000} />
				<Dollars label="Budget, USD" name="budget" values={values} max={1_000_000} placeholder="none" />
			</fieldset>
			<fieldset>
				<legend>Selection</legend>
				<Count label="Maximum pairs" name="pairs" values={values} min={1} max={10_000_000} />
				<Count label="Maximum questions" name="difficult" values={values} min={1} max={1_000_000} />
				<Count label="Draws per skill" name="perSkill" values={values} min={1} max={1000} />
				<Count label="Answers per question" name="answers" values={values} min={1} max={100} />
				<Slider label="Mixed with P" name="mix" values={values} max={0.9} step={0.05} format={formatMix} />
				<Choice
					label="Skills weigh by"
					name="rank"
					values={values}
					choices={[
						['share', 'times missed'],
						['exposure', 'rate where needed'],
					]}
				/>
				<Choice
					label="Repeated draws"
					name="repeats"
					values={values}
					choices={[
						['keep', 'kept'],
						['drop', 'dropped'],
					]}
				/>
				<Count label="Seed" name="seed" values={values} min={0} max={2 ** 31} />
			</fieldset>
		</form>
	);
}

/** Returns the rules that apply to the table's answers. */
function methodsOf({ questions }: WhatIfTable): readonly (readonly [Method, string])[] {
	const has = (test: (question: WhatIfTable['questions'][number]) => boolean): boolean => questions.some(test);
	const methods: readonly (readonly [Method, string, boolean])[] = [
		['now', 'as it is now', true],
		['answer', 'wrong final answer', has(({ digest }) => digest.verdicts.some((verdict) => verdict !== null))],
		['reward', 'process rewards', has(({ digest }) => digest.reward !== null)],
		['consistency', 'consistency', has(({ digest }) => digest.samples.length > 1)],
		['length', 'length of answers', true],
	];
	return methods.flatMap(([method, label, isPossible]) => (isPossible ? [[method, label] as const] : []));
}

interface Dial<Name> {
	readonly label: string;
	readonly name: Name;
	readonly values: Values;
}

function Count({
	label,
	name,
	values,
	min,
	max,
}: Dial<NamesOf<number>> & { readonly min: number; readonly max: number }): JSX.Element {
	const { whatIf } = useStore();
	return (
		<Field
			type="number"
			class="dial"
			label={label}
			focus={`dial:${name}`}
			min={min}
			max={max}
			value={values[name]}
			onChange={(value) => (value === null ? undefined : whatIf.set(name, value))}
		/>
	);
}

function Dollars({
	label,
	name,
	values,
	max,
	placeholder,
}: Dial<'price' | 'budget'> & { readonly max: number; readonly placeholder: string }): JSX.Element {
	const { whatIf } = useStore();
	return (
		<Field
			type="number"
			class="dial"
			label={label}
			focus={`dial:${name}`}
			min={0}
			max={max}
			step="any"
			optional
			placeholder={placeholder}
			value={values[name]}
			onChange={(value) => whatIf.set(name, value)}
		/>
	);
}

function Slider({
	label,
	name,
	values,
	max,
	step,
	format,
}: Dial<'tau1' | 'tau2' | 'mix'> & {
	readonly max: number;
	readonly step: number;
	readonly format: (value: number) => string;
}): JSX.Element {
	const { whatIf } = useStore();
	return (
		<Field
			type="range"
			class="dial"
			label={label}
			focus={`dial:${name}`}
			min={0}
			max={max}
			step={step}
			format={format}
			value={values[name]}
			onChange={(value) => whatIf.set(name, value)}
		/>
	);
}

function formatThreshold(value: number): string {
	return value.toFixed(2);
}

function formatMix(share: number): string {
	return `${Math.round(share * 100)} %`;
}

function Choice<Name extends 'method' | 'rank' | 'repeats' | 'answersFrom'>({
	label,
	name,
	values,
	choices,
}: Dial<Name> & { readonly choices: readonly (readonly [value: Values[Name], label: string])[] }): JSX.Element {
	const { whatIf } = useStore();
	return (
		<Field
			type="select"
			class="dial"
			label={label}
			focus={`dial:${name}`}
			choices={choices}
			value={values[name]}
			onChange={(chosen) => {
				const choice = choices.find(([value]) => value === chosen);
				if (choice) {
					whatIf.set(name, choice[0]);
				}
			}}
		/>
	);
}
