import { html } from '../html.js';

/** A large picture on a soft tile tinted by the category. `alt` is empty where the name stands beside it. */
export const tile = (picture, category, { alt = '', eager = false, className = '' } = {}) => html`
  <span class="tile ${className}" data-category=${category ?? 'none'}>
    <img src=${picture} alt=${alt} width="256" height="256" loading=${eager ? 'eager' : 'lazy'} decoding="async" />
  </span>
`;

/** One of the shop's own pictures; it is there even if the catalog is not. */
export const drawing = (name, className = '') => html`
  <img class="drawing ${className}" src="/assets/pictures/${name}.webp" alt="" width="256" height="256" decoding="async" />
`;
