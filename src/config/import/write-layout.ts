import { Document, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { printable } from '../problem.ts';
import { type ImportedLayout, isExpandable, type Settings, type Value } from './imported-layout.ts';

/** The layout as YAML that `nonet check` takes, with its remarks as comments where they belong. */
export function writeLayout({ notes, head, headNotes, panes, profiles }: ImportedLayout): string {
  const document = new Document({});
  const root = document.contents as unknown as YAMLMap;
  const add = (key: string, value: Value | undefined, remarks: string[] = []): Node | null => {
    const plain = plainValue(value);
    if (plain === undefined) return null;
    const keyNode = document.createNode(key) as Scalar;
    if (remarks.length > 0) keyNode.commentBefore = commentOf(remarks);
    const node = document.createNode(plain) as Node;
    tidy(node);
    root.add(document.createPair(keyNode, node));
    return node;
  };

  add('version', 1);
  for (const [key, value] of Object.entries(head)) add(key, value, headNotes[key]);
  const list = add(
    'panes',
    panes.map(({ name, settings }) => ({ name, ...settings })),
  ) as YAMLSeq<Node>;
  for (const [index, { notes: remarks }] of panes.entries()) {
    const node = list.items[index]!;
    if (index > 0) node.spaceBefore = true;
    if (remarks.length > 0) node.commentBefore = commentOf(remarks);
  }
  add('profiles', profiles as Settings, headNotes['profiles']);

  document.commentBefore = commentOf(notes);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Without what is not said, and with every `${` escaped that is not meant for nonet. */
export function plainValue(value: Value | undefined): unknown {
  if (value === undefined || value === null) return value;
  if (typeof value === 'string') return escapeVariables(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (isExpandable(value as Value)) return (value as { expandable: string }).expandable;
  const entries = Object.entries(value as Settings)
    .map(([key, child]) => [key, plainValue(child)] as const)
    .filter(([, child]) => child !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** nonet halves a run of `$` before `{` and expands what is left over. */
export function escapeVariables(text: string): string {
  return text.replace(/\$+(?=\{)/g, (dollars) => dollars + dollars);
}

/** Short lists on one line; texts of several lines as blocks. */
export function tidy(node: unknown): void {
  if (isSeq(node)) {
    node.flow = node.items.every((item) => isScalar(item) && !String(item.value).includes('\n'));
    for (const item of node.items) tidy(item);
  } else if (isMap(node)) {
    for (const pair of node.items) tidy(pair.value);
  } else if (isScalar(node) && typeof node.value === 'string' && node.value.includes('\n')) {
    node.type = Scalar.BLOCK_LITERAL;
  }
}

function commentOf(remarks: readonly string[]): string {
  return remarks.map((remark) => ` ${printable(remark)}`).join('\n');
}
