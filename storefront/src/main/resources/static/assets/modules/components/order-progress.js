import { html, nothing } from '../html.js';
import { t } from '../language.js';
import { drawing } from './picture.js';

const STEPS = ['PLACED', 'RESERVED', 'PAID', 'CONFIRMED', 'SHIPPED', 'DELIVERED'];
const PICTURES = { PLACED: 'receipt', RESERVED: 'basket', PAID: 'card', CONFIRMED: 'seal', SHIPPED: 'van', DELIVERED: 'house' };

/** Orders that will not change any more. */
export const ENDED = new Set(['DELIVERED', 'REJECTED', 'CANCELLED', 'RETURNED']);

/** Orders that the platform is still working on: the next step comes within seconds. */
export const IN_WORK = new Set(['PLACED', 'RESERVED', 'PAID']);

/** The order's way as a row of pictures, the present step marked. An order that failed shows how far it came. */
export function orderProgress(order) {
  if (order.status === 'REJECTED' || order.status === 'CANCELLED' || order.status === 'RETURNED') {
    return html`
      <div class="outcome is-${order.status.toLowerCase()}">
        ${drawing('returned')}
        <div>
          <p class="outcome-title">${t(`status.${order.status}`)}</p>
          <p>${order.rejection ? t(`rejection.${order.rejection.reason}`) : t(`status.${order.status}.text`)}</p>
        </div>
      </div>
    `;
  }
  const reached = STEPS.indexOf(order.status);
  return html`
    <ol class="progress">
      ${STEPS.map((step, index) => {
        const state = index < reached ? 'done' : index === reached ? 'now' : 'to-come';
        const waiting = index === reached && IN_WORK.has(order.status);
        return html`
          <li class="is-${state} ${waiting ? 'is-waiting' : ''}" aria-current=${index === reached ? 'step' : nothing}>
            <span class="progress-picture">${drawing(PICTURES[step])}</span>
            <span class="progress-text">${t(`step.${step}`)}</span>
            <span class="visually-hidden">${t(`step.is-${state}`)}</span>
          </li>
        `;
      })}
    </ol>
  `;
}
