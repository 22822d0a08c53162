import { html, type TemplateResult } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import { initialsOf } from './initials.js';

/** Sets a custom property from script: a `style` attribute would break a strict Content Security Policy. */
class HueDirective extends Directive {
  override render(_hue: number): void {}

  override update({ element }: ElementPart, [hue]: [number]): void {
    (element as HTMLElement).style.setProperty('--_hue', `${hue}`);
  }
}
const hue = directive(HueDirective);

/** A colour for a person: always the same, and different for most. @returns degrees, 0 to 359 */
export function hueOf(userID: string): number {
  let hash = 7;
  for (const char of userID) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % 360;
}

/** A person's sign: initials on a colour of their own. The name stands beside it, so it is not read aloud. */
export const avatar = (user: CallUser | undefined, classes = ''): TemplateResult =>
  html`<span class="avatar ${classes}" aria-hidden="true" ${hue(hueOf(user?.userID ?? ''))}
    >${initialsOf(user?.userName ?? '')}</span
  >`;
