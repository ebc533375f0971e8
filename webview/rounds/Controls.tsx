import type { JSX } from 'preact';
import { Dropdown } from '../kit/controls.tsx';
import { Region } from '../kit/Region.tsx';
import type { How, RoundsState } from './protocol.ts';
import { useStore } from './state.ts';

/** The controls that select the answers and the questions to compare. */
export function Controls({ state }: { readonly state: RoundsState }): JSX.Element {
	const store = useStore();
	const { how, benchmarks, splits } = state;
	return (
		<Region class="controls">
			{benchmarks.length > 1 ? (
				<Dropdown
					label="Benchmark"
					focus="benchmark"
					value={how.benchmark ?? '*'}
					choices={[['*', 'all'], ...benchmarks.map((name) => [name, name] as const)]}
					onChange={(value) => store.change({ benchmark: value === '*' ? null : value })}
				/>
			) : null}
			{splits.length > 1 ? (
				<Dropdown
					label="Questions"
					focus="split"
					value={how.split ?? '*'}
					choices={[
						['*', 'test, where both answered'],
						['all', 'validation and test'],
						...splits.map((name) => [name, name] as const),
					]}
					onChange={(value) => store.change({ split: splitOf(value) })}
				/>
			) : null}
			<Dropdown
				label="Answers"
				focus="answers"
				value={how.answers}
				choices={[
					['all', 'mean of all'],
					['first', 'first only'],
				]}
				onChange={(value) => store.change({ answers: value === 'first' ? 'first' : 'all' })}
			/>
		</Region>
	);
}

function splitOf(value: string): How['split'] {
	return value === 'all' || value === 'test' || value === 'validation' ? value : null;
}
