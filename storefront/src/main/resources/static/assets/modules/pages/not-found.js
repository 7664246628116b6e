import { html } from '../html.js';
import { Page } from '../element.js';
import { t } from '../language.js';
import { emptyState, link } from '../components/notice.js';

class NotFound extends Page {
  connected() {
    this.named(t('not-found.title'));
  }

  template() {
    return html`
      <div class="container">
        ${emptyState({ picture: 'leaves', title: t('not-found.title'), text: t('not-found.text'), action: link('/', t('not-found.home')) })}
      </div>
    `;
  }
}

customElements.define('feira-not-found', NotFound);
export default NotFound;
