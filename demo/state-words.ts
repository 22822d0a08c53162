import type { CallStatus, Connection } from '../src/core/index.js';

/** A short text for a state, and its colour. */
export interface StateWords {
  readonly text: string;
  readonly look: 'good' | 'busy' | 'warn' | 'bad' | '';
}

const CONNECTIONS: Readonly<Record<Connection, StateWords>> = {
  connecting: { text: 'Connecting…', look: 'warn' },
  connected: { text: 'Connected', look: 'good' },
  offline: { text: 'Offline', look: 'bad' },
  refused: { text: 'Refused', look: 'bad' },
};

const CALLS: Readonly<Record<CallStatus, StateWords>> = {
  idle: { text: 'Ready', look: 'good' },
  calling: { text: 'Calling…', look: 'busy' },
  'ringing-out': { text: 'Ringing…', look: 'busy' },
  incoming: { text: 'Incoming call', look: 'busy' },
  connecting: { text: 'Connecting…', look: 'busy' },
  active: { text: 'In a call', look: 'busy' },
  reconnecting: { text: 'Reconnecting…', look: 'warn' },
  ended: { text: 'Call ended', look: '' },
};

export const connectionWords = (connection: Connection): StateWords => CONNECTIONS[connection];

/** The state of the call, if there is one, and of the connection, if it is not connected. */
export function phoneWords(connection: Connection, status: CallStatus): StateWords {
  if (connection === 'connected') return CALLS[status];
  const words = CONNECTIONS[connection];
  if (status === 'idle') return words;
  return { ...words, text: `${CALLS[status].text.replace('…', '')}, ${words.text.toLowerCase()}` };
}
