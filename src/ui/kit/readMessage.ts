import * as z from 'zod';

type Named = { readonly type: string };

/**
 * A schema for each field of each message. Code with a missing or an additional field, or with a schema whose output
 * does not fit the message, does not compile.
 */
export type MessageSchemas<Message extends Named> = {
	readonly [Type in Message['type']]: FieldSchemas<Extract<Message, { readonly type: Type }>>;
};

type FieldsOf<Message> = Exclude<keyof Message, 'type'>;

type FieldSchemas<Message> = [FieldsOf<Message>] extends [never]
	? Readonly<Record<string, never>>
	: { readonly [Field in FieldsOf<Message>]-?: z.ZodType<Message[Field]> };

/**
 * Returns undefined for a value that is not a message of the panel, after passing the reason to `onDrop` as one line.
 */
export type MessageReader<Message> = (value: unknown, onDrop?: (problem: string) => void) => Message | undefined;

/**
 * Returns a function that reads what a page posts. A page shows untrusted texts, so its messages are checked like any
 * other input: messages of unknown types are dropped, and unknown fields are omitted.
 */
export function messageReader<Message extends Named>(schemas: MessageSchemas<Message>): MessageReader<Message> {
	const objects = new Map<unknown, z.ZodType>(
		Object.entries<Readonly<Record<string, z.ZodType>>>(schemas).map(([type, fields]) => [
			type,
			z.object({ ...fields, type: z.literal(type) }),
		]),
	);
	return (value, onDrop) => {
		const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
		const schema = objects.get(type);
		if (!schema) {
			onDrop?.(`unknown type ${JSON.stringify(type)?.slice(0, 100) ?? '(none)'}`);
			return undefined;
		}
		const { success, data, error } = schema.safeParse(value);
		if (success) {
			// Every field has been checked: `schemas` has exactly the fields of this type's message.
			return data as Message;
		}
		const [issue] = error.issues;
		onDrop?.(`${String(type)}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`);
		return undefined;
	};
}
