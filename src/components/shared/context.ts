import { createContext } from '@lit/context';
import type { CallConfig, CallInvitationService } from '../../core/service/types.js';
import type { Texts } from './language.js';

/** What the elements get from their provider. */
export interface CallHost {
  /** The provider. */
  readonly element: HTMLElement;
  readonly service: CallInvitationService;
  /** Read when needed: the page may renew it at any time. */
  config(): CallConfig | null;
  /** The page's own words. */
  texts(): Partial<Texts> | null;
  /** False where the browser has no WebRTC. */
  readonly canTakeCalls: boolean;
  /** Why the microphone or the camera could last not be had: the name of the browser's error. */
  readonly faults: ReadonlyMap<string, string>;
}

/** A string, so that two copies of the kit on one page understand each other. */
export const callContext = createContext<CallHost>('ringkit');
