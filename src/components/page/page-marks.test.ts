import { expect } from '@open-wc/testing';
import { PageMarks, type PageMark } from './page-marks.js';

const call: PageMark = { kind: 'call', prefix: 'Call: ', icon: true };
const ringing: PageMark = { kind: 'ringing', prefix: 'Bell: ', icon: false };

function createMarks() {
  const shown = { title: '', icon: '' };
  const marks = new PageMarks(
    { set: (prefix) => void (shown.title = prefix) },
    { set: (href) => void (shown.icon = href) },
  );
  return { marks, shown };
}

describe('PageMarks', () => {
  it('shows a ringing call of one provider before the call of another', () => {
    const { marks, shown } = createMarks();
    const [first, second] = [{}, {}];
    marks.set(first, call);
    expect(shown.title).to.equal('Call: ');
    expect(shown.icon).to.match(/^data:image\/svg\+xml,/);
    marks.set(second, ringing);
    expect(shown).to.deep.equal({ title: 'Bell: ', icon: '' });
    marks.set(second, undefined);
    expect(shown.title).to.equal('Call: ');
    marks.set(first, undefined);
    expect(shown).to.deep.equal({ title: '', icon: '' });
  });
});
