import { io } from 'socket.io-client';

/** A Socket.IO connection to the bare relay, which forwards messages to the user that they name. */
export interface BareSocket<Message> {
  connected(): Promise<void>;
  send(to: string, message: Message): void;
  /** Sets the only listener. */
  listen(listener: (message: Message, from: string) => void): void;
}

export function connectBare<Message>(url: string, user: string): BareSocket<Message> {
  const socket = io(url, { transports: ['websocket'], auth: { user } });
  const connected = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    connected: async () => connected,
    send: (to, message) => void socket.emit('message', to, message),
    listen: (listener) => void socket.on('message', listener),
  };
}
