/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { CallError } from '../../core/service/call-error.js';
import { DeveloperWarnings } from './developer-warnings.js';

describe('DeveloperWarnings', () => {
  const element = document.createElement('start-call-button');
  let written: (readonly unknown[])[] = [];
  let warnings = new DeveloperWarnings();
  beforeEach(() => {
    written = [];
    warnings = new DeveloperWarnings((...values) => written.push(values));
  });

  it('writes what failed, what to do about it, and how to handle errors', () => {
    const error = new CallError('not-connected', 'no user is signed in');
    warnings.unhandled(element, error, 'Set a user-id.');
    expect(written).to.deep.equal([
      [
        'ringkit: <start-call-button>: no user is signed in (not-connected). Set a user-id. ' +
          'Set invitationEvents.onError of the provider, or read the error of its event "error", to handle errors yourself.',
        error,
      ],
    ]);
  });

  it('writes each text once', () => {
    warnings.unhandled(element, new Error('one'));
    warnings.unhandled(element, new Error('one'));
    warnings.unhandled(element, 'two');
    expect(written.map(([text]) => String(text).slice(0, 33))).to.deep.equal([
      'ringkit: <start-call-button>: one',
      'ringkit: <start-call-button>: two',
    ]);
  });

  it('stops after fifty texts', () => {
    for (let number = 0; number < 60; number++) warnings.unhandled(element, number);
    expect(written).to.have.length(50);
  });
});
