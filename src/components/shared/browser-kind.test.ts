import { expect } from '@open-wc/testing';
import { browserKind } from './browser-kind.js';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

describe('browserKind', () => {
  for (const [userAgent, touch, kind] of [
    [`${MAC} ${WEBKIT} Version/18.0 Safari/605.1.15`, 0, 'safari'],
    [`${MAC} ${WEBKIT} Version/18.0 Safari/605.1.15`, 5, 'ios'],
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) ${WEBKIT} CriOS/140.0 Safari/604.1`, 5, 'ios'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36',
      0,
      'chromium',
    ],
    ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0 Mobile', 5, 'android'],
    ['Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0', 0, 'firefox'],
    ['Something/1.0', 0, 'other'],
  ] as const)
    it(`is ${kind} for ${userAgent}, with ${touch} touch points`, () =>
      expect(browserKind({ userAgent, maxTouchPoints: touch })).to.equal(kind));
});
