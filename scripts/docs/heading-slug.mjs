/**
 * The name of a heading in links, as hosts of repositories make it. The site uses the same, so that a link works in both.
 * @param {string} text of the heading, without markup
 */
export const headingSlug = (text) =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
