import type { Annotation } from '../../core/annotation.ts';
import type { Reads } from '../../core/store.ts';
import { knownScope, questionRow } from '../identities.ts';
import { skillNames } from '../skillNames.ts';
import type { Context } from '../verb.ts';
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
