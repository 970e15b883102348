import { z } from 'zod';
import { isErrorCode, NonetError } from '../core/errors.ts';
import { helloSchema } from './control.ts';

/** What the JSON frames of a connection say: a hello from each side, then requests with their replies or errors, and events. */
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), hello: helloSchema }),
  z.object({ type: z.literal('request'), id: z.int(), name: z.string(), params: z.unknown() }),
  z.object({ type: z.literal('reply'), id: z.int(), result: z.unknown() }),
  z.object({
    type: z.literal('error'),
    id: z.int(),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
  }),
  z.object({ type: z.literal('event'), body: z.looseObject({ event: z.string() }) }),
]);

export type Message = z.infer<typeof messageSchema>;
type MessageOf<T extends Message['type']> = Extract<Message, { type: T }>;

/** Throws on what is no message. `greeted`: the peer has said hello, so that its events may take the short way. */
export function readMessage(payload: Buffer, greeted: boolean): Message {
  const json: unknown = JSON.parse(payload.toString('utf8'));
  // Keys and acknowledgements are events: the short way, which the schema would make a tenth of a millisecond longer.
  return greeted && isEventMessage(json) ? json : messageSchema.parse(json);
}

function isEventMessage(json: unknown): json is MessageOf<'event'> {
  if (typeof json !== 'object' || json === null || !('type' in json) || json.type !== 'event' || !('body' in json))
    return false;
  const { body } = json;
  return typeof body === 'object' && body !== null && 'event' in body && typeof body.event === 'string';
}

/** How a request failed, for the one who asked: a NonetError as it is, anything else as `internal`. */
export function errorMessage({ id, name }: { id: number; name: string }, error: unknown): MessageOf<'error'> {
  if (error instanceof NonetError) {
    return { type: 'error', id, code: error.code, message: error.message, hint: error.hint };
  }
  return { type: 'error', id, code: 'internal', message: `${name} failed: ${(error as Error).message}` };
}

/** The error as the one threw it who was asked; a code of another version becomes `failed`. */
export function errorOfMessage({ code, message, hint }: MessageOf<'error'>): NonetError {
  return new NonetError(isErrorCode(code) ? code : 'failed', message, hint === undefined ? {} : { hint });
}
