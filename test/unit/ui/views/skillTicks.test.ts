import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SkillRef } from '../../../../src/core/skills/skill.ts';
import { skillKey } from '../../../../src/core/skills/skill.ts';
import type { SkillEdit } from '../../../../src/core/skills/skillEdits.ts';
import { ticksOfEdit, ticksOfUndo } from '../../../../src/ui/views/skillTicks.ts';

const of = (name: string): SkillRef => ({ subject: 'algebra', name });
const [a, b, new1, new2] = [of('a'), of('b'), of('new_1'), of('new_2')];

/** Ticks as a session stores them: the excluded skills, by name. */
class Ticks {
	readonly out: Set<string>;
	constructor(...out: SkillRef[]) {
		this.out = new Set(out.map(skillKey));
	}
	readonly isChosen = (skill: SkillRef) => !this.out.has(skillKey(skill));
	set(changes: readonly (readonly [SkillRef, boolean])[]): this {
		changes.forEach(([skill, chosen]) =>
			chosen ? this.out.delete(skillKey(skill)) : this.out.add(skillKey(skill)),
		);
		return this;
	}
	edit(edit: SkillEdit, ...created: SkillRef[]): this {
		return this.set(ticksOfEdit({ edit, created }, this.isChosen));
	}
	undo(edit: SkillEdit, ...created: SkillRef[]): string[] {
		return [...this.set(ticksOfUndo({ edit, created }, this.isChosen)).out].sort();
	}
}

const merge: SkillEdit = { kind: 'merge', sources: [a, b], into: new1 };
const keys = (...skills: SkillRef[]) => skills.map(skillKey).sort();

test('a new name is unticked if all its sources were unticked, and an existing skill stays ticked', () => {
	assert.equal(new Ticks(a, b).edit(merge, new1).isChosen(new1), false);
	assert.equal(new Ticks(a).edit(merge, new1).isChosen(new1), true);
	assert.equal(
		new Ticks(a).edit({ kind: 'merge', sources: [a], into: b }).isChosen(b),
		true,
		'what is left out does not leave out what it becomes',
	);
	assert.equal(new Ticks(a).edit({ kind: 'rename', from: a, to: new1 }, new1).isChosen(new1), false);
	const split = new Ticks(a).edit(
		{
			kind: 'split',
			skill: a,
			parts: [
				{ skill: new1, questions: [] },
				{ skill: b, questions: [] },
			],
			keep: false,
		},
		new1,
	);
	assert.deepEqual([split.isChosen(new1), split.isChosen(b)], [false, true]);
	assert.equal(new Ticks(a).edit({ kind: 'retire', skills: [a] }).isChosen(a), false);
});

test('undoing an edit restores the ticks and drops those of the new name', () => {
	for (const before of [[], [a], [a, b]]) {
		assert.deepEqual(new Ticks(...before).edit(merge, new1).undo(merge, new1), keys(...before));
	}
	// The tick of the merged skill has changed since: it was unticked, or ticked.
	assert.deepEqual(
		new Ticks(a)
			.edit(merge, new1)
			.set([[new1, false]])
			.undo(merge, new1),
		keys(a, b),
	);
	assert.deepEqual(
		new Ticks(a, b)
			.edit(merge, new1)
			.set([[new1, true]])
			.undo(merge, new1),
		[],
	);
	const split: SkillEdit = {
		kind: 'split',
		skill: a,
		parts: [
			{ skill: new1, questions: [] },
			{ skill: new2, questions: [] },
		],
		keep: false,
	};
	assert.deepEqual(new Ticks(a).edit(split, new1, new2).undo(split, new1, new2), keys(a));
	assert.deepEqual(
		new Ticks()
			.edit(split, new1, new2)
			.set([
				[new1, false],
				[new2, false],
			])
			.undo(split, new1, new2),
		keys(a),
	);
	assert.deepEqual(
		new Ticks(a).undo({ kind: 'merge', sources: [a], into: b }),
		keys(a),
		'into one that was there: nothing moves',
	);
});
