import { Problem } from './api/client.js';
import { has, t } from './language.js';
import { number } from './format.js';

/** Returns a problem as a sentence in the page's language, by the problem's type, never the server's text. */
export function sentence(problem) {
  if (!(problem instanceof Problem)) return t('problem.unexpected');
  const key = `problem.${problem.type}`;
  if (has(key)) return t(key, { seconds: number(problem.retryAfter ?? 0) });
  return t(problem.isOutage ? 'problem.outage' : 'problem.refused');
}

/** Returns the message of an invalid field in the page's language; the service's messages are English. */
export function fieldSentences(problem) {
  return Object.fromEntries(
    problem.errors.map(({ field }) => {
      const name = field.split('.').at(-1);
      return [name, t(has(`field.${name}.wrong`) ? `field.${name}.wrong` : 'field.wrong')];
    })
  );
}
