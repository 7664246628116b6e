import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { placeOrder, quote } from '../api/orders.js';
import { tokenize } from '../api/payments.js';
import { addAddress, addresses } from '../api/users.js';
import { announce } from '../announcer.js';
import { attempt } from '../state/checkout.js';
import { cart } from '../state/cart.js';
import { session } from '../state/session.js';
import { localized, t } from '../language.js';
import { country, money, quantity as inWords } from '../format.js';
import { fieldSentences, sentence } from '../problems.js';
import { go } from '../router.js';
import { addressFields, field, flawsOf, focusFirstFlaw, valuesOf } from '../components/field.js';
import { icons } from '../components/icons.js';
import { emptyState, link, notice } from '../components/notice.js';
import { outage } from '../components/outage.js';
import { totals } from '../components/totals.js';
import '../components/test-cards.js';

const NEW_ADDRESS = 'new';
const IN_FLIGHT_PAUSE = 1000; // ms; the first request with this key is still in progress
const IN_FLIGHT_TRIES = 5;

/**
 * Address, card and order. The card goes to the payment company; the order gets its token.
 *
 * While the outcome of an attempt is unknown (state/checkout.js), the page only retries that attempt.
 */
class Checkout extends Page {
  #addresses = null;
  #chosen = NEW_ADDRESS;
  #quote = null;
  #problem = null;
  #errors = {};
  #message = null;
  #placing = false;
  #unknown = null;

  connected() {
    this.named(t('checkout.title'));
    const begun = attempt.pendingOf(session.value.email);
    if (begun) this.#send(begun);
    else if (cart.count > 0) this.#load().catch((problem) => this.#failed(problem));
  }

  /** Keeps the form's input. */
  languageChanged() {
    this.#errors = {};
    this.#message = null;
    this.named(t('checkout.title'));
  }

  #failed(problem) {
    if (this.signal.aborted) return;
    this.#problem = problem;
    this.update();
  }

  #load = async () => {
    const [book, quoted] = await Promise.all([
      // Without the address book the user can still type the address.
      addresses(this.signal).catch(() => []),
      quote(cart.lines, this.signal),
    ]);
    this.#addresses = book;
    this.#chosen = (book.find(({ isDefault }) => isDefault) ?? book[0])?.id ?? NEW_ADDRESS;
    this.#quote = quoted;
    this.#problem = null;
    this.update();
  };

  #submit = async (event) => {
    event.preventDefault();
    if (this.#placing) return;
    const form = event.target;
    this.#errors = flawsOf(form);
    this.#message = null;
    if (Object.keys(this.#errors).length > 0) {
      this.#complain(form, t('checkout.look-again'));
      return;
    }
    this.#placing = true;
    this.update();
    const values = valuesOf(form);
    try {
      const card = await tokenize({ cardNumber: values.cardNumber.replaceAll(' ', ''), expiry: values.expiry.replaceAll(' ', ''), cvc: values.cvc });
      const deliveryAddress = await this.#deliveryAddress(values);
      await this.#send(
        attempt.begin(session.value.email, {
          lines: cart.lines,
          deliveryAddress,
          payment: { token: card.token },
          expectedTotal: this.#quote.totals.gross,
        })
      );
    } catch (problem) {
      // No order was placed yet.
      this.#placing = false;
      this.#errors = fieldSentences(problem);
      if (problem.type === 'unknown-card') this.#errors.cardNumber = sentence(problem);
      this.#complain(form, sentence(problem));
    }
  };

  #complain(form, text) {
    this.#message = notice('bad', text, { role: 'alert' });
    this.updateNow();
    focusFirstFlaw(form);
  }

  async #deliveryAddress({ name, street, postalCode, city, country: code, save, label }) {
    const known = this.#addresses.find(({ id }) => id === this.#chosen);
    if (known) return { name: known.name, street: known.street, postalCode: known.postalCode, city: known.city, country: known.country };
    const address = { name, street, postalCode, city, country: code };
    if (save) {
      const isDefault = this.#addresses.length === 0;
      // Optional: the order goes on without the address book.
      await addAddress({ ...address, label: label || t('checkout.address-label'), isDefault }).catch(() => {});
    }
    return address;
  }

  /** Sends the attempt, or sends it again; removes it when the outcome is certain. */
  async #send(begun, tries = IN_FLIGHT_TRIES) {
    this.#placing = true;
    this.#unknown = null;
    this.update();
    try {
      const order = await placeOrder(begun.key, begun.body);
      attempt.end();
      cart.takeOut(JSON.parse(begun.body).lines);
      announce(t('checkout.placed'));
      go(`/orders/${order.id}?new=1`, { replace: true });
    } catch (problem) {
      if (problem.type === 'idempotency-key-in-flight' && tries > 0) {
        await new Promise((resolve) => setTimeout(resolve, (problem.retryAfter ?? 0) * 1000 || IN_FLIGHT_PAUSE));
        await this.#send(begun, tries - 1);
        return;
      }
      this.#placing = false;
      if (problem.isOutage || problem.type === 'idempotency-key-in-flight') {
        this.#unknown = problem;
        this.updateNow(); // the form with the focus was removed
        const heading = this.querySelector('h1');
        heading.tabIndex = -1;
        heading.focus();
      } else if (problem.type === 'unauthenticated') {
        session.signIn('/checkout'); // the attempt stays stored
      } else await this.#refused(problem);
      this.update();
    }
  }

  /** The order was rejected: the next attempt is a new order with a new key. */
  async #refused(problem) {
    attempt.end();
    this.#errors = fieldSentences(problem);
    this.#message = notice('bad', sentence(problem), { role: 'alert' });
    try {
      await this.#load();
    } catch (again) {
      this.#failed(again);
    }
  }

  #tryAgain = async () => {
    const begun = attempt.pendingOf(session.value.email);
    if (begun) await this.#send(begun);
    if (this.#unknown) throw this.#unknown;
  };

  #giveUp = () => {
    attempt.end();
    this.#unknown = null;
    this.#load().catch((problem) => this.#failed(problem));
    this.update();
  };

  #addressStep() {
    return html`
      <fieldset class="step">
        <legend><span class="step-number" aria-hidden="true">1</span>${t('checkout.address')}</legend>
        ${this.#addresses.length
          ? html`
              <div class="options" @change=${this.#choose}>
                ${this.#addresses.map(
                  (address) => html`
                    <label class="option">
                      <input type="radio" name="address" value=${address.id} .checked=${this.#chosen === address.id} />
                      <span><strong>${address.label}</strong><br />${address.name}, ${address.street}, ${address.postalCode} ${address.city}, ${country(address.country)}</span>
                    </label>
                  `
                )}
                <label class="option">
                  <input type="radio" name="address" value=${NEW_ADDRESS} .checked=${this.#chosen === NEW_ADDRESS} />
                  <span><strong>${t('checkout.other-address')}</strong></span>
                </label>
              </div>
            `
          : nothing}
        ${this.#chosen === NEW_ADDRESS
          ? html`
              ${addressFields({ form: 'address', address: { name: session.value.name }, errors: this.#errors })}
              <label class="check"><input type="checkbox" name="save" checked /> ${t('checkout.save-address')}</label>
            `
          : nothing}
      </fieldset>
    `;
  }

  #choose = (event) => {
    this.#chosen = event.target.value;
    this.update();
  };

  #paymentStep() {
    const errors = this.#errors;
    return html`
      <fieldset class="step">
        <legend><span class="step-number" aria-hidden="true">2</span>${t('checkout.payment')}</legend>
        <p class="soft small">${icons.lock} ${t('checkout.payment-hint')}</p>
        ${field({ form: 'card', name: 'cardNumber', errors, autocomplete: 'cc-number', inputmode: 'numeric', pattern: '[0-9 ]{12,23}', maxlength: 23, placeholder: '0000 0000 0000 0000', onInput: spaced })}
        <div class="field-row">
          ${field({ form: 'card', name: 'expiry', errors, autocomplete: 'cc-exp', inputmode: 'numeric', pattern: '(0[1-9]|1[0-2])\\s*/\\s*[0-9]{2}', maxlength: 7, placeholder: '12/30', onInput: slashed })}
          ${field({ form: 'card', name: 'cvc', errors, autocomplete: 'cc-csc', inputmode: 'numeric', pattern: '[0-9]{3,4}', maxlength: 4, placeholder: '123' })}
        </div>
        <feira-test-cards @feira-card=${this.#fill}></feira-test-cards>
      </fieldset>
    `;
  }

  #fill = (event) => {
    const form = this.querySelector('form');
    Object.entries(event.detail).forEach(([name, value]) => (form.elements[name].value = value));
    const { cardNumber, expiry, cvc, ...others } = this.#errors;
    this.#errors = others;
    this.#message = null;
    this.update();
  };

  /** Removes the error of a field when its value changes. */
  #mended = ({ target }) => {
    if (!this.#errors[target.name] && !this.#message) return;
    const { [target.name]: mended, ...others } = this.#errors;
    this.#errors = others;
    this.#message = null;
    this.update();
  };

  #body() {
    if (this.#unknown) {
      return html`
        <div class="panel is-narrow">
          ${outage(this.#unknown, this.#tryAgain)}
          <p class="centered soft">${t('checkout.unknown')}</p>
          <p class="centered actions">
            <a class="quiet-link" href="/orders">${t('checkout.see-orders')}</a>
            <button type="button" class="link-button" @click=${this.#giveUp}>${t('checkout.start-over')}</button>
          </p>
        </div>
      `;
    }
    if (this.#placing && !this.#quote) return html`<p role="status" class="centered lead">${t('checkout.placing')}</p>`;
    if (cart.count === 0) {
      return emptyState({ picture: 'basket', title: t('cart.empty'), text: t('cart.empty-hint'), action: link('/browse', t('home.browse')), heading: false });
    }
    if (this.#problem && !this.#problem.isOutage) {
      return html`${notice('bad', sentence(this.#problem), { role: 'alert' })}<p><a class="button" href="/cart">${t('checkout.back-to-cart')}</a></p>`;
    }
    if (this.#problem) return outage(this.#problem, this.#load);
    if (!this.#quote) return html`<div class="skeleton" role="status" aria-label=${t('loading')}><span class="line is-title"></span><span class="line"></span><span class="line"></span></div>`;
    return html`
      <form class="with-aside" novalidate @submit=${this.#submit} @input=${this.#mended}>
        <div>${this.#addressStep()} ${this.#paymentStep()}</div>
        <aside class="panel summary" aria-label=${t('cart.summary')}>
          <ul class="summary-lines">
            ${this.#quote.lines.map(
              (line) => html`<li><img src=${line.picture} alt="" width="40" height="40" /><span>${localized(line.name)}<br /><span class="soft small">${inWords(line.quantity, line.unit)}</span></span><span>${money(line.lineTotal)}</span></li>`
            )}
          </ul>
          ${totals(this.#quote)} ${this.#message ?? nothing}
          <button class="button is-large is-wide" ?disabled=${this.#placing}>
            ${this.#placing ? t('checkout.placing') : t('checkout.place', { total: money(this.#quote.totals.gross) })}
          </button>
          <a class="quiet-link" href="/cart">${t('checkout.back-to-cart')}</a>
        </aside>
      </form>
    `;
  }

  template() {
    return html`<div class="container"><h1>${t('checkout.title')}</h1>${this.#body()}</div>`;
  }
}

/** Formats in groups of four; only at the end of the input, since elsewhere the cursor would move. */
function spaced(event) {
  const { target } = event;
  if (target.selectionStart !== target.value.length) return;
  target.value = target.value
    .replace(/\D/g, '')
    .slice(0, 19)
    .replace(/(.{4})(?=.)/g, '$1 ');
}

function slashed(event) {
  const { target } = event;
  if (event.inputType?.startsWith('delete') || target.selectionStart !== target.value.length) return;
  const digits = target.value.replace(/\D/g, '').slice(0, 4);
  target.value = digits.length >= 2 ? `${digits.slice(0, 2)}/${digits.slice(2)}` : digits;
}

customElements.define('feira-checkout', Checkout);
export default Checkout;
