import type { Expandable, Value } from './imported-layout.ts';

/**
 * A text in which another tool expands `$NAME`, `${NAME}` and `${NAME:-default}` when it reads its file, as one in which nonet does. A
 * variable that is not set is empty there and a mistake here, so that each gets a default. `$$` is a dollar.
 */
export function expandingText(text: string): Value {
  if (!text.includes('$')) return text;
  let isVariable = false;
  const expandable = text.replace(
    /\$\$|\$\{([A-Za-z_]\w*)(?::?-([^{}$]*))?\}|\$([A-Za-z_]\w*)|\$(?=\{)/g,
    (whole, name, fallback, bare) => {
      if (whole === '$$') return '$';
      if (whole === '$') return '$$';
      isVariable = true;
      return `\${${name ?? bare}:-${fallback ?? ''}}`;
    },
  );
  return isVariable ? ({ expandable } satisfies Expandable) : text.replaceAll('$$', '$');
}

/** The same for a directory, which is never empty: a variable that is all of it and is not set means the layout's own. */
export function expandingDirectory(text: string): Value {
  const value = expandingText(text);
  if (typeof value !== 'object' || value === null || !('expandable' in value)) return value;
  return { expandable: String(value.expandable).replace(/^(\$\{\w+:-)\}$/, '$1.}') };
}

/** `NAME=value` texts, or a map. A value of null removes a variable. */
export function variablesOf(value: unknown, read: (text: string) => Value): Record<string, Value> {
  const variables: Record<string, Value> = {};
  const add = (name: string, content: unknown): void => {
    if (name === '' || /[=\0]/.test(name)) return;
    variables[name] = content === null || content === undefined ? null : read(String(content));
  };
  if (Array.isArray(value)) {
    for (const item of value.map(String)) {
      const equals = item.indexOf('=');
      if (equals > 0) add(item.slice(0, equals), item.slice(equals + 1));
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, content] of Object.entries(value)) add(name, content);
  }
  return variables;
}
