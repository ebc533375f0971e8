import { teacherOf } from '../workflow/asking/askTeacher.ts';
import { command } from './command.ts';
import { usageError } from './usageError.ts';

export const batchesCommand = command({
	about:
		"Lists the batches that this project has sent with --batch and whose replies are not all filed. The teacher's " +
		'options name the endpoint that is asked how far they are.',
	options: {
		cancel: {
			type: 'boolean',
			help: 'cancel those that run; what they have answered is billed, and filed by the next run of their step',
		},
	},
	teacher: true,
	async run({ parts, values, run, confirm }) {
		const { batches } = teacherOf(await parts({ teacher: true }));
		if (!batches) {
			throw usageError('a teacher without an endpoint has no batches');
		}
		const listed = await batches.list(run.signal);
		const running = listed.filter(({ isRunning }) => isRunning);
		if (values.flag('cancel') && running.length > 0) {
			await confirm(`Cancel ${running.length} batches?`);
			await Promise.all(running.map(({ batch }) => batches.cancel(batch, run.signal)));
		}
		const lines = listed.map(
			({ batch, at, requests, done, status }) => `${batch}  ${at}  ${done} of ${requests} done, ${status}`,
		);
		const cancelled = values.flag('cancel') ? running.length : 0;
		return {
			json: { batches: listed, cancelled },
			text: [
				...(lines.length > 0 ? lines : ['no batch is recorded for this model and endpoint']),
				...(cancelled > 0 ? [`${cancelled} cancelled: it takes the endpoint some minutes`] : []),
			].join('\n'),
		};
	},
});
