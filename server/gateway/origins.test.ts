import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayConnect, parseOrigin } from './origins.js';

describe('the origin policy', () => {
  const host = 'calls.example:8787';
  const origin = 'https://app.example';

  it('allows exactly the listed origins', () => {
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

  it("allows the server's own host by default, also behind a proxy that terminates TLS", () => {
    assert.equal(mayConnect({ origin: 'https://calls.example:8787', host }, 'own-host'), true);
    assert.equal(mayConnect({ origin: 'http://calls.example:8787', host }, 'own-host'), true);
    assert.equal(mayConnect({ origin, host }, 'own-host'), false);
    assert.equal(mayConnect({ origin: 'null', host }, 'own-host'), false);
    assert.equal(mayConnect({ origin: 'https://x', host: undefined }, 'own-host'), false);
  });

  it('allows loopback origins and local names of the server with `local`', () => {
    const may = (page: string, asked = '192.168.1.5:8787') =>
      mayConnect({ origin: page, host: asked }, 'local');
    for (const page of [
      'http://localhost:5173',
      'http://phone.localhost:5173',
      'http://127.0.0.1:8080',
      'http://127.1.2.3',
      'http://[::1]:5173',
      'https://192.168.1.5:8787',
    ]) {
      assert.equal(may(page), true, page);
    }
    assert.equal(may('https://[fd00::5]:8787', '[fd00::5]:8787'), true);
    assert.equal(may('https://laptop:8787', 'laptop:8787'), true);
    assert.equal(may('https://laptop.local:8787', 'Laptop.local:8787'), true);
    for (const page of [
      'https://evil.example',
      'http://192.168.1.5:8080',
      'http://192.168.1.6:8787',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'http://evil-localhost',
      'null',
      'file://',
      'junk',
    ]) {
      assert.equal(may(page), false, page);
    }
    // DNS rebinding: an attacker's domain name resolves to this server.
    assert.equal(may('http://evil.example:8787', 'evil.example:8787'), false);
  });

  it('allows clients that send no Origin header', () => {
    assert.equal(mayConnect({ host }, []), true);
  });
});

describe('a written origin', () => {
  it('is that of a web page, an app, or of pages without an origin', () => {
    for (const [text, origin = text] of [
      ['https://example.org'],
      ['https://example.org/', 'https://example.org'],
      ['HTTPS://Example.org', 'https://example.org'],
      ['http://[::1]:8080'],
      ['capacitor://localhost'],
      ['ionic://localhost/', 'ionic://localhost'],
      ['tauri://localhost'],
      ['app://x'],
      ['app://com.example.calls:8080'],
      ['chrome-extension://abcdefghijklmnop'],
      ['file://'],
      ['null'],
    ]) {
      assert.equal(parseOrigin(text as string), origin, text);
    }
  });

  it('has neither path nor user, and is not that of a connection', () => {
    for (const text of [
      ...['', 'example.org', 'localhost', 'localhost:8080', 'https:/example.org', 'https://'],
      ...['https://example.org/calls', 'https://user@example.org', 'https://*.example.org/'],
      ...['capacitor://localhost/index.html', 'app://x?y', 'app://x y', 'app:x', 'App://x'],
      ...['wss://example.org', 'ws://example.org', 'redis://example.org', 'undefined', 'NULL'],
    ]) {
      assert.equal(parseOrigin(text), undefined, text);
    }
  });
});
