import type { PasteEvent } from '../core/input-event.ts';
import { insertText } from '../core/line-edit.ts';
import { endBroadcastPaste } from './broadcast-router.ts';
import { startCopyPaste } from './copy-router.ts';
import { typeIntoFilter } from './help-router.ts';
import { changeView, type Effect, showNotice } from './input-effect.ts';
import { routeInspectPaste } from './inspect/inspect-router.ts';
import { typeIntoQuery } from './lists/list-router.ts';
import { type Router, refuseTyping, typingTarget } from './typing-router.ts';
import type { PasteTarget } from './view-state.ts';

/** A paste belongs to one receiver from its start to its end, whatever happens to the focus meanwhile. */
export function routePaste(router: Router, event: PasteEvent): Effect[] {
  const { paste } = router.state.view;
  if (event.phase === 'start') return startPaste(router, event);
  const ended: Effect[] = event.phase === 'end' ? [changeView({ type: 'paste-ended' })] : [];
  if (paste?.to === 'pane') return [{ type: 'pane-input', pane: paste.pane, event }, ...ended];
  if (paste?.to === 'broadcast') {
    const gathered: Effect[] = event.text === '' ? [] : [changeView({ type: 'paste-gathered', text: event.text })];
    return event.phase === 'end' ? [...ended, ...endBroadcastPaste(router.state, paste, event.text)] : gathered;
  }
  if (paste?.to === 'copy') return [{ type: 'copy-paste', pane: paste.pane, text: event.text }, ...ended];
  if (paste?.to === 'help' && router.state.view.mode === 'help' && event.text !== '') {
    return [...typeIntoFilter(router.state.view.help.filter, event.text), ...ended];
  }
  const { list } = router.state.view;
  if (paste?.to === 'list' && list && event.text !== '') return [...typeIntoQuery(list.query, event.text), ...ended];
  const { prompt } = router.state.view;
  if (paste?.to === 'prompt' && prompt && 'line' in prompt && event.text !== '') {
    return [changeView({ type: 'prompt-edited', line: insertText(prompt.line, event.text) }), ...ended];
  }
  if (paste?.to === 'line' && event.text !== '') {
    return [...(routeInspectPaste(router.state, event.text) ?? []), ...ended];
  }
  return ended;
}

function startPaste(router: Router, event: PasteEvent): Effect[] {
  const { mode, focused, broadcast } = router.state.view;
  const start = (target: PasteTarget): Effect => changeView({ type: 'paste-started', target });
  if (mode === 'help') return [start({ to: 'help' })];
  if (mode === 'list') return [start({ to: 'list' })];
  if (mode === 'prompt') return [start({ to: 'prompt' })];
  if (routeInspectPaste(router.state, '')) return [start({ to: 'line' })];
  if (mode === 'confirm' || mode === 'quit' || mode === 'paste') {
    return [start({ to: 'nobody' }), showNotice('a paste is no answer: nothing was pasted', 'warning')];
  }
  if (mode === 'info' || mode === 'log' || mode === 'rename') return [start({ to: 'nobody' })];
  const left = changeView({ type: 'mode-left' });
  if (router.state.view.copies.has(focused)) return [left, ...startCopyPaste(router.state, focused)];
  const refusal = refuseTyping(router, typingTarget(router.state));
  if (refusal !== null) return [left, start({ to: 'nobody' }), showNotice(refusal, 'warning')];
  if (broadcast) return [left, start({ to: 'broadcast', text: '', tooLong: false })];
  return [left, start({ to: 'pane', pane: focused }), { type: 'pane-input', pane: focused, event }];
}
