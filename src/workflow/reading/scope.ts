import { StatError } from '../../core/errors/statError.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Scope } from '../../core/scope.ts';

/**
 * The scope meant: what was named, the rest from the only or latest student with answers. One line says what to do if
 * that is not clear.
 */
export async function resolveScope(
	store: Pick<Store, 'read'>,
	wanted: { readonly student?: string | undefined; readonly round?: number | undefined },
): Promise<Scope> {
	const { students, last } = await store.read('students', {});
	if (students.length === 0 || !last) {
		throw new StatError('unsorted.failed', {
			problem: 'there are no student answers yet: bring them in with "import answers FILE --student NAME"',
		});
	}
	const named = wanted.student === undefined ? undefined : students.find(({ student }) => student === wanted.student);
	if (wanted.student !== undefined && !named) {
		throw new StatError('unsorted.failed', {
			problem:
				`no student "${wanted.student}" has answers here; there are: ` +
				`${students.map(({ student }) => student).join(', ')}`,
		});
	}
	const student = named ?? students.find(({ student: name }) => name === last.student);
	const rounds = student?.rounds.map(({ round }) => round) ?? [];
	const round = wanted.round ?? (student?.student === last.student ? last.round : rounds.at(-1));
	if (!student || round === undefined || !rounds.includes(round)) {
		throw new StatError('unsorted.failed', {
			problem:
				`student "${student?.student ?? last.student}" has no answers in round ${round ?? 1}; there ` +
				`are rounds ${rounds.join(', ')}`,
		});
	}
	return { student: student.student, round };
}
