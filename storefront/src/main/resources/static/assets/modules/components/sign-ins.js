import { html, nothing } from '../html.js';
import { FeiraElement } from '../element.js';
import { signIns } from '../api/users.js';
import { dateTime } from '../format.js';
import { t } from '../language.js';
import { sentence } from '../problems.js';
import { session } from '../state/session.js';
import { notice } from './notice.js';
import { outage } from './outage.js';

// In this order: most browsers claim to be others, too
const BROWSERS = [
  [/Edg(A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

const nameIn = (list, agent) => list.find(([pattern]) => pattern.test(agent))?.[1];

/** Returns what a person calls the device of a User-Agent: "Firefox · Linux", or the program's own name. */
function device(agent) {
  if (!agent) return t('sign-ins.unknown');
  const names = [nameIn(BROWSERS, agent), nameIn(SYSTEMS, agent)].filter(Boolean);
  return names.length ? names.join(' · ') : agent.split(/[/ ]/)[0];
}

/** Shows where the user is signed in, and ends it. */
class SignIns extends FeiraElement {
  #signIns = null;
  #problem = null;
  #message = null;
  #ending = false;

  connected() {
    this.#load().catch((problem) => {
      if (this.signal.aborted) return;
      this.#problem = problem;
      this.update();
    });
  }

  #load = async () => {
    this.#signIns = await signIns(this.signal);
    this.#problem = null;
    this.update();
  };

  #end = async () => {
    if (!confirm(t('sign-ins.end-sure'))) return;
    this.#ending = true;
    this.update();
    try {
      await session.signOutEverywhere();
    } catch (problem) {
      this.#message = notice('bad', sentence(problem), { role: 'alert' });
      this.#ending = false;
      this.update();
    }
  };

  #entry({ client, device: agent, lastUsedAt, current }) {
    return html`
      <li>
        <p>
          <strong>${device(agent)}</strong> ${current ? html`<span class="badge">${t('sign-ins.current')}</span>` : nothing}<br />
          <span class="soft small">${client} · ${t('sign-ins.used', { at: dateTime(lastUsedAt) })}</span>
        </p>
      </li>
    `;
  }

  #body() {
    if (this.#problem) return outage(this.#problem, this.#load);
    if (!this.#signIns) return html`<div class="skeleton"><span class="line"></span><span class="line"></span></div>`;
    return html`
      <ul class="address-list">${this.#signIns.map((signIn) => this.#entry(signIn))}</ul>
      ${this.#message ?? nothing}
      <button type="button" class="button is-quiet" aria-disabled=${this.#ending} @click=${this.#ending ? null : this.#end}>${t('sign-ins.end')}</button>
    `;
  }

  template() {
    return html`<section class="panel" aria-labelledby="sign-ins"><h2 id="sign-ins">${t('sign-ins.title')}</h2>${this.#body()}</section>`;
  }
}

customElements.define('feira-sign-ins', SignIns);
