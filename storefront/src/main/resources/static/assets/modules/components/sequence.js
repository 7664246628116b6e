import { html, nothing } from '../html.js';
import { t } from '../language.js';
import { seconds, time } from '../format.js';

const LANES = ['buyer', 'orders', 'catalog', 'payments', 'others'];
const AWAITS_PAYMENT = 'AWAIT_PAYMENT'; // repeated until the payment company has decided: not a failure

/**
 * Returns what happened as messages, oldest first: `{ at, lane, text, detail, outcome, took }`. `lane` is the one at the other
 * end of order-service's; `orders` for what happens in it.
 */
export function messages(explanation, mails) {
  const { placedAt, replays, lastReplayAt, steps, changes, events } = explanation;
  const all = [
    { at: placedAt, lane: 'buyer', text: t('timeline.PLACED'), outcome: 'DONE' },
    ...(replays ? [{ at: lastReplayAt, lane: 'buyer', text: t('explain.replays', { count: replays }), outcome: 'DONE' }] : []),
    ...steps.map((step, index) => attempt(step, steps.slice(index + 1))),
    ...changes
      .filter((change) => change.type !== 'PLACED')
      .map((change) => ({ at: change.at, lane: 'orders', text: t(`timeline.${change.type}`), outcome: 'CHANGE' })),
    ...events.map((event) => ({ at: event.at, lane: 'others', text: t('explain.event', { type: event.type }), outcome: 'DONE' })),
    ...mails.map((mail) => ({ at: mail.createdAt, lane: 'others', text: t('explain.mail', { kind: t(`mail.kind.${mail.kind}`) }), outcome: 'DONE' })),
  ];
  return all.sort((one, other) => new Date(one.at) - new Date(other.at));
}

function attempt(step, later) {
  const waiting = step.step === AWAITS_PAYMENT && step.outcome === 'FAILED';
  const next = step.outcome === 'FAILED' ? later.find((other) => other.step === step.step) : undefined;
  const details = [
    step.attempt > 1 ? t('explain.attempt', { number: step.attempt }) : null,
    t(`explain.outcome.${waiting ? 'UNDECIDED' : step.outcome}`),
    next && step.endedAt ? t('explain.next-after', { time: seconds(Math.max(0, new Date(next.beganAt) - new Date(step.endedAt))) }) : null,
  ];
  return {
    at: step.beganAt,
    took: step.endedAt ? new Date(step.endedAt) - new Date(step.beganAt) : null,
    lane: step.participant.toLowerCase(),
    text: t(`explain.step.${step.step}`),
    detail: details.filter(Boolean).join(' · '),
    outcome: waiting ? 'WAITING' : step.outcome,
    replica: step.replica,
    error: step.error,
  };
}

/** Draws messages between lanes; read aloud, it is a list. */
export function sequence(all, start) {
  return html`
    <div class="sequence">
      <div class="sequence-lanes" aria-hidden="true">${LANES.map((lane) => html`<span>${t(`explain.lane.${lane}`)}</span>`)}</div>
      <ol>
        ${all.map(
          (message) => html`
            <li class="is-${message.outcome.toLowerCase()}">
              <time datetime=${message.at} title=${time(message.at)}>+ ${seconds(new Date(message.at) - new Date(start))}</time>
              <span class="sequence-text">
                ${message.lane === 'orders' ? nothing : html`<span class="visually-hidden">${t(`explain.lane.${message.lane}`)}: </span>`}${message.text}
                <span class="soft small">
                  ${message.detail ?? nothing}${message.took === null || message.took === undefined ? nothing : ` · ${t('explain.took', { time: seconds(message.took) })}`}
                </span>
                ${message.replica ? html`<span class="soft small sequence-fact">${message.replica}</span>` : nothing}
                ${message.error ? html`<span class="small is-bad-text sequence-fact">${message.error}</span>` : nothing}
              </span>
              <span class="sequence-message to-${message.lane}" aria-hidden="true"></span>
            </li>
          `
        )}
      </ol>
    </div>
  `;
}
