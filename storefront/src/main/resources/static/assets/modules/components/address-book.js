import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { addAddress, addresses, changeAddress, removeAddress } from '../api/users.js';
import { announce } from '../announcer.js';
import { country } from '../format.js';
import { t } from '../language.js';
import { fieldSentences, sentence } from '../problems.js';
import { addressFields, flawsOf, focusFirstFlaw, valuesOf } from './field.js';
import { notice } from './notice.js';
import { outage } from './outage.js';

const NEW = 'new';

/** Shows, adds, changes and removes the user's addresses. */
class AddressBook extends FeiraElement {
  #addresses = null;
  #problem = null;
  #open = null;
  #errors = {};
  #message = null;
  #saving = false;

  connected() {
    this.#load().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.update();
    });
  }

  #load = async () => {
    this.#addresses = await addresses(this.signal);
    this.#problem = null;
    this.update();
  };

  #edit(id) {
    this.#open = id;
    this.#errors = {};
    this.#message = null;
    this.updateNow();
    this.querySelector('form input')?.focus();
  }

  #close() {
    this.#open = null;
    this.updateNow();
    this.querySelector('#add-address')?.focus();
  }

  #submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    this.#errors = flawsOf(form);
    this.#message = null;
    if (Object.keys(this.#errors).length === 0) {
      this.#saving = true;
      this.update();
      try {
        const address = valuesOf(form);
        await (this.#open === NEW ? addAddress(address) : changeAddress(this.#open, address));
        await this.#load();
        announce(t('addresses.saved'));
        this.#saving = false;
        this.#close();
        return;
      } catch (problem) {
        this.#errors = fieldSentences(problem);
        this.#message = notice('bad', sentence(problem), { role: 'alert' });
      }
      this.#saving = false;
    }
    this.updateNow();
    focusFirstFlaw(form);
  };

  async #remove({ id, label }) {
    if (!confirm(t('addresses.remove-sure', { label }))) return;
    try {
      await removeAddress(id);
      await this.#load();
      announce(t('addresses.removed'));
      this.querySelector('#add-address')?.focus();
    } catch (problem) {
      this.#message = notice('bad', sentence(problem), { role: 'alert' });
      this.update();
    }
  }

  #form(address) {
    return html`
      <form class="address-form" novalidate @submit=${this.#submit}>
        ${addressFields({ form: 'address', address, errors: this.#errors, withLabel: true })}
        <label class="check"><input type="checkbox" name="isDefault" .checked=${address.isDefault ?? this.#addresses.length === 0} /> ${t('addresses.default')}</label>
        ${this.#message ?? nothing}
        <p class="actions">
          <button class="button" ?disabled=${this.#saving}>${t(this.#saving ? 'saving' : 'save')}</button>
          <button type="button" class="button is-quiet" @click=${() => this.#close()}>${t('cancel')}</button>
        </p>
      </form>
    `;
  }

  #entry(address) {
    return html`
      <li>
        <address>
          <strong>${address.label}</strong> ${address.isDefault ? html`<span class="badge">${t('addresses.is-default')}</span>` : nothing}<br />
          ${address.name}<br />${address.street}<br />${address.postalCode} ${address.city}, ${country(address.country)}
        </address>
        <p class="actions">
          <button type="button" class="link-button" aria-label=${t('addresses.change-label', address)} @click=${() => this.#edit(address.id)}>${t('change')}</button>
          <button type="button" class="link-button" aria-label=${t('addresses.remove-label', address)} @click=${() => this.#remove(address)}>${t('remove')}</button>
        </p>
      </li>
    `;
  }

  #body() {
    if (this.#problem) return outage(this.#problem, this.#load);
    if (!this.#addresses) return html`<div class="skeleton"><span class="line"></span><span class="line"></span></div>`;
    if (this.#open) return this.#form(this.#addresses.find(({ id }) => id === this.#open) ?? {});
    return html`
      ${this.#message ?? nothing}
      ${this.#addresses.length
        ? html`<ul class="address-list">${this.#addresses.map((address) => this.#entry(address))}</ul>`
        : html`<p class="soft">${t('addresses.none')}</p>`}
      <button type="button" id="add-address" class="button is-quiet" @click=${() => this.#edit(NEW)}>${t('addresses.add')}</button>
    `;
  }

  template() {
    return html`<section class="panel" aria-labelledby="addresses"><h2 id="addresses">${t('addresses.title')}</h2>${this.#body()}</section>`;
  }
}

customElements.define('feira-address-book', AddressBook);
