import { expect } from '@open-wc/testing';
import { missed, user } from '../../../test/support/fake-service.js';
import { groupMissedCalls } from './missed-call-groups.js';

const cleo = user('cleo', 'Cleo Marsh');
const ann = user('ann', 'Ann Berg');
const gus = user('gus', 'Gus van Dam');
const noon = new Date(2026, 5, 10, 12).getTime();
const at = (hours: number) => ({ at: noon - hours * 3_600_000 });
const idsOf = (calls: Parameters<typeof groupMissedCalls>[0]) =>
  groupMissedCalls(calls, 'ann').map((group) => group.calls.map(({ callID }) => callID));

describe('groupMissedCalls', () => {
  it('has one group for each person and day, in the order of their newest calls', () => {
    const calls = [
      missed('6', at(0)),
      missed('5', { ...at(1), caller: cleo }),
      missed('4', at(2)),
      missed('3', at(11.9)),
      missed('2', at(12.1)),
      missed('1', { ...at(13), caller: cleo }),
    ];
    expect(idsOf(calls)).to.deep.equal([['6', '4', '3'], ['5'], ['2'], ['1']]);
  });

  it('keeps calls to groups of other people apart, in whatever order they are named', () => {
    const calls = [
      missed('4', { ...at(0), callees: [ann, gus, cleo] }),
      missed('3', { ...at(1), callees: [ann, gus] }),
      missed('2', { ...at(2), callees: [cleo, ann, gus] }),
      missed('1', at(3)),
    ];
    expect(idsOf(calls)).to.deep.equal([['4', '2'], ['3'], ['1']]);
    const [first] = groupMissedCalls(calls, 'ann');
    expect(first?.others).to.deep.equal(['Gus van Dam', 'Cleo Marsh']);
    expect(first?.newest.callID).to.equal('4');
  });

  it('gives a row the same key when a call is added to it or removed', () => {
    const [two] = groupMissedCalls([missed('2', at(0)), missed('1', at(1))], 'ann');
    const [one] = groupMissedCalls([missed('1', at(1))], 'ann');
    expect(two?.key).to.equal(one?.key);
  });
});
