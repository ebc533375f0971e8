import { StatError } from '../../core/errors/statError.ts';
import type { TransportError } from '../../core/ports/transport.ts';

/** Returns the error that ends a whole run, from the request that failed for good. */
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
