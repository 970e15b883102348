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
  try {
    return (await import('./mount-chrome.tsx')).mountChrome;
  } finally {
    for (const [name, value] of Object.entries({ NODE_ENV, FORCE_COLOR, DEV })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
