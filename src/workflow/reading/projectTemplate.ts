import { StatError } from '../../core/errors/statError.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { StudentTemplate } from '../../core/questions/studentTemplate.ts';
import { readTemplate } from '../../core/questions/studentTemplate.ts';

/**
 * Returns the project's student template, which training, evaluation and export share. Throws if the setting is
 * invalid.
 */
export async function projectTemplate(store: Pick<Store, 'read'>): Promise<StudentTemplate> {
	const template = readTemplate(await store.read('setting', { key: 'studentTemplate' }));
	if (!template) {
		throw new StatError('questions.badTemplate', {});
	}
	return template;
}
