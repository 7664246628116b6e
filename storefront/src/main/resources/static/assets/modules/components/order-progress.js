import { html, nothing } from '../html.js';
import { t } from '../language.js';
import { drawing } from './picture.js';

const STEPS = ['PLACED', 'RESERVED', 'PAID', 'CONFIRMED', 'SHIPPED', 'DELIVERED'];
const PICTURES = { PLACED: 'receipt', RESERVED: 'basket', PAID: 'card', CONFIRMED: 'seal', SHIPPED: 'van', DELIVERED: 'house' };

/** Final states of an order. */
export const ENDED = new Set(['DELIVERED', 'REJECTED', 'CANCELLED', 'RETURNED']);

/** States in which the saga runs; the next state follows within seconds. */
export const IN_WORK = new Set(['PLACED', 'RESERVED', 'PAID']);

/** Shows the order's states as a row of pictures, with the current one marked; a failed order shows its last state. */
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
