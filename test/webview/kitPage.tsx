/// <reference lib="dom" />
/// <reference types="vscode-webview" />
// A page for the tests of webview/kit. Each scene shows one part, and every call that the part makes is posted as a
// message.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ComboboxField } from '../../webview/kit/ComboboxField.tsx';
import { Button, Dropdown, TextArea } from '../../webview/kit/controls.tsx';
import { Field } from '../../webview/kit/Field.tsx';
import { connect } from '../../webview/kit/host.ts';
import { KeyList } from '../../webview/kit/KeyList.tsx';
import { mount } from '../../webview/kit/mount.tsx';
import { Notices, NoticeStore } from '../../webview/kit/Notices.tsx';
import { Region } from '../../webview/kit/Region.tsx';
import { AnswerText, RichText } from '../../webview/kit/RichText.tsx';
import type { Column } from '../../webview/kit/WindowedTable.tsx';
import { WindowedList, WindowedTable } from '../../webview/kit/WindowedTable.tsx';

export interface Called {
	readonly type: string;
	readonly value?: string | number | boolean | null;
}
export interface Show {
	readonly type: 'show';
	readonly scene: keyof typeof scenes;
}

const host = connect<Called, Show, never>();
const call = (type: string, value: Called['value'] = null): void => host.post({ type, value });

function Combobox(): JSX.Element {
	const [chosen, setChosen] = useState<readonly string[]>(['primes']);
	return (
		<ComboboxField
			label="Skills"
			placeholder="Add…"
			choices={['fractions', 'prime numbers', 'primes'].map((name) => ({
				id: name,
				label: name,
				chosen: chosen.includes(name),
				group: name.startsWith('f') ? 'Recent' : 'All',
			}))}
			chosenHint=", chosen"
			emptyHint="None known"
			noMatchHint="None matches"
			onToggle={(id) => {
				call('toggle', id);
				setChosen([...chosen, id]);
			}}
			onRemoveLast={() => call('removeLast')}
			onLeave={() => call('leave')}
		/>
	);
}

function Fields(): JSX.Element {
	const [size, setSize] = useState<number | null>(4);
	return (
		<>
			<Field
				type="number"
				label="Batch size"
				help="Rows of one step"
				focus="size"
				value={size}
				min={1}
				max={8}
				onChange={(value) => {
					call('size', value);
					setSize(value);
				}}
			/>
			<Field
				type="text"
				label="Name"
				focus="name"
				value=""
				check={(text) => (text.includes('/') ? 'No slash' : null)}
				onChange={(value) => call('name', value)}
			/>
			<Button label="Set to 2" focus="two" onPress={() => setSize(2)} />
		</>
	);
}

const columns: readonly Column[] = [
	{ id: 'name', title: 'Name', width: '1fr', cell: (index) => `row ${index}` },
	{ id: 'count', title: 'Count', width: '6em', numeric: true, cell: (index) => index * index },
];

function Table(): JSX.Element {
	const [current, setCurrent] = useState<number | null>(null);
	return (
		<div style={{ display: 'flex', height: '300px', flexDirection: 'column' }}>
			<WindowedTable
				class="table"
				label="Numbers"
				columns={columns}
				count={10_000}
				rowHeight={20}
				rowKey={(index) => index}
				current={current}
				focus="table"
				onMove={setCurrent}
				onOpen={(index) => call('open', index)}
			/>
		</div>
	);
}

/** A list in which rows are inserted at the top: `first` moves, and keys stay with their rows. */
function List(): JSX.Element {
	const [first, setFirst] = useState(100);
	const [current, setCurrent] = useState<number | null>(0);
	return (
		<>
			<Button label="Add before" focus="add" onPress={() => setFirst(first - 1)} />
			<div style={{ display: 'flex', height: '200px', flexDirection: 'column' }}>
				<WindowedList
					label="Names"
					count={200 - first}
					rowHeight={20}
					rowKey={(index) => first + index}
					current={current}
					focus="list"
					onMove={setCurrent}
					row={(index) => `name ${first + index}`}
				/>
			</div>
		</>
	);
}

const areKeysShown = signal(false);

function Keys(): JSX.Element {
	return (
		<>
			<input type="text" data-focus="typed" />
			<KeyList
				open={areKeysShown}
				keys={[
					{ keys: ['j'], shown: 'J', does: 'next', run: () => call('next') },
					{ keys: ['alt+r'], shown: 'Alt+R', does: 'raw', run: () => call('raw') },
					{
						keys: ['?'],
						shown: '?',
						does: 'this list',
						run: () => (areKeysShown.value = !areKeysShown.value),
					},
				]}
			/>
		</>
	);
}

function Texts(): JSX.Element {
	const [text, setText] = useState('one');
	const [count, setCount] = useState(0);
	return (
		<>
			<Button label="Draw again" focus="again" onPress={() => setCount(count + 1)} />
			<Button label="Mark two" focus="two" onPress={() => setText('two')} />
			<p class="count">{count}</p>
			<RichText
				text="**one** and two and $x^2$"
				raw={false}
				decoration={text}
				decorate={(root) => {
					call('decorate', text);
					const mark = document.createElement('mark');
					mark.textContent = text;
					root.append(mark);
				}}
			/>
			<p class="formula-answer">
				<AnswerText text="\frac{1}{2}" />
			</p>
			<p class="word-answer">
				<AnswerText text="about three apples" />
			</p>
		</>
	);
}

function Controls(): JSX.Element {
	const [choice, setChoice] = useState('a');
	const [text, setText] = useState('');
	return (
		<>
			<Dropdown
				label="Order"
				focus="order"
				choices={[
					['a', 'by name'],
					['b', 'by count'],
				]}
				value={choice}
				onChange={(value) => {
					call('choice', value);
					setChoice(value);
				}}
			/>
			<Button label="By name" focus="reset" onPress={() => setChoice('a')} />
			<TextArea
				label="Note"
				placeholder=""
				rows={2}
				value={text}
				onInput={setText}
				onCommit={() => call('commit', text)}
			/>
		</>
	);
}

const notices = new NoticeStore();

function NoticeScene(): JSX.Element {
	return (
		<>
			<Button label="Say" focus="say" onPress={() => notices.show({ level: 'info', message: 'Saved' })} />
			<Button label="Fail" focus="fail" onPress={() => notices.show({ level: 'error', message: 'No disk' })} />
			<Notices store={notices} />
		</>
	);
}

function Vanishing(): JSX.Element {
	const [ids, setIds] = useState(['a', 'b', 'c']);
	return (
		<Region class="vanishing">
			{ids.map((id) => (
				<button
					key={id}
					type="button"
					data-focus={id}
					onClick={() => setIds(ids.filter((other) => other !== id))}
				>
					{id}
				</button>
			))}
		</Region>
	);
}

const scenes = {
	combobox: <Combobox />,
	fields: <Fields />,
	table: <Table />,
	list: <List />,
	keys: <Keys />,
	texts: <Texts />,
	controls: <Controls />,
	notices: <NoticeScene />,
	vanishing: <Vanishing />,
};

host.listen(({ scene }) => mount(scenes[scene]));
call('ready');
