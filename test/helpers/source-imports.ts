import fs from 'node:fs';
import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** One import as it stands in a file. `typesOnly`: nothing of it is left at run time. */
export type SourceImport = { from: string; specifier: string; typesOnly: boolean };

/** Stands for a module's name that is worked out at run time. */
export const COMPUTED = '(computed)';

/** Every import, export-from, `import()`, `require()` and `import('…')` type of the file; `from` is the path that was given. */
export function readImports(file: string, root: string): SourceImport[] {
  const found: SourceImport[] = [];
  const add = (source: unknown, typesOnly: boolean): void => {
    const specifier = isNode(source) ? source['value'] : undefined;
    found.push({ from: file, specifier: typeof specifier === 'string' ? specifier : COMPUTED, typesOnly });
  };
  visit(parseFile(file, root), (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (node['source']) add(node['source'], isTypesOnly(node));
        return;
      case 'ImportExpression':
      case 'TSImportType':
        add(node['source'], node.type === 'TSImportType');
        return;
      case 'CallExpression':
        // Also a function that wraps it: `requireQuietly('x')`.
        if (isNode(node['callee']) && /^require([A-Z]|$)/.test(String(node['callee']['name']))) {
          const [first] = node['arguments'] as Node[];
          if (node['callee']['name'] === 'require' || first?.type === 'Literal') add(first, false);
        }
        return;
    }
  });
  return found;
}

export function hasDefaultExport(file: string, root: string): boolean {
  let found = false;
  visit(parseFile(file, root), (node) => {
    const exported = isNode(node['exported']) ? node['exported']['name'] : undefined;
    if (node.type === 'ExportDefaultDeclaration' || (node.type === 'ExportSpecifier' && exported === 'default')) {
      found = true;
    }
  });
  return found;
}

/** Files below the directory, relative to `root` with `/`, sorted. */
export function listFiles(directory: string, root: string): string[] {
  return fs
    .readdirSync(path.join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

type Node = { type: string } & Record<string, unknown>;

function parseFile(file: string, root: string): unknown {
  const lang = file.endsWith('x') ? 'tsx' : 'ts';
  return parseAst(fs.readFileSync(path.join(root, file), 'utf8'), { lang }, file);
}

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, look);
  } else if (isNode(value)) {
    look(value);
    for (const child of Object.values(value)) if (typeof child === 'object') visit(child, look);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** `import type …`, and an import whose every name is `type …`. A bare `import 'x'` has no names and is there for what it does. */
function isTypesOnly(node: Node): boolean {
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true;
  const names = (node['specifiers'] ?? []) as Node[];
  return names.length > 0 && names.every((name) => name['importKind'] === 'type' || name['exportKind'] === 'type');
}
