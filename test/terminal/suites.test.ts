import { describe, expect, it } from 'vitest';
import { readSuites, type SuiteName } from './suites.ts';

/**
 * Conformance suites of other projects, through our screen. Their data are not part of this project: `NONET_SUITES=FOLDER` says where they
 * are. Last figures: xterm.js's fixtures 73 of 76 (its own tests leave out five), Alacritty's references 20 of the 22 at hand, with colours,
 * attributes, links and marks.
 */
const folder = process.env['NONET_SUITES'];

/** Cases that fail, and why that is meant or cannot be helped. One that passes after all fails the test, too. */
const EXPECTED_FAILURES: Record<SuiteName, Record<string, string>> = {
  'xterm-fixtures': {
    't0055-EL':
      'EL while a wrap is pending erases nothing here, as in Alacritty (erase_in_line) and tmux; xterm erases the last cell',
    't0084-CBT': 'a cursor that has moved away while a wrap stays pending cannot be told in @xterm/headless',
    't0103-reverse_wrap': 'xterm.js lets BS go back over wraps that the text made, not over every line as xterm did',
  },
  'alacritty-refs': {
    saved_cursor_alt: 'wants the pending wrap back after DECRC; xterm (t0060-DECSC, t0061-CSI_s) wants it gone',
    selective_erasure:
      'Alacritty knows no selective erasing; DECSED and DECSEL erase here what DECSCA does not protect (VT220)',
    underline: 'wants SGR 21 without effect; it is the double underline of ECMA-48, as in xterm, kitty and Ghostty',
  },
};

describe.skipIf(!folder)(
  `conformance suites${folder ? '' : ' (skipped: the data are not part of the project, NONET_SUITES names their folder)'}`,
  () => {
    const cases = folder ? readSuites(folder) : [];
    const passed = new Map<string, number>();

    it.each(cases)('$suite $name', ({ suite, name, run }) => {
      const differences = run();
      const reason = EXPECTED_FAILURES[suite][name];
      if (differences.length === 0) passed.set(suite, (passed.get(suite) ?? 0) + 1);
      if (reason === undefined) expect(differences.slice(0, 10)).toEqual([]);
      else expect(differences, `passes now, although expected to fail: ${reason}`).not.toEqual([]);
    });

    it('counts', () => {
      for (const suite of new Set(cases.map((each) => each.suite))) {
        const all = cases.filter((each) => each.suite === suite).length;
        process.stdout.write(`${suite}: ${passed.get(suite) ?? 0} of ${all} are right\n`);
      }
    });
  },
);
