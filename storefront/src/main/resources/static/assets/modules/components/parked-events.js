import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { announce } from '../announcer.js';
import { dropParkedEvent, parkedEvents, retryParkedEvent } from '../api/platform.js';
import { dateTime } from '../format.js';
import { t } from '../language.js';
import { sentence } from '../problems.js';
import { notice } from './notice.js';

const SETTLED = 5000; // ms

/** The services that read events: in the addresses, and as staff know them. */
const SERVICES = {
  catalog: 'catalog-service',
  orders: 'order-service',
  gateway: 'gateway-service',
  notifications: 'notification-service'
};

/** Shows the events that services could not apply; staff try or drop them. A service that does not respond hides none of another. */
class ParkedEvents extends FeiraElement {
  #events = null;
  #message = null;

  connected() {
    this.#load();
  }

  /** Keeps the rows while it loads: the focus may be in one of them. */
  #load = async () => {
    const problems = [];
    const of = async (service) => {
      try {
        return (await parkedEvents(service, this.signal)).map((event) => ({ service, ...event }));
      } catch (problem) {
        problems.push(`${SERVICES[service]}: ${sentence(problem)}`);
        return [];
      }
    };
    const events = (await Promise.all(Object.keys(SERVICES).map(of))).flat();
    if (this.signal.aborted) return;
    this.#events = events.sort((one, other) => Date.parse(one.receivedAt) - Date.parse(other.receivedAt));
    this.#message = problems.length ? notice('bad', problems.sort().map((problem) => html`<div>${problem}</div>`), { role: 'alert' }) : null;
    this.update();
  };

  async #act(action, { service, id }, done) {
    try {
      await action(service, id);
      announce(t(done));
    } catch (problem) {
      if (this.signal.aborted) return;
      if (problem.status !== 404) {
        this.#message = notice('bad', sentence(problem), { role: 'alert' });
        this.update();
        return;
      }
      announce(sentence(problem)); // applied or dropped meanwhile
    }
    this.querySelector('h2')?.focus();
    await this.#load();
    // the reader applies the event within some seconds
    setTimeout(() => this.signal.aborted || this.#load(), SETTLED);
  }

  #drop(event) {
    if (confirm(t('parked.drop-sure'))) this.#act(dropParkedEvent, event, 'parked.dropped');
  }

  #row(event) {
    const { service, type, subject, attempts, error, receivedAt, nextAttemptAt } = event;
    const waits = attempts === 0 && !error;
    return html`
      <tr>
        <th scope="row">${type}<br /><span class="soft small">${subject}</span></th>
        <td>${SERVICES[service]}</td>
        <td>${dateTime(receivedAt)}</td>
        <td>
          ${waits ? t('parked.waits') : error}<br />
          <span class="soft small">${waits ? nothing : nextAttemptAt ? t('parked.next', { at: dateTime(nextAttemptAt) }) : t('parked.attempts', { count: attempts })}</span>
        </td>
        <td>
          ${waits
            ? nothing
            : html`<button type="button" class="link-button" aria-label=${t('parked.retry-label', { type, subject, service: SERVICES[service] })} @click=${() => this.#act(retryParkedEvent, event, 'parked.retried')}>${t('parked.retry')}</button>`}
          <button type="button" class="link-button" aria-label=${t('parked.drop-label', { type, subject, service: SERVICES[service] })} @click=${() => this.#drop(event)}>${t('parked.drop')}</button>
        </td>
      </tr>
    `;
  }

  #list() {
    if (!this.#events) return html`<p class="soft" role="status">${t('platform.checking')}</p>`;
    if (!this.#events.length) return html`<p class="soft" role="status">${this.#message ? nothing : t('parked.none')}</p>`;
    return html`
      <div class="table-frame" tabindex="0" role="region" aria-label=${t('parked.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t('parked.event')}</th>
              <th scope="col">${t('platform.service')}</th>
              <th scope="col">${t('parked.received')}</th>
              <th scope="col">${t('parked.error')}</th>
              <th scope="col">${t('parked.actions')}</th>
            </tr>
          </thead>
          <tbody>
            ${this.#events.map((event) => this.#row(event))}
          </tbody>
        </table>
      </div>
    `;
  }

  template() {
    return html`
      <h2 tabindex="-1">${t('parked.title')}</h2>
      ${this.#message ?? nothing} ${this.#list()}
      <button type="button" class="button is-quiet is-small" @click=${this.#load}>${t('platform.check-again')}</button>
    `;
  }
}

customElements.define('feira-parked-events', ParkedEvents);
