import { html, nothing } from '../html.js';
import { t } from '../language.js';
import { elapsed, time } from '../format.js';

const LANES = ['buyer', 'orders', 'catalog', 'payments', 'others'];
/**
 * Returns what happened as messages, oldest first: `{ at, lane, text, detail, outcome, took }`. `lane` is the one at the other
 * end of order-service's; `orders` for what happens in it.
 */
export function messages(explanation, mails) {
  const { placedAt, replays, lastReplayAt, steps, changes, events } = explanation;
  const placed = { at: placedAt, lane: 'buyer', text: t('timeline.PLACED'), outcome: 'DONE' };
  const later = [
    ...(replays ? [{ at: lastReplayAt, lane: 'buyer', text: t('explain.replays', { count: replays }), outcome: 'DONE' }] : []),
    ...attempts(steps),
    ...changes
      .filter((change) => change.type !== 'PLACED')
      .map((change) => ({ at: change.at, lane: 'orders', text: t(`timeline.${change.type}`), outcome: 'CHANGE' })),
    ...events.map((event) => ({ at: event.at, lane: 'others', text: t('explain.event', { type: event.type }), outcome: 'DONE' })),
    ...mails.map((mail) => ({ at: mail.createdAt, lane: 'others', text: t('explain.mail', { kind: t(`mail.kind.${mail.kind}`) }), outcome: 'DONE' })),
  ];
  return [placed, ...later.sort((one, other) => new Date(one.at) - new Date(other.at))];
}

/** From the last to the first, since an attempt without a result says when the next one began. */
function attempts(steps) {
  const next = new Map();
  return steps
    .toReversed()
    .map((step) => {
      const message = attempt(step, next.get(step.step));
      next.set(step.step, step);
      return message;
    })
    .reverse();
}

function attempt(step, next) {
  const ended = step.endedAt ? new Date(step.endedAt) : null;
  const number =
    step.lastAttempt > step.attempt ? t('explain.attempts', { first: step.attempt, last: step.lastAttempt }) : step.attempt > 1 ? t('explain.attempt', { number: step.attempt }) : null;
  const isRepeated = ended && next && ['FAILED', 'PENDING'].includes(step.outcome);
  return {
    at: step.beganAt,
    took: ended ? ended - new Date(step.beganAt) : null,
    lane: step.participant.toLowerCase(),
    text: t(`explain.step.${step.step}`),
    detail: [number, t(`explain.outcome.${step.outcome}`), isRepeated ? t('explain.next-after', { time: elapsed(new Date(next.beganAt) - ended) }) : null].filter(Boolean).join(' · '),
    outcome: step.outcome,
    replica: step.replica,
    error: step.outcome === 'PENDING' ? null : step.error,
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
              <time datetime=${message.at} title=${time(message.at)}>+ ${elapsed(new Date(message.at) - new Date(start))}</time>
              <span class="sequence-text">
                ${message.lane === 'orders' ? nothing : html`<span class="visually-hidden">${t(`explain.lane.${message.lane}`)}: </span>`}${message.text}
                <span class="soft small">
                  ${message.detail ?? nothing}${message.took === null || message.took === undefined ? nothing : ` · ${t('explain.took', { time: elapsed(message.took) })}`}
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
