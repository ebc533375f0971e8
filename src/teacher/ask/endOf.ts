import { StatError } from '../../core/errors/statError.ts';
import type { TransportError } from '../../core/ports/transport.ts';

/** The error that ends everything asked of a teacher, from the request that failed for good. */
export function endOf(
	error: TransportError,
	{ endpoint, model }: { readonly endpoint: string; readonly model: string },
): StatError {
	return new StatError(
		error.details.code ?? 'teacher.requestFailed',
		{ endpoint, model, reason: error.message },
		{ cause: error },
	);
}
