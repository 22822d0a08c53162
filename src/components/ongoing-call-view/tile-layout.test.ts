import { expect } from '@open-wc/testing';
import { columnsFor, stripFor } from './tile-layout.js';

describe('the layout of tiles', () => {
  it('adapts the number of columns to the shape of the space', () => {
    expect([2, 3, 4, 6, 8].map((count) => columnsFor(count, 340, 560))).to.deep.equal([
      1, 1, 2, 2, 2,
    ]);
    expect([2, 3, 4, 6, 8].map((count) => columnsFor(count, 1200, 600))).to.deep.equal([
      2, 3, 2, 3, 4,
    ]);
    expect(columnsFor(8, 1600, 200)).to.equal(8);
  });

  it('keeps small tiles at a minimum size beside an enlarged one', () => {
    for (const [width, height] of [
      [300, 400],
      [700, 380],
      [1900, 900],
    ] as const) {
      for (let count = 1; count <= 7; count++) {
        const { wide, perLine, lines, across } = stripFor(count, width, height);
        expect(perLine * lines).to.be.at.least(count);
        const along = ((wide ? height : width) + 8) / perLine - 8;
        expect(along).to.be.at.least(wide ? 72 : 84);
        expect(lines * (across + 8)).to.be.at.most((wide ? width : height) * 0.6);
      }
    }
  });
});
