import { html, nothing } from '../html.js';
import { dateTime, money } from '../format.js';
import { t } from '../language.js';

/** Lists orders, newest first; for staff with their customers. */
export const orderList = (orders, { withCustomer = false } = {}) => html`
  <ul class="order-list">
    ${orders.map(
      (order) => html`
        <li>
          <a href="/orders/${order.id}">
            <span class="order-number">${t('order.title-of', { number: order.id.slice(0, 8) })}</span>
            <span class="status-pill" data-status=${order.status}>${t(`status.${order.status}`)}</span>
            <span class="soft small">${dateTime(order.placedAt)} · ${t('orders.lines', { count: order.lineCount ?? order.lines?.length ?? 0 })}</span>
            ${withCustomer ? html`<span class="soft small customer">${order.customerId}</span>` : nothing}
            <strong class="order-total">${money(order.totals.gross)}</strong>
          </a>
        </li>
      `
    )}
  </ul>
`;
