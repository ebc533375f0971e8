import { StatError } from '../../core/errors/statError.ts';
import type { TransportError } from '../../core/ports/transport.ts';

/** Converts a permanent failure of one request into the error that ends the whole run. */
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
