import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { testCards } from '../api/payments.js';
import { announce } from '../announcer.js';
import { has, language, t } from '../language.js';

/**
 * Shows the payment simulator's cards; a click fills the form. Shows nothing without a simulator.
 */
class TestCards extends FeiraElement {
  #cards = [];

  connected() {
    this.watch(language);
    testCards(this.signal).then(
      (cards) => {
        this.#cards = cards;
        this.update();
      },
      () => {}
    );
  }

  #use(card) {
    const year = String((new Date().getFullYear() + 4) % 100).padStart(2, '0');
    this.dispatchEvent(new CustomEvent('feira-card', { detail: { cardNumber: card.number, expiry: `12/${year}`, cvc: '123' } }));
    announce(t('cards.filled'));
    this.querySelector('details').open = false;
  }

  template() {
    if (this.#cards.length === 0) return nothing;
    return html`
      <details class="simulator" open>
        <summary><span class="badge is-warm">${t('cards.badge')}</span> ${t('cards.title')}</summary>
        <p class="small">${t('cards.hint')}</p>
        <ul>
          ${this.#cards.map((card) => {
            const key = `cards.${card.behaviour}`;
            return html`
              <li>
                <button type="button" data-behaviour=${card.behaviour} @click=${() => this.#use(card)}>
                  <span class="card-number">${card.number}</span>
                  <span>${has(key) ? t(key) : card.description}</span>
                </button>
              </li>
            `;
          })}
        </ul>
      </details>
    `;
  }
}

customElements.define('feira-test-cards', TestCards);
