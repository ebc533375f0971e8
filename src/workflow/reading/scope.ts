import { StatError } from '../../core/errors/statError.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';

/**
 * Resolves a scope: fields that are not given come from the only student with answers, or from the latest. Throws if
 * that is ambiguous.
 */
export async function resolveScope(
	store: Pick<Store, 'read'>,
	requested: { readonly student?: string | undefined; readonly round?: number | undefined },
): Promise<Scope> {
	const { students, last } = await store.read('students', {});
	if (students.length === 0 || !last) {
		throw new StatError('reading.noAnswers', {});
	}
	const named =
		requested.student === undefined ? undefined : students.find(({ student }) => student === requested.student);
	if (requested.student !== undefined && !named) {
		throw new StatError('reading.noStudent', {
			student: requested.student,
			students: students.map(({ student }) => student).join(', '),
		});
	}
	const student = named ?? students.find(({ student: name }) => name === last.student);
	const rounds = student?.rounds.map(({ round }) => round) ?? [];
	const round = requested.round ?? (student?.student === last.student ? last.round : rounds.at(-1));
	if (!student || round === undefined || !rounds.includes(round)) {
		throw new StatError('reading.noRound', {
			student: student?.student ?? last.student,
			round: round ?? 1,
			rounds: rounds.join(', '),
		});
	}
	return { student: student.student, round };
}
