/** Closes a switch: the compiler refuses a call with a value that is still possible. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
