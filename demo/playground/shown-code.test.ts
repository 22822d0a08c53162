import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shownCode } from './shown-code.js';

const start = { attributes: {}, tokens: {}, config: {}, lang: 'en', scheme: '' };

describe('the code that the playground shows', () => {
  it('is a provider with the element', () => {
    const element = { tag: 'missed-call-list', scenes: [] };
    assert.equal(
      shownCode({ ...start, element }),
      '<call-invitation-provider user-id="ann">\n  <missed-call-list></missed-call-list>\n</call-invitation-provider>',
    );
  });

  it('has attributes, config, language and style, escaped', () => {
    const code = shownCode({
      element: { tag: 'start-call-button', content: 'Call', scenes: [] },
      attributes: { callees: '["a"]', disabled: '' },
      tokens: { '--call-accent': '#f00' },
      config: { declineMessages: ["I'm busy"] },
      ...{ lang: 'de', scheme: 'dark' },
    });
    assert.ok(code.includes('<start-call-button callees="[&quot;a&quot;]" disabled>Call</'));
    assert.ok(code.includes(`lang="de" config='{"declineMessages":["I&#39;m busy"]}'`));
    assert.ok(code.includes('color-scheme: dark;\n    --call-accent: #f00;'));
  });

  it('shows no tag for an element that only the provider uses', () => {
    const element = { tag: 'notification-offer', internal: true, scenes: [] };
    assert.ok(!shownCode({ ...start, element }).includes('<notification-offer'));
  });
});
