import type { z } from 'zod';

/** A row of a request table: the schema checks what enters, the phantom `result` types the reply. */
export type RequestRow<P extends z.ZodType, R> = { params: P; result?: R };

/** A row whose reply is an `R`. */
export function request<R>() {
  return <P extends z.ZodType>(params: P): RequestRow<P, R> => ({ params });
}

type Rows = Record<string, RequestRow<z.ZodType, unknown>>;
export type RequestName<T extends Rows> = Extract<keyof T, string>;
export type RequestParams<T extends Rows, N extends RequestName<T>> = z.infer<T[N]['params']>;
export type RequestResult<T extends Rows, N extends RequestName<T>> =
  T[N] extends RequestRow<z.ZodType, infer R> ? R : never;

/** Handlers for every row of a table: a row without one does not compile. */
export type RequestHandlers<T extends Rows, Context> = {
  [N in RequestName<T>]: (
    params: RequestParams<T, N>,
    context: Context,
  ) => Promise<RequestResult<T, N>> | RequestResult<T, N>;
};
