/** What a pane can be called; the layout's schema and `rename` ask here. */
export const MAX_PANE_NAME = 64;

/** Why this cannot be a pane's name; empty when it can. */
export function paneNameProblem(name: string): string {
  if (name.length > MAX_PANE_NAME) return `a name has at most ${MAX_PANE_NAME} characters`;
  if (name.trim() === '') return 'a name must not be empty';
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return 'a name must not have control characters';
  if (name === 'all') return '"all" means every pane and cannot be a name';
  if (/^\d+$/.test(name)) return 'a name cannot be a number: numbers name panes by their place';
  return '';
}
