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

/** What is wrong with a field the service did not like: our own words if we have some, otherwise the service's. */
export function fieldSentences(problem) {
  return Object.fromEntries(
    problem.errors.map(({ field, message }) => {
      const name = field.split('.').at(-1);
      return [name, has(`field.${name}.wrong`) ? t(`field.${name}.wrong`) : message];
    })
  );
}
