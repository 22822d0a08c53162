import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { listNames, type Texts } from './language.js';

interface ConnectionTexts {
  readonly own: string;
  readonly others: (names: string) => string;
}

function textOf(
  members: readonly Member[],
  level: Member['connection'],
  texts: Texts,
  { own, others }: ConnectionTexts,
): string | undefined {
  const found = members.filter(({ connection }) => connection === level);
  if (found.some(({ self }) => self)) return own;
  if (found.length === 0) return undefined;
  const names = found.map(({ userName }) => userName);
  return others(listNames(names, texts));
}

/** @returns whose connection was lost, while it is being restored; without a member that is known, only that it is */
export const reconnectingText = (members: readonly Member[], texts: Texts): string =>
  textOf(members, 'lost', texts, {
    own: texts.yourConnectionLost,
    others: texts.theirConnectionLost,
  }) ?? texts.reconnecting;

/** @returns whose connection is poor; undefined if it is nobody's */
export const poorConnectionText = (
  { members, status }: CallSnapshot,
  texts: Texts,
): string | undefined =>
  status === 'active'
    ? textOf(members, 'poor', texts, {
        own: texts.yourConnectionPoor,
        others: texts.theirConnectionPoor,
      })
    : undefined;
