import { html } from '../html.js';
import { Page } from '../element.js';
import { t } from '../language.js';
import { go } from '../router.js';
import { choice, field, valuesOf } from '../components/field.js';
import { emptyState } from '../components/notice.js';
import '../components/paged-orders.js';

const STATUSES = ['PLACED', 'RESERVED', 'PAID', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'REJECTED', 'CANCELLED', 'RETURNED'];

/** Orders of all customers or of one, in one status or all; for staff. */
class StaffOrders extends Page {
  connected() {
    this.named(t('staff.orders'));
  }

  routeChanged() {
    this.updateNow();
    this.querySelector('feira-paged-orders').ask();
  }

  #submit = (event) => {
    event.preventDefault();
    const query = new URLSearchParams(Object.entries(valuesOf(event.target)).filter(([, value]) => value));
    go(`/staff/orders?${query}`, { quietly: true });
  };

  template() {
    const customer = this.route.query.get('customer') ?? '';
    const status = this.route.query.get('status') ?? '';
    const form = 'staff-orders';
    return html`
      <div class="container is-reading">
        <h1>${t('staff.orders')}</h1>
        <form class="panel" @submit=${this.#submit}>
          ${field({ form, name: 'customer', value: customer, label: t('staff.customer'), hint: t('staff.customer-hint'), required: false })}
          ${choice({ form, name: 'status', value: status, label: t('staff.status'), options: [{ value: '', label: t('staff.all') }, ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))] })}
          <button class="button is-quiet">${t('staff.show')}</button>
        </form>
        <feira-paged-orders
          .query=${{ customer, status }}
          .withCustomer=${true}
          .empty=${emptyState({ picture: 'parcel', title: t('staff.no-orders'), heading: false })}
        ></feira-paged-orders>
      </div>
    `;
  }
}

customElements.define('feira-staff-orders', StaffOrders);
export default StaffOrders;
