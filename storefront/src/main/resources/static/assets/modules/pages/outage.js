import { html } from '../html.js';
import { Page } from '../element.js';
import { Problem } from '../api/client.js';
import { t } from '../language.js';
import { reload } from '../router.js';
import { session } from '../state/session.js';
import { outage } from '../components/outage.js';

/**
 * Replaces a page whose module did not load, or whose session could not be read. A browser never loads a failed module
 * again, hence the full reload.
 */
class OutagePage extends Page {
  connected() {
    this.named(t('outage.title'));
  }

  #retry = async () => {
    if (session.problem) {
      await session.refresh();
      if (session.problem) throw session.problem;
      reload();
      return;
    }
    const answer = await fetch('/favicon.svg', { cache: 'no-store' }).catch(() => null);
    if (!answer?.ok) throw new Problem({ type: 'network' });
    location.reload();
  };

  template() {
    return html`<div class="container"><h1 class="visually-hidden">${t('outage.title')}</h1>${outage(session.problem ?? new Problem({ type: 'network' }), this.#retry)}</div>`;
  }
}

customElements.define('feira-outage-page', OutagePage);
export default OutagePage;
