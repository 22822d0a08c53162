import { expect, fixture, html } from '@open-wc/testing';
import { de } from '../../locales/de.js';
import { en } from '../../locales/en.js';
import { localeOf } from '../shared/locale-of.js';
import { describeTime } from './relative-time.js';

/** A Wednesday, at noon. */
const now = new Date(2026, 6, 15, 12, 0, 0).getTime();
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const textOf = (at: number, locale = 'en') => describeTime(at, now, locale).text;

describe('describeTime', () => {
  it('formats recent times relative to now', () => {
    expect(textOf(now)).to.equal('now');
    expect(textOf(now - 59 * SECOND)).to.equal('now');
    expect(textOf(now - MINUTE)).to.equal('1 minute ago');
    expect(textOf(now - 59.9 * MINUTE)).to.equal('59 minutes ago');
    expect(textOf(now - HOUR)).to.equal('1 hour ago');
    expect(textOf(now - 23.9 * HOUR)).to.equal('23 hours ago');
    expect(textOf(now - 24 * HOUR)).to.equal('yesterday');
    expect(textOf(now - 37 * HOUR)).to.equal('2 days ago');
    expect(textOf(new Date(2026, 6, 9, 0, 0).getTime())).to.equal('6 days ago');
  });

  it('formats a date after a week, with its year if it differs', () => {
    expect(textOf(new Date(2026, 6, 8, 23, 59).getTime())).to.equal('July 8');
    expect(textOf(new Date(2025, 11, 24).getTime())).to.equal('December 24, 2025');
  });

  it('uses the language of the user', () => {
    expect(textOf(now - 5 * MINUTE, 'de')).to.equal('vor 5 Minuten');
    expect(textOf(now - 25 * HOUR, 'fr')).to.equal('hier');
    expect(textOf(now - 2 * HOUR, 'ja')).to.equal('2 時間前');
    expect(textOf(now, 'ar')).to.equal('الآن');
    expect(textOf(new Date(2026, 5, 1).getTime(), 'en-GB')).to.equal('1 June');
  });

  it('treats a future time, by a wrong clock, as now', () => {
    expect(textOf(now + HOUR)).to.equal('now');
  });

  it('returns when the text changes', () => {
    for (const ago of [0, 20 * SECOND, 3.5 * MINUTE, 5.2 * HOUR, 30 * HOUR, 100 * HOUR]) {
      const { text, until } = describeTime(now - ago, now, 'en');
      expect(until).to.be.above(now);
      expect(describeTime(now - ago, until - 1, 'en').text).to.equal(text);
      expect(describeTime(now - ago, until, 'en').text).not.to.equal(text);
    }
    const old = new Date(2026, 5, 1).getTime();
    const { until } = describeTime(old, now, 'en');
    expect(describeTime(old, until - 1, 'en').text).to.equal('June 1');
    expect(describeTime(old, until, 'en').text).to.equal('June 1, 2026');
  });

  it('has the full date as title, and an ISO 8601 date', () => {
    const { title, iso } = describeTime(now - HOUR, now, 'en');
    expect(title).to.match(/^Wednesday, July 15, 2026 at 11:00.AM$/);
    expect(iso).to.equal(new Date(now - HOUR).toISOString());
  });
});

describe('localeOf', () => {
  const tagged = (lang: string) => fixture(html`<p lang=${lang}></p>`);

  it('combines the language of the texts with the region of the page', async () => {
    expect(localeOf(await tagged('de-ch'), de)).to.equal('de-CH');
    expect(localeOf(await tagged('de-CH'), en)).to.equal('en');
    expect(localeOf(await tagged('de-what_is_this'), de)).to.equal('de');
    expect(localeOf(await tagged(''), en)).to.equal(navigator.language);
  });
});
