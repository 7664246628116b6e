import { html, nothing } from '../html.js';
import { Page } from '../element.js';
import { audit, instances } from '../api/platform.js';
import { dateTime, number, time } from '../format.js';
import { t } from '../language.js';
import { sentence } from '../problems.js';
import { outage } from '../components/outage.js';
import '../components/parked-events.js';

const PERIOD = 3000; // ms
const AUDITS = ['catalog', 'orders', 'users', 'notifications'];

/** Audits, parked events, instances of each service with their calls, and circuit breakers; for staff. */
class Platform extends Page {
  #answer = null;
  #problem = null;
  #audits = {};

  connected() {
    this.named(t('staff.platform'));
    this.#load().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.update();
    });
    const timer = setInterval(() => {
      if (!document.hidden && !this.#problem) this.#load().catch(() => {});
    }, PERIOD);
    this.signal.addEventListener('abort', () => clearInterval(timer));
    for (const area of AUDITS) this.#audit(area);
  }

  #load = async () => {
    this.#answer = await instances(this.signal);
    this.#problem = null;
    this.update();
  };

  async #audit(area) {
    this.#audits = { ...this.#audits, [area]: null };
    this.update();
    const found = await audit(area, this.signal).catch((problem) => ({ problem }));
    if (this.signal.aborted) return;
    this.#audits = { ...this.#audits, [area]: found };
    this.update();
  }

  #auditPanel(area) {
    const found = this.#audits[area];
    const verdict = !found
      ? html`<span class="soft">${t('platform.checking')}</span>`
      : found.problem
        ? html`<span class="is-warm-text">${sentence(found.problem)}</span>`
        : found.balanced
          ? html`<span class="is-good-text">${t('platform.balanced')}</span>`
          : html`<span class="is-bad-text">${t('platform.unbalanced', { count: found.discrepancies?.length ?? 1 })}</span>`;
    return html`
      <div class="panel audit" data-balanced=${found?.balanced ?? nothing}>
        <h3>${t(`platform.audit.${area}`)}</h3>
        <p role="status">${verdict}</p>
        ${found?.checkedAt ? html`<p class="soft small">${dateTime(found.checkedAt)}</p>` : nothing}
        ${found?.discrepancies?.length ? html`<pre tabindex="0">${JSON.stringify(found.discrepancies, null, 2)}</pre>` : nothing}
        <button type="button" class="button is-quiet is-small" @click=${() => this.#audit(area)}>${t('platform.check-again')}</button>
      </div>
    `;
  }

  /** Renders one row for each instance; a service without instances keeps a row, to make that visible. */
  #rows() {
    return this.#answer.services.flatMap(({ name: service, instances: found }) =>
      found.length ? found.map((instance) => ({ service, ...instance })) : [{ service, missing: true }]
    );
  }

  template() {
    return html`
      <div class="container">
        <h1>${t('staff.platform')}</h1>
        <h2>${t('platform.audits')}</h2>
        <div class="audits">${AUDITS.map((area) => this.#auditPanel(area))}</div>
        <feira-parked-events></feira-parked-events>
        <h2>${t('platform.instances')}</h2>
        ${this.#problem
          ? outage(this.#problem, this.#load)
          : !this.#answer
            ? html`<div class="skeleton" role="status" aria-label=${t('loading')}><span class="line"></span><span class="line"></span></div>`
            : html`
                <div class="table-frame" tabindex="0" role="region" aria-label=${t('platform.instances')}>
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">${t('platform.service')}</th>
                        <th scope="col">${t('platform.address')}</th>
                        <th scope="col" class="is-number">${t('platform.calls')}</th>
                        <th scope="col" class="is-number">${t('platform.failures')}</th>
                        <th scope="col">${t('platform.state')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      ${this.#rows().map(
                        (instance) => html`
                          <tr>
                            <th scope="row">${instance.service}</th>
                            <td>${instance.missing ? t('platform.none') : instance.address}</td>
                            <td class="is-number">${instance.missing ? nothing : number(instance.calls)}</td>
                            <td class="is-number">${instance.missing ? nothing : number(instance.failures)}</td>
                            <td>${instance.missing ? nothing : t(instance.ejected ? 'platform.ejected' : 'platform.ok')}</td>
                          </tr>
                        `
                      )}
                    </tbody>
                  </table>
                </div>
                <p class="soft small">${t('platform.seen-by', { replica: this.#answer.replica, time: time(this.#answer.at) })}</p>
                <h2>${t('platform.breakers')}</h2>
                <div class="table-frame" tabindex="0" role="region" aria-label=${t('platform.breakers')}>
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">${t('platform.route')}</th>
                        <th scope="col">${t('platform.state')}</th>
                        <th scope="col" class="is-number">${t('platform.calls')}</th>
                        <th scope="col" class="is-number">${t('platform.refused')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      ${this.#answer.breakers.map(
                        (breaker) => html`
                          <tr>
                            <th scope="row">${breaker.route}</th>
                            <td><span class="status-pill ${breaker.state === 'CLOSED' ? 'is-good' : 'is-bad'}">${breaker.state}</span></td>
                            <td class="is-number">${number(breaker.calls)}</td>
                            <td class="is-number">${number(breaker.refused)}</td>
                          </tr>
                        `
                      )}
                    </tbody>
                  </table>
                </div>
              `}
      </div>
    `;
  }
}

customElements.define('feira-platform', Platform);
export default Platform;
