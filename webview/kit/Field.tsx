import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface FieldBase {
	readonly label: string;
	/** A sentence below the control. */
	readonly help?: string | undefined;
	/** A problem found elsewhere, for example in the form as a whole; it is shown at this control. */
	readonly problem?: string | null | undefined;
	readonly disabled?: boolean | undefined;
	/** The name under which tests and focus() find the control. */
	readonly focus?: string | undefined;
	readonly class?: string | undefined;
}

interface NumberField extends FieldBase {
	readonly type: 'number';
	/** `null`: the field is empty, which is allowed only with `optional`. */
	readonly value: number | null;
	readonly min: number;
	readonly max: number;
	/** 1 accepts only whole numbers. */
	readonly step?: 1 | 'any' | undefined;
	readonly optional?: boolean | undefined;
	readonly placeholder?: string | undefined;
	/** Called only with valid values: while the user types, the last valid one remains in effect. */
	readonly onChange: (value: number | null) => void;
}

interface RangeField extends FieldBase {
	readonly type: 'range';
	readonly value: number;
	readonly min: number;
	readonly max: number;
	readonly step: number;
	/** Formats the value for the user. */
	readonly format: (value: number) => string;
	readonly onChange: (value: number) => void;
}

interface TextField extends FieldBase {
	readonly type: 'text';
	readonly value: string;
	readonly placeholder?: string | undefined;
	/** Returns why a string is invalid, or `null` if it is valid. */
	readonly check?: ((value: string) => string | null) | undefined;
	/** Called with strings that pass the check. */
	readonly onChange: (value: string) => void;
}

interface SelectField extends FieldBase {
	readonly type: 'select';
	readonly value: string;
	readonly choices: readonly (readonly [value: string, label: string])[];
	readonly onChange: (value: string) => void;
}

interface CheckField extends FieldBase {
	readonly type: 'checkbox';
	readonly value: boolean;
	readonly onChange: (value: boolean) => void;
}

export type FieldProps = NumberField | RangeField | TextField | SelectField | CheckField;

/** One control of a form with its label, its help and, directly at the control, what is wrong with its value. */
export function Field(props: FieldProps): JSX.Element {
	const id = useId();
	const [typingProblem, setTypingProblem] = useState<string | null>(null);
	const problem = typingProblem ?? props.problem ?? null;
	const described = [props.help === undefined ? '' : `${id}-help`, problem === null ? '' : `${id}-problem`];
	const common: ControlProps = {
		'data-focus': props.focus,
		disabled: props.disabled,
		'aria-invalid': problem !== null,
		'aria-describedby': described.filter(Boolean).join(' ') || undefined,
	};
	return (
		<div class={props.class === undefined ? 'field' : `field ${props.class}`}>
			<label class={`field-label field-${props.type}`}>
				<span>{props.label}</span>
				<Control props={props} common={common} onProblem={setTypingProblem} />
			</label>
			{props.help === undefined ? null : (
				<p id={`${id}-help`} class="field-help">
					{props.help}
				</p>
			)}
			{problem === null ? null : (
				<p id={`${id}-problem`} class="field-problem" aria-live="polite">
					{problem}
				</p>
			)}
		</div>
	);
}

interface ControlProps {
	readonly 'data-focus': string | undefined;
	readonly disabled: boolean | undefined;
	readonly 'aria-invalid': boolean;
	readonly 'aria-describedby': string | undefined;
}

interface ControlOf<Props> {
	readonly props: Props;
	readonly common: ControlProps;
	readonly onProblem: (problem: string | null) => void;
}

function Control({ props, common, onProblem }: ControlOf<FieldProps>): JSX.Element {
	switch (props.type) {
		case 'number':
			return <NumberInput props={props} common={common} onProblem={onProblem} />;
		case 'range':
			return (
				<>
					<input
						{...common}
						type="range"
						min={props.min}
						max={props.max}
						step={props.step}
						value={props.value}
						aria-valuetext={props.format(props.value)}
						onInput={({ currentTarget }) => props.onChange(Number(currentTarget.value))}
					/>
					<output aria-hidden="true">{props.format(props.value)}</output>
				</>
			);
		case 'text':
			return (
				<TypedInput
					common={common}
					text={props.value}
					placeholder={props.placeholder}
					onInput={(text) => {
						const found = props.check?.(text) ?? null;
						onProblem(found);
						if (found === null) {
							props.onChange(text);
						}
					}}
				/>
			);
		case 'select':
			return (
				<select {...common} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
					{props.choices.map(([value, label]) => (
						<option key={value} value={value} selected={value === props.value}>
							{label}
						</option>
					))}
				</select>
			);
		case 'checkbox':
			return (
				<input
					{...common}
					type="checkbox"
					checked={props.value}
					onChange={({ currentTarget }) => props.onChange(currentTarget.checked)}
				/>
			);
	}
}

function NumberInput({ props, common, onProblem }: ControlOf<NumberField>): JSX.Element {
	const { value, min, max, step = 1, optional = false } = props;
	return (
		<TypedInput
			common={common}
			text={value === null ? '' : String(+value.toPrecision(6))}
			placeholder={props.placeholder}
			number={{ min, max, step }}
			onInput={(text) => {
				const typed = text.trim() === '' ? null : Number(text);
				const found = numberProblem(typed, { min, max, step, optional });
				onProblem(found);
				if (found === null) {
					props.onChange(typed);
				}
			}}
		/>
	);
}

/** Returns briefly why a number is invalid, or `null` if it is valid. */
export function numberProblem(
	value: number | null,
	{
		min,
		max,
		step,
		optional,
	}: { readonly min: number; readonly max: number; readonly step: 1 | 'any'; readonly optional: boolean },
): string | null {
	if (value === null) {
		return optional ? null : 'A number is needed';
	}
	if (!(value >= min && value <= max)) {
		return `From ${min} to ${max}`;
	}
	return step === 1 && !Number.isInteger(value) ? 'A whole number' : null;
}

/** What the user types stays in the input, valid or not, until the value changes elsewhere. */
function TypedInput(props: {
	readonly common: ControlProps;
	readonly text: string;
	readonly placeholder: string | undefined;
	readonly number?: { readonly min: number; readonly max: number; readonly step: 1 | 'any' };
	readonly onInput: (text: string) => void;
}): JSX.Element {
	const { common, text, placeholder, number, onInput } = props;
	const input = useRef<HTMLInputElement>(null);
	const sent = useRef<string | null>(null);
	useLayoutEffect(() => {
		if (input.current && text !== sent.current) {
			input.current.value = text;
			sent.current = text;
		}
	}, [text]);
	const shared = {
		...common,
		ref: input,
		placeholder,
		onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
			const typed = currentTarget.value;
			sent.current = number && typed.trim() !== '' ? String(+Number(typed).toPrecision(6)) : typed;
			onInput(typed);
		},
	};
	return number ? <input {...shared} {...number} type="number" /> : <input {...shared} type="text" />;
}
