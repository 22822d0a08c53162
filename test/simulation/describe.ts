import type { Message, MemberRecord } from '../../src/core/protocol/messages.js';

export function describeRecord({ user, round, state, device, reason }: MemberRecord): string {
  const number = round > 1 ? round : '';
  return `${user}${number}:${state}${device ? `@${device}` : ''}${reason ? `(${reason})` : ''}`;
}

/** One line of the log. */
export function describeMessage(message: Message & { from?: { deviceID: string } }): string {
  const parts: unknown[] = [message.type, message.callID];
  if (message.from) parts.push(`from ${message.from.deviceID}`);
  parts.push(`to ${message.toDevice ?? message.to.join()}`);
  for (const [name, value] of Object.entries(message)) {
    if (
      [
        'reason',
        'phase',
        'user',
        'join',
        'gaveUp',
        'lost',
        'answered',
        'replay',
        'link',
        'round',
      ].includes(name)
    ) {
      parts.push(`${name}=${String(value)}`);
    }
  }
  parts.push(`[${message.records.map(describeRecord).join(' ')}]`);
  return parts.join(' ');
}
