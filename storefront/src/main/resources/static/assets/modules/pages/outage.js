import { html } from '../html.js';
import { Page } from '../element.js';
import { Problem } from '../api/client.js';
import { t } from '../language.js';
import { outage } from '../components/outage.js';

/** In place of a page whose module did not arrive. A module that failed once stays failed, hence the full reload. */
class OutagePage extends Page {
  connected() {
    this.named(t('outage.title'));
  }

  #retry = async () => {
    const answer = await fetch('/favicon.svg', { cache: 'no-store' }).catch(() => null);
    if (!answer?.ok) throw new Problem({ type: 'network' });
    location.reload();
  };

  template() {
    return html`<div class="container"><h1 class="visually-hidden">${t('outage.title')}</h1>${outage(new Problem({ type: 'network' }), this.#retry)}</div>`;
  }
}

customElements.define('feira-outage-page', OutagePage);
export default OutagePage;
