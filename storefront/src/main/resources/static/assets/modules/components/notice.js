import { html, nothing } from '../html.js';
import { drawing } from './picture.js';

/** A message within a page; kind: `good`, `warn`, `bad` or `calm`. */
export const notice = (kind, content, { role } = {}) => html`
  <div class="notice is-${kind}" role=${role ?? nothing}>${content}</div>
`;

/** A page, or part of one, with nothing in it: a picture, a sentence and a way on. */
export const emptyState = ({ picture, title, text, action, heading = true }) => html`
  <div class="empty">
    ${drawing(picture)}
    ${heading ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}
    ${text ? html`<p>${text}</p>` : nothing} ${action ?? nothing}
  </div>
`;

export const link = (href, text, className = 'button') => html`<a class=${className} href=${href}>${text}</a>`;
