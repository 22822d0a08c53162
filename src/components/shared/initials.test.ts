import { expect } from '@open-wc/testing';
import { hueOf } from './avatar.js';
import { formatDuration, isoDuration, spokenDuration } from './duration.js';
import { initialsOf } from './initials.js';

describe('initials', () => {
  const names: [name: string, initials: string][] = [
    ['Amara Kone', 'AK'],
    ['Ben van der Berg', 'BB'],
    ['madonna', 'M'],
    ['alice@example.org', 'AO'],
    ['user_42', 'U4'],
    ['(Bob) O’Brien', 'BO'],
    ['  Zoë  Åkesson ', 'ZÅ'],
    ['山田 太郎', '山'],
    ['陈丽', '陈'],
    ['김민수', '김'],
    ['さくら', 'さ'],
    ['محمد علي', 'م\u200cع'],
    ['ليلى', 'ل'],
    ['🦊 Fox', '🦊'],
    ['👩‍👩‍👧 Family', '👩‍👩‍👧'],
    ['Ann 🎉', 'A'],
    ['é́lise', 'É́'],
    ['***', ''],
    ['', ''],
  ];
  for (const [name, initials] of names) {
    it(`of "${name}" are "${initials}"`, () => {
      expect(initialsOf(name)).to.equal(initials);
    });
  }
});

describe('hueOf', () => {
  it('always returns the same hue for a user, and uses all twelve hues', () => {
    const hues = Array.from({ length: 200 }, (_, i) => hueOf(`user-${i}`));
    expect(hueOf('user-7')).to.equal(hues[7]);
    expect([...new Set(hues)].sort((a, b) => a - b)).to.deep.equal([...Array(12).keys()]);
  });
});

describe('a duration', () => {
  it('is formatted like a clock', () => {
    const shown = [0, 7_999, 60_000, 767_000, 3_599_999, 3_723_000, -5].map((ms) =>
      formatDuration(ms),
    );
    expect(shown).to.deep.equal(['0:00', '0:07', '1:00', '12:47', '59:59', '1:02:03', '0:00']);
  });

  it('has the digits of the region', () => {
    expect(formatDuration(3_723_000, 'ar-EG')).to.equal('١:٠٢:٠٣');
    expect(formatDuration(3_723_000, 'ar-AE')).to.equal('1:02:03');
    expect(formatDuration(360_000_000, 'de')).to.equal('100:00:00');
  });

  it('is read aloud in the language', () => {
    expect(spokenDuration(767_000, 'en')).to.equal('12 minutes, 47 seconds');
    expect(spokenDuration(3_602_000, 'pl')).to.equal('1 godzina i 2 sekundy');
    expect(spokenDuration(22_000, 'uk')).to.equal('22 секунди');
    expect(spokenDuration(0, 'de')).to.equal('0 Sekunden');
  });

  it('is formatted for machines in ISO 8601', () => {
    expect([0, 767_999].map(isoDuration)).to.deep.equal(['PT0S', 'PT767S']);
  });
});
