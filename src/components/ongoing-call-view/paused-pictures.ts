import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { othersOf } from '../shared/call-view.js';
import { listNames, type Texts } from '../shared/language.js';

/**
 * @returns the text for a picture that is not sent at present, to keep the sound clear: in the tile of its sender at
 * both ends. Undefined if it is sent
 */
export function pausedText(call: CallSnapshot, member: Member, texts: Texts): string | undefined {
  if (!member.self) return member.picturePaused ? texts.picturePaused : undefined;
  const others = othersOf(call).filter(({ state }) => state === 'accepted');
  const without = others.filter(({ ownPicturePaused }) => ownPicturePaused);
  if (without.length === 0) return undefined;
  if (without.length === others.length) return texts.picturePaused;
  const names = without.map(({ userName }) => userName);
  return texts.picturePausedFor(listNames(names, texts));
}
