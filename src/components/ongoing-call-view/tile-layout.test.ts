import { expect } from '@open-wc/testing';
import { gridFor, shapeFor, stripFor } from './tile-layout.js';

describe('the layout of tiles', () => {
  it('adapts the number of columns to the shape of the space', () => {
    const columns = (count: number, width: number, height: number): number =>
      gridFor(count, { width, height }).columns;
    expect([2, 3, 4, 6, 8].map((count) => columns(count, 340, 560))).to.deep.equal([1, 1, 2, 2, 2]);
    expect([2, 3, 4, 6, 8].map((count) => columns(count, 1200, 600))).to.deep.equal([
      2, 3, 2, 3, 4,
    ]);
    expect(columns(8, 1600, 200)).to.equal(8);
  });

  it('has the shape of the pictures, of which at most a quarter is cropped', () => {
    expect(shapeFor([])).to.equal(undefined);
    expect(shapeFor([4 / 3])).to.deep.equal({ least: 1, most: 4 / 3 / 0.75 });
    const both = shapeFor([16 / 9, 4 / 3])!;
    expect(both.least).to.be.closeTo(4 / 3, 0.001);
    expect(both.most).to.be.closeTo(16 / 9, 0.001);
    const { least, most } = shapeFor([16 / 9, 9 / 16])!;
    expect([least, most]).to.deep.equal([1, 1]);
    for (let count = 1; count <= 8; count++)
      for (const [width, height] of [
        [366, 620],
        [296, 420],
        [694, 374],
        [1256, 640],
      ] as const) {
        const { columns, rows, tile } = gridFor(count, { width, height }, both);
        expect(tile.width / tile.height).to.be.within(both.least - 0.001, both.most + 0.001);
        expect(columns * (tile.width + 8) - 8).to.be.at.most(width + 0.001);
        expect(rows * (tile.height + 8) - 8).to.be.at.most(height + 0.001);
      }
  });

  it('keeps small tiles at a minimum size beside an enlarged one', () => {
    for (const [width, height] of [
      [300, 400],
      [700, 380],
      [1900, 900],
    ] as const) {
      for (let count = 1; count <= 7; count++) {
        for (const shape of [
          undefined,
          shapeFor([4 / 3]),
          shapeFor([16 / 9]),
          shapeFor([9 / 16]),
        ]) {
          const strip = stripFor(count, { width, height }, shape);
          const { wide, perLine, lines, along, across } = strip;
          const least = shape && shape.least > 1 ? 64 : 72;
          expect(perLine * lines).to.be.at.least(count);
          expect(along).to.be.at.least(wide ? least : 84);
          expect(along).to.be.at.most(((wide ? height : width) + 8) / perLine - 8);
          expect(across).to.be.at.least(wide ? 84 : least);
          expect(lines * (across + 8)).to.be.at.most((wide ? width : height) * (2 / 3) + 0.01);
        }
      }
    }
  });
});
