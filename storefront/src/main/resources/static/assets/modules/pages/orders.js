import { html } from '../html.js';
import { Page } from '../element.js';
import { t } from '../language.js';
import { emptyState, link } from '../components/notice.js';
import '../components/paged-orders.js';

/** The user's orders. */
class Orders extends Page {
  connected() {
    this.named(t('orders.title'));
  }

  template() {
    const empty = emptyState({ picture: 'parcel', title: t('orders.none'), text: t('orders.none-hint'), action: link('/browse', t('home.browse')), heading: false });
    return html`<div class="container is-reading"><h1>${t('orders.title')}</h1><feira-paged-orders .empty=${empty}></feira-paged-orders></div>`;
  }
}

customElements.define('feira-orders', Orders);
export default Orders;
