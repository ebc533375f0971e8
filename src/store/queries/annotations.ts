import type { Annotation } from '../../core/diagnosis/annotation.ts';
import type { Reads } from '../../core/ports/store.ts';
import { knownScope, questionRow } from '../tables/identities.ts';
import { skillNames } from '../tables/resolveNames.ts';
import type { Context } from '../tables/verb.ts';
import { readAnnotations } from '../verbs/annotations.ts';
import { disputedAt, readCorrections } from '../verbs/diagnoses.ts';

export function annotations(context: Context, params: Reads['annotations']['params']): readonly Annotation[] {
	const scope = knownScope(context.db, params);
	if (scope === undefined) {
		return [];
	}
	const names = skillNames(context);
	return params.ids.slice(0, 2000).flatMap((id) => {
		const question = questionRow(context.db, id);
		return question === undefined
			? []
			: readAnnotations(context, scope, question, disputedAt(readCorrections(context, scope, question))).map(
					(annotation) => ({ ...annotation, skills: names.presentAll(annotation.skills, id) }),
				);
	});
}
