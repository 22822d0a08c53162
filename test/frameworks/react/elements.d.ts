/**
 * Types of the elements for JSX. React's types do not read `HTMLElementTagNameMap`, which the library extends. So an
 * application declares the tags that it uses, as here. Properties are those of the element; an event `x` is bound as
 * `onx`.
 */
import type { ClassAttributes, HTMLAttributes } from 'react';
import type { CallInvitationProvider, StartCallButton } from '../../../src/index.js';

type Events = {
  [K in keyof HTMLElementEventMap as `on${K}`]?: (event: HTMLElementEventMap[K]) => void;
};

type ElementOf<T extends HTMLElement, Properties extends keyof T> = HTMLAttributes<T> &
  ClassAttributes<T> &
  Omit<Events, keyof HTMLAttributes<T>> &
  Partial<Pick<T, Properties>>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'call-invitation-provider': ElementOf<
        CallInvitationProvider,
        | 'userID'
        | 'userName'
        | 'signaling'
        | 'token'
        | 'config'
        | 'invitationEvents'
        | 'noDefaultUI'
      >;
      'start-call-button': ElementOf<
        StartCallButton,
        'callees' | 'callType' | 'customData' | 'timeoutSeconds' | 'disabled'
      >;
    }
  }
}
