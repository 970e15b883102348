import vm from 'node:vm';

/**
 * Runs a function for at most so many milliseconds; false when that was not enough. Where it was stopped nobody knows: what it worked on is
 * to be thrown away. A thread keeps the time, and V8 asks for it also while it matches a regular expression.
 */
export function runLimited(run: () => void, limitMs: number): boolean {
  limited ??= { context: vm.createContext({ run }), script: new vm.Script('run()') };
  limited.context['run'] = run;
  try {
    limited.script.runInContext(limited.context, { timeout: limitMs });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}

let limited: { context: vm.Context; script: vm.Script } | null = null;
