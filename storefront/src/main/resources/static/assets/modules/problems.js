import { Problem } from './api/client.js';
import { has, t } from './language.js';
import { number } from './format.js';

/** A problem as a sentence for people, in the page's language; chosen by the problem's type, never the server's words. */
export function sentence(problem) {
  if (!(problem instanceof Problem)) return t('problem.unexpected');
  const key = `problem.${problem.type}`;
  if (has(key)) return t(key, { seconds: number(problem.retryAfter ?? 0) });
  return t(problem.isOutage ? 'problem.outage' : 'problem.refused');
}

/** What is wrong with a field the service did not like, in our own words: the service's are English. */
export function fieldSentences(problem) {
  return Object.fromEntries(
    problem.errors.map(({ field }) => {
      const name = field.split('.').at(-1);
      return [name, t(has(`field.${name}.wrong`) ? `field.${name}.wrong` : 'field.wrong')];
    })
  );
}
