import { arrangedGrid, isArrangement } from '../core/arrangement.ts';
import type { Grid, GridArea } from '../core/layout.ts';
import { fittingGrid, regularGrid } from '../core/regular-grid.ts';
import type { LayoutInput } from './layout-schema.ts';
import { type Path, quote, type ReportAt } from './problem.ts';

type GridContext = { paneNames: string[]; report: ReportAt; warn: ReportAt; damaged: (path: Path) => boolean };

/** The shape of a page: as the file says it, else the smallest of at most 3x3 that holds all panes. */
export function resolveGrid(input: Pick<LayoutInput, 'grid' | 'areas'>, context: GridContext): Grid {
  const { grid, areas } = input;
  const { paneNames, report } = context;
  if (grid !== undefined && areas !== undefined)
    report(['areas'], '"grid" and "areas" both say the shape: keep one', 'key');
  if (typeof grid === 'string') return gridOfSize(grid, paneNames.length);
  if (Array.isArray(grid)) return gridOfAreas(grid, { ...context, path: ['grid'] });
  if (grid) return gridWithShares(grid, context);
  if (areas) return gridOfAreas(areas, { ...context, path: ['areas'] });
  return fittingGrid(paneNames.length);
}

function gridOfSize(size: string, paneCount: number): Grid {
  if (isArrangement(size)) return arrangedGrid(size, paneCount);
  const [rows, cols] = size.split('x').map(Number) as [number, number];
  return regularGrid(rows, cols);
}

type LongGrid = { size?: string; areas?: string[]; rows?: number[]; columns?: number[] };

function gridWithShares({ size, areas, rows, columns }: LongGrid, context: GridContext): Grid {
  const { paneNames, report, damaged } = context;
  if (size !== undefined && areas !== undefined)
    report(['grid', 'areas'], '"size" and "areas" both say the shape: keep one', 'key');
  const isLost = damaged(['grid', 'size']) || damaged(['grid', 'areas']);
  if (size === undefined && areas === undefined && !(rows && columns) && !isLost)
    report(['grid'], '"grid" needs "size" or "areas", or both "rows" and "columns"');
  const shape = areas
    ? gridOfAreas(areas, { ...context, path: ['grid', 'areas'] })
    : size !== undefined
      ? gridOfSize(size, paneNames.length)
      : regularGrid(rows?.length ?? 1, columns?.length ?? 1);
  for (const [key, shares, count] of [
    ['rows', rows, shape.rows],
    ['columns', columns, shape.cols],
  ] as const) {
    if (shares && shares.length !== count) {
      const has = `the grid has ${count} ${count === 1 ? key.slice(0, -1) : key}`;
      report(['grid', key], `${has}, and these are ${shares.length} shares`);
    }
  }
  return { ...shape, ...(rows ? { rowShares: rows } : {}), ...(columns ? { colShares: columns } : {}) };
}

function gridOfAreas(
  lines: string[],
  context: { path: Path; paneNames: string[]; report: ReportAt; warn: ReportAt },
): Grid {
  const { path, paneNames, report, warn } = context;
  const rows = lines.map((line) => line.split(/\s+/).filter((name) => name !== ''));
  const cols = rows[0]!.length;
  const broken = regularGrid(1, 1);
  if (cols === 0) {
    report([...path, 0], 'a row of areas must not be empty');
    return broken;
  }
  for (const [index, row] of rows.entries()) {
    if (row.length === cols) continue;
    report([...path, index], `row ${index + 1} has ${row.length} areas, row 1 has ${cols}`);
    return broken;
  }

  const areas = new Map<string, GridArea>();
  for (const [row, names] of rows.entries()) {
    for (const [col, name] of names.entries()) {
      if (name === '.') continue;
      const area = areas.get(name);
      if (!area) areas.set(name, { row, col, rowSpan: 1, colSpan: 1 });
      else {
        area.rowSpan = Math.max(area.rowSpan, row - area.row + 1);
        area.colSpan = Math.max(area.colSpan, col - area.col + 1);
      }
    }
  }
  if (areas.size === 0) report(path, 'there is no area, only empty cells');
  for (const [name, area] of areas) {
    const cells = rows.flat().filter((cell) => cell === name).length;
    const filled = rows
      .slice(area.row, area.row + area.rowSpan)
      .every((row) => row.slice(area.col, area.col + area.colSpan).every((cell) => cell === name));
    if (filled && cells === area.rowSpan * area.colSpan) continue;
    // The first row that breaks the shape is where a person looks.
    const firstBad = rows.findIndex((row, index) => {
      const from = row.indexOf(name);
      if (from < 0) return index >= area.row && index < area.row + area.rowSpan;
      return (
        from !== area.col ||
        row.lastIndexOf(name) !== area.col + area.colSpan - 1 ||
        row.slice(from, from + area.colSpan).some((cell) => cell !== name)
      );
    });
    report([...path, Math.max(0, firstBad)], `area ${quote(name)} is not a rectangle`);
  }
  return { rows: rows.length, cols, areas: inPaneOrder(areas, { path, paneNames, warn }) };
}

/** Areas named after the first panes belong to those; otherwise the first area that appears is the first pane's. */
function inPaneOrder(
  areas: Map<string, GridArea>,
  { path, paneNames, warn }: { path: Path; paneNames: string[]; warn: ReportAt },
): GridArea[] {
  const first = paneNames.slice(0, areas.size);
  if (first.length === areas.size && first.every((name) => areas.has(name)))
    return first.map((name) => areas.get(name)!);
  const named = [...areas.keys()].filter((name) => paneNames.includes(name));
  if (named.length > 0 && named.some((name) => paneNames.indexOf(name) !== [...areas.keys()].indexOf(name)))
    warn(path, 'areas are filled in the order of the panes, unless their names are those of the first panes');
  return [...areas.values()];
}
