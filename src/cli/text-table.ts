import { displayWidth, padText } from '../core/display-text.ts';

/** The lines of a table: columns as wide as what is in them, two blanks between them, none at an end. Control characters are the caller's. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, col) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[col]!))),
  );
  return [header, ...rows].map((cells) =>
    cells
      .map((cell, col) => padText(cell, widths[col]!))
      .join('  ')
      .trimEnd(),
  );
}
