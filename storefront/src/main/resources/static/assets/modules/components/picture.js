import { html } from '../html.js';

/** Shows a large picture on a tile tinted by category. `alt` is empty if the name is next to it. */
export const tile = (picture, category, { alt = '', eager = false, className = '' } = {}) => html`
  <span class="tile ${className}" data-category=${category ?? 'none'}>
    <img src=${picture} alt=${alt} width="256" height="256" loading=${eager ? 'eager' : 'lazy'} decoding="async" />
  </span>
`;

/** Shows one of the shop's pictures, which do not depend on catalog-service. */
export const drawing = (name, className = '') => html`
  <img class="drawing ${className}" src=${new URL(`../../pictures/${name}.webp`, import.meta.url)} alt="" width="256" height="256" decoding="async" />
`;
