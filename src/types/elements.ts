/**
 * What templates may write on the tags of ringkit: the one map from which the types for each framework derive. A test
 * compares it with custom-elements.json.
 */
import type {
  CallFactEvent,
  CallHistory,
  CallInvitationProvider,
  CallSettings,
  IncomingCallDialog,
  InviteToCallButton,
  MissedCallList,
  OngoingCallView,
  OutgoingCallDialog,
  StartCallButton,
} from '../index.js';

/** A tag that has no attribute but the ID of its provider. */
interface ProviderOnly<Element> {
  element: Element;
  attributes: { provider: 'provider' };
  properties: never;
}

/** For each tag: its class, its attributes with the property that each one sets, and its properties without attribute. */
interface Tags {
  'call-invitation-provider': {
    element: CallInvitationProvider;
    attributes: {
      'user-id': 'userID';
      'user-name': 'userName';
      signaling: 'signaling';
      token: 'token';
      config: 'config';
      'no-default-ui': 'noDefaultUI';
      'service-worker': 'serviceWorker';
      'notification-url': 'notificationURL';
    };
    properties:
      | 'invitationEvents'
      | 'iceServers'
      | 'iceTransportPolicy'
      | 'transport'
      | 'requireConfig'
      | 'avatarFor'
      | 'icons'
      | 'texts';
  };
  'start-call-button': {
    element: StartCallButton;
    attributes: {
      callees: 'callees';
      'call-type': 'callType';
      'custom-data': 'customData';
      'timeout-seconds': 'timeoutSeconds';
      disabled: 'disabled';
      provider: 'provider';
    };
    properties: never;
  };
  'invite-to-call-button': {
    element: InviteToCallButton;
    attributes: { people: 'people'; provider: 'provider' };
    properties: never;
  };
  'missed-call-list': ProviderOnly<MissedCallList>;
  'call-history': ProviderOnly<CallHistory>;
  'call-settings': {
    element: CallSettings;
    attributes: { provider: 'provider'; 'in-layer': 'inLayer' };
    properties: never;
  };
  'incoming-call-dialog': ProviderOnly<IncomingCallDialog>;
  'outgoing-call-dialog': ProviderOnly<OutgoingCallDialog>;
  'ongoing-call-view': {
    element: OngoingCallView;
    attributes: { provider: 'provider'; minimised: 'minimised' };
    properties: never;
  };
}

/** The tags of ringkit. */
export type Tag = keyof Tags;

/** The class of each tag. */
export type ElementOf<T extends Tag> = Tags[T]['element'];

type Attributes<T extends Tag> = Tags[T]['attributes'];

/** What an attribute may be: as its property, or the text of a number; a boolean attribute may be empty. */
type AttributeValue<V> =
  V | (number extends V ? `${number}` : never) | ([V] extends [boolean] ? '' : never) | undefined;

type Value<E, P> = P extends keyof E ? E[P] : never;

/** The properties of a tag, and its attributes. */
export type ElementProperties<T extends Tag> = {
  [P in Attributes<T>[keyof Attributes<T>] & string]?: Value<ElementOf<T>, P> | undefined;
} & {
  [P in Tags[T]['properties']]?: Value<ElementOf<T>, P> | undefined;
} & {
  [A in keyof Attributes<T>]?: AttributeValue<Value<ElementOf<T>, Attributes<T>[A]>>;
};

/** Names of the events of ringkit. All but `error` bubble, so that every tag may listen to each of them. */
export type EventName =
  | CallFactEvent['type']
  | 'call-accept'
  | 'call-again'
  | 'call-cancel'
  | 'call-decline'
  | 'call-dial-back'
  | 'call-dismiss'
  | 'call-dismiss-all'
  | 'call-hang-up'
  | 'call-history-delete'
  | 'call-history-export'
  | 'call-invite'
  | 'call-start'
  | 'error';

/** The type of each event. */
export type EventOf<N extends EventName> = N extends 'error' ? ErrorEvent : HTMLElementEventMap[N];

/** Handlers of all events. @template Prefix what a framework writes before the name of an event */
export type EventHandlers<Prefix extends string> = {
  [N in EventName as `${Prefix}${N}`]?: ((event: EventOf<N>) => unknown) | undefined;
};
