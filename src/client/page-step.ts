/** How far down the arrows and their neighbours move in anything that is read by pages: negative is up, infinite is to the end. Null for other keys. */
export function pageStep(key: string, pageRows: number): number | null {
  return steps[key]?.(pageRows) ?? null;
}

const steps: Readonly<Record<string, (pageRows: number) => number>> = {
  up: () => -1,
  kp_up: () => -1,
  down: () => 1,
  kp_down: () => 1,
  page_up: (pageRows) => -pageRows,
  kp_page_up: (pageRows) => -pageRows,
  page_down: (pageRows) => pageRows,
  kp_page_down: (pageRows) => pageRows,
  home: () => -Infinity,
  kp_home: () => -Infinity,
  end: () => Infinity,
  kp_end: () => Infinity,
};
