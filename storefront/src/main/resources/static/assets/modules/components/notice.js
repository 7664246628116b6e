import { html, nothing } from '../html.js';
import { drawing } from './picture.js';

/** Shows a message within a page; kind: `good`, `warn`, `bad` or `calm`. */
export const notice = (kind, content, { role } = {}) => html`
  <div class="notice is-${kind}" role=${role ?? nothing}>${content}</div>
`;

/** Shows an empty page or part of one: a picture, a sentence and a link. */
export const emptyState = ({ picture, title, text, action, heading = true }) => html`
  <div class="empty">
    ${drawing(picture)}
    ${heading ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}
    ${text ? html`<p>${text}</p>` : nothing} ${action ?? nothing}
  </div>
`;

export const link = (href, text, className = 'button') => html`<a class=${className} href=${href}>${text}</a>`;
