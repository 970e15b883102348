import { z } from 'zod';
import { NonetError } from '../core/errors.ts';
import type { RequestHandlers, RequestName, RequestRow } from './request-table.ts';

/** Checks parameters against the table and calls the handler of that name. */
export async function dispatchRequest<T extends Record<string, RequestRow<z.ZodType, unknown>>, Context>(
  call: { table: T; handlers: RequestHandlers<T, Context>; name: string; params: unknown },
  context: Context,
): Promise<unknown> {
  const { table, handlers, name, params } = call;
  if (!Object.hasOwn(table, name))
    throw new NonetError('bad-request', `unknown request ${JSON.stringify(name.slice(0, 100))}`);
  const parsed = table[name]!.params.safeParse(params);
  if (!parsed.success) throw new NonetError('bad-request', `${name}: ${z.prettifyError(parsed.error)}`);
  const handler = handlers[name as RequestName<T>] as (params: unknown, context: Context) => unknown;
  return handler(parsed.data, context);
}
