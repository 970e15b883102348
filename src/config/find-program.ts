import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The file that a command's name means, by `PATH`'s absolute directories; null when it is in none of them. */
export function findProgram(name: string, searchPath: string): string | null {
  return (
    searchPath
      .split(':')
      .filter((directory) => path.isAbsolute(directory))
      .map((directory) => path.join(directory, name))
      .find(isExecutable) ?? null
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
