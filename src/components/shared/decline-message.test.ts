import { expect } from '@open-wc/testing';
import { utf8Bytes } from '../../core/protocol/limits.js';
import { declineData, declineMessageOf } from './decline-message.js';

describe('a decline message', () => {
  it('is read from the custom data that it was written to', () => {
    for (const message of ['In a meeting', 'أنا في اجتماع', '"quoted" \\ and\nlines']) {
      expect(declineMessageOf(declineData(message))).to.equal(message);
    }
  });

  it('fits into the custom data, whatever its characters', () => {
    for (const char of ['\u0000', '語', '😀', '"']) {
      expect(utf8Bytes(declineData(char.repeat(1_000)))).to.be.at.most(1_024);
    }
  });

  it('is not found in custom data of another format', () => {
    const others = ['', 'busy', '{', '{}', '{"message":1}', '{"message":" "}', '[]', 'null'];
    for (const data of others) expect(declineMessageOf(data)).to.equal(undefined);
  });

  it('is cut if another device sends a long one', () => {
    expect(declineMessageOf(JSON.stringify({ message: 'x'.repeat(900) }))).to.have.length(200);
  });
});
