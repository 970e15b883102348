/**
 * The answers to a program's queries, in the order of its questions. An answer that is not known yet holds back those after it: programs
 * take the answer to their last question (device attributes) for the end of all answers.
 */
export type ReplyQueue = {
  reply(text: string): void;
  /**
   * Keeps a place; the returned function fills it, with nothing if there is no answer after all. Null when too many wait already.
   */
  hold(): ((text: string) => void) | null;
};

/** A program that goes on asking in a loop meanwhile gets no more answers than this. */
const MAX_WAITING = 1000;

export function createReplyQueue(write: (text: string) => void): ReplyQueue {
  const waiting: { text: string | null }[] = [];

  function flush(): void {
    while (waiting.length > 0 && waiting[0]!.text !== null) {
      const { text } = waiting.shift()!;
      if (text) write(text);
    }
  }

  return {
    reply(text) {
      if (waiting.length === 0) write(text);
      else if (waiting.length < MAX_WAITING) waiting.push({ text });
    },
    hold() {
      if (waiting.length >= MAX_WAITING) return null;
      const place: { text: string | null } = { text: null };
      waiting.push(place);
      return (text) => {
        place.text = text;
        flush();
      };
    },
  };
}
