/**
 * A test for relative paths with `/` between their parts. `*` and `?` stay within a part, `**` goes over any number of them, `[a-z]` and
 * `{a,b}` are as in a shell. As in .gitignore a glob without `/` means a name at any depth, and what matches stands for all that is below it.
 */
export function createPathMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(patternOf);
  return (path) => patterns.some((pattern) => pattern.test(path));
}

function patternOf(glob: string): RegExp {
  const clean = glob.replace(/^\.?\//, '').replace(/\/$/, '');
  const anywhere = clean.includes('/') ? '' : '(?:.*/)?';
  try {
    return new RegExp(`^${anywhere}${sourceOf(clean)}(?:/.*)?$`, 'u');
  } catch {
    // A range the wrong way round, as in [z-a]: means nothing.
    return /^(?!)/;
  }
}

const TOKEN = /\*\*\/?|\*|\?|\[(!?)([^\]]+)\]|\{([^{}]*)\}|[\s\S]/gu;

function sourceOf(glob: string): string {
  return glob.replace(TOKEN, (part, not: string | undefined, set: string | undefined, choices: string | undefined) => {
    if (set !== undefined) return `[${not === '!' ? '^/' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    if (choices !== undefined) return `(?:${choices.split(',').map(sourceOf).join('|')})`;
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.replace(/[\\^$.|+()[\]{}/]/g, '\\$&');
  });
}
