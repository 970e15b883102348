import type { Layout } from '../core/layout.ts';
import type { SessionOrigin } from './layout-source.ts';
export function saveLayout(
  _session: { layout: Layout; origin: SessionOrigin | null; env: Record<string, string> },
  _target: { file: string; overwrite: boolean },
): { status: 'written' | 'exists'; file: string; notes: string[] } {
  throw new Error('soon');
}
