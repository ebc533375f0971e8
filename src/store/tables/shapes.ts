import * as z from 'zod';
import type { Split } from '../../core/questions/question.ts';
import type { LabelSource } from '../../core/skills/skill.ts';
import type { Pointer } from '../engine/packed.ts';
import { isPlain } from '../engine/packed.ts';

/** Shapes that several verbs share. */
export const qid = z.string().regex(/^[0-9a-f]{32}$/, 'expected a question id (32 hex digits)');
/** A name that the user types; it is shown in lists and never used as a path. */
export const personName = z
	.string()
	.min(1, 'expected a name')
	.max(300, 'expected at most 300 characters')
	.refine((text) => isPlain(text) && !/\p{Cc}/u.test(text), 'expected a name without control characters');
export const shortText = z.string().max(20_000, 'expected at most 20,000 characters');
export const round = z.int().min(1, 'rounds are numbered from 1').max(1_000_000);
export const sample = z.int().min(0).max(1_000_000);
export const scope = { student: personName, round };
export const at = z.string().max(64);
export const verdict = z.boolean().nullable();
export const skill = z.object({
	subject: z.string().max(300),
	name: z.string().min(1, 'expected a skill name').max(500),
});
export const skills = z.array(skill).max(1000);
export const split = z.enum(['train', 'validation', 'test']);
export const labelSource = z.enum(['bank', 'teacher', 'person']);
export const stepScores = z
	.array(z.number().min(0, 'step scores lie in [0, 1]').max(1, 'step scores lie in [0, 1]'))
	.max(100_000);
export const steps = z.array(z.tuple([z.int().min(0), z.int().min(0)])).max(100_000);
export const level = z.number();

const uint32 = z.int().min(0).max(0xffffffff);
const segment = z.int().min(1).max(999_999);
const textLength = uint32.max(0x1fffffff);
export const pointer: z.ZodType<Pointer> = z.union([
	z.tuple([segment, uint32, textLength, uint32]),
	z.tuple([segment, uint32, textLength]),
]);
export const textRef = z.union([z.string(), pointer]);

const splitNames: readonly Split[] = ['train', 'validation', 'test'];
const sourceNames: readonly LabelSource[] = ['bank', 'teacher', 'person'];

export const splitCode = (name: Split): number => splitNames.indexOf(name);
export const splitName = (code: unknown): Split => splitNames[Number(code)] ?? 'validation';
export const sourceCode = (name: LabelSource): number => sourceNames.indexOf(name) + 1;
export const sourceName = (code: unknown): LabelSource => sourceNames[Number(code) - 1] ?? 'bank';
export const bool = (value: unknown): boolean | null =>
	value === null || value === undefined ? null : Number(value) === 1;
export const flag = (value: boolean | null | undefined): number | null =>
	value === null || value === undefined ? null : Number(value);
