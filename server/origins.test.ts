import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayConnect } from './origins.js';

describe('the origins whose pages may connect', () => {
  const host = 'calls.example:8787';
  const origin = 'https://app.example';

  it('are those that are named, exactly', () => {
    assert.equal(mayConnect({ origin, host }, [origin]), true);
    for (const other of [
      'http://app.example',
      'https://app.example:8443',
      'https://app.example.evil.example',
      'https://calls.example:8787',
      'null',
    ]) {
      assert.equal(mayConnect({ origin: other, host }, [origin]), false, other);
    }
    assert.equal(mayConnect({ origin, host }, []), false);
    assert.equal(mayConnect({ origin, host }, '*'), true);
  });

  it("are the server's own host when none is named, also behind a proxy that speaks TLS", () => {
    assert.equal(mayConnect({ origin: 'https://calls.example:8787', host }, undefined), true);
    assert.equal(mayConnect({ origin: 'http://calls.example:8787', host }, undefined), true);
    assert.equal(mayConnect({ origin, host }, undefined), false);
    assert.equal(mayConnect({ origin: 'null', host }, undefined), false);
    assert.equal(mayConnect({ origin: 'https://x', host: undefined }, undefined), false);
  });

  it('are not asked of programs that are no pages', () => {
    assert.equal(mayConnect({ host }, []), true);
  });
});
