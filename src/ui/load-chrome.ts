import fs from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import type { mountChrome } from './mount-chrome.tsx';

/**
 * Loads Ink and React, which choose what they are when they are loaded: React's development build unless NODE_ENV says otherwise
 * (several times slower, and it keeps every performance mark), colours after the real stdout, devtools if DEV is set. The
 * environment is put back before anyone else looks at it.
 */
export async function loadChrome(): Promise<typeof mountChrome> {
  const { NODE_ENV, FORCE_COLOR, DEV } = process.env;
  process.env.NODE_ENV = 'production';
  // All colours: the painter knows what the outer terminal takes.
  process.env.FORCE_COLOR = '3';
  delete process.env.DEV;
  const hooks = loadLessOfEsToolkit();
  try {
    return (await import('./mount-chrome.tsx')).mountChrome;
  } finally {
    hooks?.deregister();
    for (const [name, value] of Object.entries({ NODE_ENV, FORCE_COLOR, DEV })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

const LIBRARY = 'es-toolkit/compat';
const ONE_FUNCTION = `import { throttle } from '${LIBRARY}'`;

/**
 * Ink 8 takes one function from a library of 336 files, which is 40 % of the time that loading takes. It gets the file with that
 * function instead. An Ink that imports anything else, or a Node without `registerHooks` (before 22.15), gets what it asks for.
 */
function loadLessOfEsToolkit(): { deregister(): void } | undefined {
  return module.registerHooks?.({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context);
      if (specifier !== LIBRARY || !context.parentURL?.endsWith('/ink/build/ink.js')) return found;
      const file = new URL('function/throttle.mjs', found.url);
      const asked = fs.readFileSync(fileURLToPath(context.parentURL), 'utf8').includes(ONE_FUNCTION);
      return asked && fs.existsSync(file) ? { ...found, url: file.href } : found;
    },
  });
}
