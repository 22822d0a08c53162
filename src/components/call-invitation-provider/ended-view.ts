import type { CallSnapshot } from '../../core/service/snapshots.js';
import { callViewOf, type CallView } from '../shared/call-view.js';

/**
 * @returns the view that shows the last call after its end; undefined if the provider has other content in its place,
 *   which is shown only in its own state of a call
 */
export function endedViewOf(
  ended: CallSnapshot | undefined,
  provider: HTMLElement,
): CallView | undefined {
  const view = callViewOf(ended);
  const tag = view === 'ongoing' ? 'ongoing-call-view' : 'outgoing-call-dialog';
  const others = [...provider.children].filter(({ localName }) => localName !== tag);
  return others.some(({ slot }) => slot === view) ? undefined : view;
}
